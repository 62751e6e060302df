// Package replica holds the operations on the auto scaling of tables and their replicas.
package replica
