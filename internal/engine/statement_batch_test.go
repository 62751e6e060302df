package engine_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
)

func TestBatchExecute(t *testing.T) {
	c := statementTables(t)
	batch := func(statements ...string) (*dynamodb.BatchExecuteStatementOutput, error) {
		in := &dynamodb.BatchExecuteStatementInput{}
		for _, s := range statements {
			in.Statements = append(in.Statements, types.BatchStatementRequest{Statement: &s, ReturnValuesOnConditionCheckFailure: "ALL_OLD"})
		}
		return c.BatchExecuteStatement(t.Context(), in)
	}
	member := func(r types.BatchStatementResponse) string {
		out := aws.ToString(r.TableName) + " " + lineOf(r.Item)
		if r.Error != nil {
			out += fmt.Sprintf(" %s: %s %s", r.Error.Code, aws.ToString(r.Error.Message), lineOf(r.Error.Item))
		}
		return strings.TrimSpace(out)
	}
	for _, x := range []struct{ statements, want []string }{
		{
			[]string{"SELECT n FROM Simple WHERE pk = 'p1'", "SELECT n FROM Simple WHERE pk = 'none'", "SLECT * FROM Simple", "SELECT * FROM Nope WHERE pk = 'a'", "SELECT * FROM Simple", "SELECT n FROM Simple WHERE pk = 'p2' AND n = 2"},
			[]string{
				"Simple n=1", "Simple", "ValidationError: Statement wasn't well formed, can't be processed: Expected data manipulation",
				"Nope  ResourceNotFound: Requested resource not found",
				"ValidationError: Select statements within BatchExecuteStatement must specify the primary key in the where clause.",
				"ValidationError: Select statements within BatchExecuteStatement must specify the primary key in the where clause.",
			},
		},
		{
			[]string{
				"INSERT INTO Simple VALUE {'pk': 'p1'}", "INSERT INTO Simple VALUE {'pk': 'new'}", "UPDATE Simple SET n = 5 WHERE pk = 'none'",
				"UPDATE Sorted SET n = 5 WHERE pk = 'p1' AND sk = 7 AND n = 6", "DELETE FROM Sorted WHERE pk = 'p2' AND sk = 2 RETURNING ALL OLD *",
			},
			[]string{
				"Simple  DuplicateItem: Duplicate primary key exists in table", "Simple", "Simple  ConditionalCheckFailed: The conditional request failed",
				"Sorted  ConditionalCheckFailed: The conditional request failed n=7 pk=p1 sk=7", "Sorted g=g l=[1 x] m={a=1} n=2 nil=null pk=p2 s=hello sk=2 ss=<a b>",
			},
		},
	} {
		out, err := batch(x.statements...)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range out.Responses {
			got = append(got, member(r))
		}
		if diff := cmp.Diff(x.want, got); diff != "" {
			t.Errorf("responses (-want +got):\n%s", diff)
		}
	}
	_, err := batch("SELECT * FROM Simple WHERE pk = 'p1'", "DELETE FROM Simple WHERE pk = 'p2'")
	wantError(t, err, "ValidationException", "Read and write requests together in the same batch is not supported.")
	_, err = batch("DELETE FROM Simple WHERE pk = 'p2'", "DELETE FROM Simple WHERE pk = 'p2'")
	wantError(t, err, "ValidationException", "Provided list of item keys contains duplicates")
}

func TestExecuteTransaction(t *testing.T) {
	c := statementTables(t)
	run := func(token string, statements ...string) (*dynamodb.ExecuteTransactionOutput, error) {
		in := &dynamodb.ExecuteTransactionInput{ReturnConsumedCapacity: "TOTAL"}
		if token != "" {
			in.ClientRequestToken = &token
		}
		for _, s := range statements {
			in.TransactStatements = append(in.TransactStatements, types.ParameterizedStatement{Statement: &s})
		}
		return c.ExecuteTransaction(t.Context(), in)
	}
	out, err := run("", "SELECT n FROM Simple WHERE pk = 'p1'", "SELECT n FROM Simple WHERE pk = 'none'")
	if err != nil || len(out.Responses) != 2 || lineOf(out.Responses[0].Item) != "n=1" || out.Responses[1].Item != nil {
		t.Errorf("reads: %+v, %v", out, err)
	}
	for range 2 {
		_, err = run("token", "EXISTS(SELECT * FROM Simple WHERE pk = 'p2' AND n = 2)", "UPDATE Simple SET n = n + 1 WHERE pk = 'p1'", "DELETE FROM Simple WHERE pk = 'p0'", "INSERT INTO Simple VALUE {'pk': 'new'}")
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, rows := mustExecute(t, c, "SELECT n FROM Simple WHERE pk = 'p1'"); rows[0] != "n=2" {
		t.Errorf("after a transaction and its repetition: %v, want n=2", rows)
	}
	_, err = run("token", "DELETE FROM Simple WHERE pk = 'p1'")
	if _, ok := errors.AsType[*types.IdempotentParameterMismatchException](err); !ok {
		t.Errorf("the token with other statements: %v", err)
	}
	_, err = run("", "EXISTS(SELECT * FROM Simple WHERE pk = 'p2' AND n = 7)", "INSERT INTO Simple VALUE {'pk': 'new'}", "UPDATE Simple SET a = 1 WHERE pk = 'p1'", "UPDATE Simple SET a = 1 WHERE n = 1")
	_ = wantReasons(t, err, []string{"None", "None", "None", "ValidationError"},
		[]string{"", "", "", "The provided key element does not match the schema"})
	_, err = run("", "EXISTS(SELECT * FROM Simple WHERE pk = 'p2' AND n = 7)", "INSERT INTO Simple VALUE {'pk': 'new'}", "UPDATE Simple SET a = 1 WHERE pk = 'p1'")
	_ = wantReasons(t, err, []string{"ConditionalCheckFailed", "DuplicateItem", "None"},
		[]string{"The conditional request failed", "Duplicate primary key exists in table", ""})
	for _, x := range []struct {
		statements []string
		message    string
	}{
		{[]string{"SELECT * FROM Simple WHERE pk = 'p1'", "INSERT INTO Simple VALUE {'pk': 'x'}"}, "ExecuteTransaction API does not support both read and write operations in the same request."},
		{[]string{"SELECT * FROM Simple WHERE pk = 'p1'", "SELECT * FROM Simple"}, "Validation failed in TransactStatements[1]: Select statements within ExecuteTransaction must specify the primary key in the where clause."},
		{[]string{"SELECT * FROM Simple.ByGroup WHERE pk = 'p1'"}, "Validation failed in TransactStatements[0]: Reads on indices are not supported within transactions."},
		{[]string{"SELECT * FROM Simple WHERE pk = ?"}, "Validation failed in TransactStatements[0]: Number of parameters in request and statement don't match."},
		{[]string{"UPDATE Simple SET a = 1 WHERE pk = 'p2' RETURNING ALL NEW *"}, "Validation failed in TransactStatements[0]: RETURNING clause is not supported in ExecuteTransaction."},
		{[]string{"EXISTS(SELECT * FROM Simple WHERE pk = 'p2')"}, "Validation failed in TransactStatements[0]: EXISTS() must contain a single item read with additional condition"},
		{[]string{"DELETE FROM Simple WHERE pk = 'p2'", "UPDATE Simple SET a = 1 WHERE pk = 'p2'"}, "Transaction request cannot include multiple operations on one item"},
	} {
		_, err := run("", x.statements...)
		wantError(t, err, "ValidationException", x.message)
	}
}
