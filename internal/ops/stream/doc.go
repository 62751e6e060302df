// Package stream holds the operations on DynamoDB Streams: the change records of a table.
package stream
