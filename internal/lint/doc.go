// Package lint holds the rules about the tree as a whole, as tests: who may import whom, how long a file may be, which
// words a finished file does not hold, and that the release files name what exists. A rule that fails says what to do.
package lint
