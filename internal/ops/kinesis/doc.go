// Package kinesis holds the operations on Kinesis data streams that a table's changes are sent to.
package kinesis
