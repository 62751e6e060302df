// Package tag holds the operations on tags.
package tag
