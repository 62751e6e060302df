// Package kinesis holds the operations on Kinesis data streams that a table's changes are sent to: enable, update, disable, describe. Package stream has
// the streams of DynamoDB itself.
package kinesis
