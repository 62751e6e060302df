// Package s3export holds the operations on exports of tables to S3: start, describe, list. They need point-in-time recovery to be on.
package s3export
