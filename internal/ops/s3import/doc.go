// Package s3import holds the operations on imports from S3, each of which makes a table of its own: start, describe, list. Package bulk puts into a
// table that is there.
package s3import
