// Package globaltable holds the operations on global tables of the version of 2017, which AWS advises to leave for the one of 2019: there replicas
// are a part of UpdateTable, and package table has it.
package globaltable
