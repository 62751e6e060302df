// Package replica holds the operations on the auto scaling of tables and their replicas, in every region at once. Replicas themselves are a part of
// UpdateTable, in package table.
package replica
