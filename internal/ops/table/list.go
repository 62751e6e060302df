package table

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/ddb-cli/ddb/internal/op"
)

// ListInput asks for a page of table names, at most 100, that come after a name.
type ListInput struct {
	ExclusiveStartTableName string `json:"exclusive_start_table_name,omitempty" flag:"start-after" help:"go on after this name"`
	Limit                   *int32 `json:"limit,omitempty" flag:"page-size" help:"names in one call, 1 to 100"`
	op.Region
}

// List names the tables of a region, in order. Under an allow-list it names only those.
var List = op.NewStream(op.Spec{
	Tool: "list_tables", Title: "List tables", Use: "table list",
	Short:   "List the tables of a region",
	API:     "ListTables",
	Toolset: "table", Actions: []string{"dynamodb:ListTables"},
	Effect: op.Read, Idempotent: true, Contract: true,
	Nulls: []string{"LastEvaluatedTableName"},
}, list, pages())

// pages go on behind the last name, also where a caller took only some names of a page.
func pages() op.Pages[ListInput, dynamodb.ListTablesOutput, string] {
	p := op.ListPages(
		func(out *dynamodb.ListTablesOutput) []string { return out.TableNames },
		func(in *ListInput) *string { return &in.ExclusiveStartTableName },
		func(out *dynamodb.ListTablesOutput) **string { return &out.LastEvaluatedTableName },
	)
	p.Cut = func(total, page *dynamodb.ListTablesOutput, in *ListInput, taken int) {
		if taken > 0 {
			total.LastEvaluatedTableName = &page.TableNames[taken-1]
		}
	}
	return p
}

func sameName(name string) string { return name }

func list(ctx context.Context, env *op.Env, in *ListInput) (*dynamodb.ListTablesOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	out := new(dynamodb.ListTablesOutput)
	req := op.Request[dynamodb.ListTablesInput](in)
	names, last, err := op.AllowedPage(env, in.ExclusiveStartTableName, func(start string) ([]string, string, error) {
		req.ExclusiveStartTableName = op.Optional(start)
		var err error
		if out, err = c.DynamoDB.ListTables(ctx, req); err != nil {
			return nil, "", err
		}
		return out.TableNames, aws.ToString(out.LastEvaluatedTableName), nil
	}, sameName, sameName)
	if err != nil {
		return nil, err
	}
	out.TableNames, out.LastEvaluatedTableName = names, op.Optional(last)
	return out, nil
}
