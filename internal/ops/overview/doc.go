// Package overview holds operations made of several others, for who wants to see a table at once or to be told how to
// go about a task.
package overview
