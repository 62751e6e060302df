package partiql

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/partiql"
)

func tables(in *ExecuteInput) ([]string, error) { return tablesOf(in.Statement) }

func effect(in *ExecuteInput) (op.Effect, error) { return worst(in.Statement) }

func batchTables(in *BatchExecuteInput) ([]string, error) { return tablesOf(in.texts()...) }

func batchEffect(in *BatchExecuteInput) (op.Effect, error) { return worst(in.texts()...) }

func transactionTables(in *ExecuteTransactionInput) ([]string, error) { return tablesOf(in.texts()...) }

func transactionEffect(in *ExecuteTransactionInput) (op.Effect, error) { return worst(in.texts()...) }

func (in *BatchExecuteInput) texts() []string {
	all := make([]string, len(in.Statements))
	for i, s := range in.Statements {
		all[i] = aws.ToString(s.Statement)
	}
	return all
}

func (in *ExecuteTransactionInput) texts() []string {
	all := make([]string, len(in.TransactStatements))
	for i, s := range in.TransactStatements {
		all[i] = aws.ToString(s.Statement)
	}
	return all
}

// tablesOf are those the statements name; one that cannot be read may touch any.
func tablesOf(statements ...string) ([]string, error) {
	var all []string
	for _, text := range statements {
		s, err := partiql.Parse(text)
		if err != nil {
			return nil, err
		}
		all = append(all, partiql.Tables(s)...)
	}
	return all, nil
}

// worst is the greatest effect of the statements: Read for a SELECT, Destroy for a DELETE. What cannot be read is Destroy too
// if it could be a DELETE; without that word it destroys nothing, and nobody is asked about a mistyped SELECT.
func worst(statements ...string) (op.Effect, error) {
	effect := op.Read
	for _, text := range statements {
		s, err := partiql.Parse(text)
		switch {
		case err != nil && !strings.Contains(strings.ToUpper(text), "DELETE"):
			effect = max(effect, op.Write)
		case err != nil:
			return op.Destroy, err
		case partiql.IsRead(s):
		case partiql.IsDelete(s):
			effect = op.Destroy
		default:
			effect = max(effect, op.Write)
		}
	}
	return effect, nil
}
