// Package bulk holds the operations that put many items from S3 into an existing table.
package bulk
