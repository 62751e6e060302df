package engine_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/engine"
)

func TestImportCountsWhatIsWrong(t *testing.T) {
	root := t.TempDir()
	_, c := open(t, engine.Options{S3Root: root})
	if err := os.MkdirAll(filepath.Join(root, "my-bucket", "in"), 0o755); err != nil {
		t.Fatal(err)
	}
	lines := []string{
		`{"Item":{"pk":{"S":"a"},"sk":{"N":"1"},"city":{"S":"x"}}}`,
		`{"Item":{"pk":{"S":"a"},"sk":{"N":"01.0"},"city":{"S":"y"}}}`, // the same key again
		`{"Item":{"pk":{"S":"a"}}}`,
		`{"Item":{"pk":{"S":"a"},"sk":{"S":"1"}}}`,
		`{"Item":{"pk":{"S":"a"},"sk":{"N":"2"},"city":{"N":"3"}}}`,
		`{"Item":{"pk":{"S":"a"},"sk":{"N":"x"}}}`,
		`{"item":{}}`,
		`{"Item":{"pk":{"S":"b"},"sk":{"N":"1"}}}`,
		`not json`,
		`{"Item":{"pk":{"S":"behind what cannot be read"},"sk":{"N":"1"}}}`,
	}
	if err := os.WriteFile(filepath.Join(root, "my-bucket", "in", "a.json"), []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	d := imported(t, c, placesImport("Some", "in/", "NONE"))
	wantCounts(t, d, 9, 3, 6)
	if diff := cmp.Diff(map[string]string{"[pk=a sk=1]": "pk=a sk=1 city=y", "[pk=b sk=1]": "pk=b sk=1"}, contents(t, c, "Some", "")); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if table := describe(t, c, "Some"); *table.ItemCount != 2 || *table.GlobalSecondaryIndexes[0].ItemCount != 1 {
		t.Errorf("counts: %d and %d", *table.ItemCount, *table.GlobalSecondaryIndexes[0].ItemCount)
	}

	wantCounts(t, imported(t, c, placesImport("Zipped", "in/", "GZIP")), 1, 0, 1)
	if table := describe(t, c, "Zipped"); table.TableStatus != "ACTIVE" {
		t.Errorf("the table of an import without any good record: %+v", table)
	}
	_, err := c.ImportTable(t.Context(), placesImport("Some", "in/", "GZIP"))
	wantError(t, err, "ResourceInUseException", "Table already exists: Some")
	used := placesImport("Other", "in/", "NONE")
	used.ClientToken = aws.String("Some")
	_, err = c.ImportTable(t.Context(), used)
	wantError(t, err, "ImportConflictException", "Import conflict: Duplicate request detected with conflicting parameters")
	wantCounts(t, imported(t, c, placesImport("None", "nothing-here/", "NONE")), 0, 0, 0)
	if table := describe(t, c, "None"); table.TableStatus != "ACTIVE" || *table.ItemCount != 0 {
		t.Errorf("the table of an import of nothing: %+v", table)
	}
	nowhere := placesImport("Nowhere", "in/", "NONE")
	nowhere.S3BucketSource.S3Bucket = aws.String("no-such-bucket")
	if d := imported(t, c, nowhere); d.ImportStatus != "FAILED" || *d.FailureCode != "S3NoSuchBucket" || d.TableId == nil {
		t.Errorf("an import of a bucket that is not there: %+v", d)
	}
	_, err = c.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String("Nowhere")})
	wantError(t, err, "ResourceNotFoundException", "Requested resource not found: Table: Nowhere not found")
	options := placesImport("Options", "in/", "NONE")
	options.InputFormatOptions = &types.InputFormatOptions{Csv: &types.CsvOptions{Delimiter: aws.String(";")}}
	_, err = c.ImportTable(t.Context(), options)
	wantError(t, err, "ValidationException", "Invalid Request: Unsupported InputFormatOptions for the given input format: DYNAMODB_JSON.")
	if want := "arn:aws:logs:eu-west-1:000000000000:log-group:/aws-dynamodb/imports:*"; *d.CloudWatchLogGroupArn != want {
		t.Errorf("log group %s, want %s", *d.CloudWatchLogGroupArn, want)
	}
}
