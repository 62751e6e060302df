package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// objectItems is how many items one object of an import has.
const objectItems = 50_000

func bucketOf(items int) string { return fmt.Sprintf("items-%d", items) }

// writeObjects writes items as objects of DynamoDB JSON, one on a line.
func writeObjects(dir string, items int) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for first := 0; first < items; first += objectItems {
		f, err := os.Create(filepath.Join(dir, fmt.Sprintf("part-%08d.json", first)))
		if err != nil {
			return err
		}
		w := bufio.NewWriterSize(f, 1<<20)
		for i := first; i < min(first+objectItems, items); i++ {
			if _, err := fmt.Fprintf(w, "{\"Item\":%s}\n", itemJSON(i)); err != nil {
				return errors.Join(err, f.Close())
			}
		}
		if err := errors.Join(w.Flush(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// importFrom imports the table from a bucket and waits until it is there.
func (w *workload) importFrom(ctx context.Context, bucket string) error {
	in := createTable()
	out, err := w.client.ImportTable(ctx, &dynamodb.ImportTableInput{
		InputFormat: types.InputFormatDynamodbJson, S3BucketSource: &types.S3BucketSource{S3Bucket: aws.String(bucket)},
		TableCreationParameters: &types.TableCreationParameters{
			TableName: in.TableName, AttributeDefinitions: in.AttributeDefinitions, KeySchema: in.KeySchema, BillingMode: in.BillingMode,
		},
	})
	if err != nil {
		return err
	}
	d := out.ImportTableDescription
	for d.ImportStatus == types.ImportStatusInProgress {
		time.Sleep(100 * time.Millisecond)
		now, err := w.client.DescribeImport(ctx, &dynamodb.DescribeImportInput{ImportArn: d.ImportArn})
		if err != nil {
			return err
		}
		d = now.ImportTableDescription
	}
	if d.ImportStatus != types.ImportStatusCompleted || d.ImportedItemCount != int64(w.items) {
		return fmt.Errorf("the import is %s with %d items of %d: %s", d.ImportStatus, d.ImportedItemCount, w.items, aws.ToString(d.FailureMessage))
	}
	return nil
}
