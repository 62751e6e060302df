package engine_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

// TestImportVectors builds a vector index of imported items; what is no vector is imported and left out of it.
func TestImportVectors(t *testing.T) {
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "my-bucket"), 0o700); err != nil {
		t.Fatal(err)
	}
	lines := `{"Item":{"pk":{"S":"a"},"group":{"N":"1"},"v":{"L":[{"N":"3"},{"N":"4"}]}}}
{"Item":{"pk":{"S":"b"},"group":{"N":"1"}}}`
	if err := os.WriteFile(filepath.Join(root, "my-bucket", "rows.json"), []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	_, c := open(t, engine.Options{S3Root: root})
	d := imported(t, c, &dynamodb.ImportTableInput{
		S3BucketSource: &types.S3BucketSource{S3Bucket: aws.String("my-bucket")}, InputFormat: "DYNAMODB_JSON",
		TableCreationParameters: &types.TableCreationParameters{
			TableName: aws.String("Vectors"), BillingMode: "PAY_PER_REQUEST", KeySchema: schema("pk"), AttributeDefinitions: defs("pk", "S", "group", "N"),
			VectorIndexes: []types.VectorIndex{{
				IndexName: aws.String("EUCLIDEAN"), VectorAttribute: &types.VectorAttributeDefinition{AttributeName: aws.String("v")},
				Dimensions: aws.Int64(2), DistanceFunction: "EUCLIDEAN", Projection: allOf(),
				SearchSchema: []types.SearchSchemaElement{{AttributeName: aws.String("group"), SearchSchemaElementType: "HASH"}},
			}},
		},
	})
	if d.ImportStatus != "COMPLETED" || d.ImportedItemCount != 2 {
		t.Fatalf("import %s, %d items", d.ImportStatus, d.ImportedItemCount)
	}
	if x := describe(t, c, "Vectors").VectorIndexes; len(x) != 1 || *x[0].ItemCount != 1 {
		t.Errorf("vector indexes %v", x)
	}
	if got := search(t, c, "EUCLIDEAN", "1", 5, []float32{0, 0}); len(got) != 1 || got[0].Score != 5 {
		t.Errorf("the search finds %v", got)
	}
}

// TestSearchVectorsAnswersAtMost16MB cuts an answer behind the nearest that fit.
func TestSearchVectorsAnswersAtMost16MB(t *testing.T) {
	_, c := open(t, engine.Options{})
	_, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String("Vectors"), BillingMode: "PAY_PER_REQUEST", KeySchema: schema("pk"), AttributeDefinitions: defs("pk", "S"),
		VectorIndexes: []types.VectorIndex{{
			IndexName: aws.String("All"), VectorAttribute: &types.VectorAttributeDefinition{AttributeName: aws.String("v")},
			Dimensions: aws.Int64(1), DistanceFunction: "EUCLIDEAN", Projection: allOf(),
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	big := strings.Repeat("x", 390<<10)
	for i := range 45 {
		put(t, c, "Vectors", item{"pk": str(fmt.Sprint(i)), "big": str(big), "v": &types.AttributeValueMemberL{Value: vectorOf(float32(i))}})
	}
	out, err := c.SearchVectors(t.Context(), &dynamodb.SearchVectorsInput{
		TableName: aws.String("Vectors"), IndexName: aws.String("All"), TopK: aws.Int32(100), SearchVector: vectorOf(0),
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(out.SearchResults); n != 42 {
		t.Fatalf("%d results, want the 42 that 16 MB hold", n)
	}
	for i, r := range out.SearchResults {
		if r.Score != float64(i) {
			t.Errorf("result %d has the score %v", i, r.Score)
		}
	}
}
