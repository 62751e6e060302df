// Package s3import holds the operations on imports from S3.
package s3import
