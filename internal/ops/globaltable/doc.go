// Package globaltable holds the operations on global tables of the version of 2017.
package globaltable
