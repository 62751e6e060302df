package engine

import (
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// TestImportOfANameThatAnotherImportMakes asks for an import while the table of its name is being filled.
func TestImportOfANameThatAnotherImportMakes(t *testing.T) {
	e, err := Open(Options{S3Root: t.TempDir(), Region: "us-west-2"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	ask := asking(t, e)
	const request = `{"S3BucketSource":{"S3Bucket":"my-bucket"},"InputFormat":"CSV","ClientToken":"second","TableCreationParameters":{"TableName":"Music",` +
		`"BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]}}`
	filling := &catalog.Table{
		Ref:        catalog.Ref{Region: "us-west-2", Name: "Music"},
		Attributes: []catalog.KeyAttribute{{Name: "pk", Type: attr.S}}, OnDemand: true,
	}
	if _, err := e.addPending(filling, nil); err != nil {
		t.Fatal(err)
	}
	if got := ask("ImportTable", request); !strings.Contains(got, `"ImportStatus":"IN_PROGRESS"`) {
		t.Errorf("the answer of the second import: %s", got)
	}
	if got := ask("ImportTable", request); !strings.Contains(got, `"FailureCode":"TableAlreadyExists"`) {
		t.Errorf("the same token again: %s", got)
	}
	if err := e.dropPending(filling); err != nil {
		t.Fatal(err)
	}
	if got := ask("ImportTable", request); !strings.Contains(got, `"FailureCode":"TableAlreadyExists"`) {
		t.Errorf("the same token when the table is gone: %s", got)
	}
}
