package engine_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/ddb-cli/ddb/internal/engine"
)

func TestOperationsNotAnsweredAreRefusedByName(t *testing.T) {
	_, c := open(t, engine.Options{})
	_, err := c.ListBulkOperations(t.Context(), &dynamodb.ListBulkOperationsInput{})
	wantError(t, err, "UnknownOperationException", "The embedded engine does not answer ListBulkOperations; it needs the DynamoDB service")
}
