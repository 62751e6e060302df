// Package s3export holds the operations on exports to S3.
package s3export
