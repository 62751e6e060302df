package engine

import "github.com/ddb-cli/ddb/internal/engine/catalog"

type describeTableInput struct {
	TableName string `wire:"TableName,required,alone,table"`
}

type describeTableOutput struct {
	Table *tableDescription `wire:"Table"`
}

func describeTable(c *call, in *describeTableInput) (*describeTableOutput, error) {
	t, err := c.anyTable(in.TableName)
	if err != nil {
		return nil, err
	}
	d, err := c.e.describe(t)
	if err != nil {
		return nil, err
	}
	if t.Status == catalog.Deleting {
		d.leaving()
	}
	return &describeTableOutput{d}, nil
}

type listTablesInput struct {
	ExclusiveStartTableName *string `wire:"ExclusiveStartTableName,pattern=[a-zA-Z0-9_.-]+,min=3,max=255"`
	Limit                   *int32  `wire:"Limit,min=1,max=100"`
}

type listTablesOutput struct {
	TableNames             []string `wire:"TableNames"`
	LastEvaluatedTableName string   `wire:"LastEvaluatedTableName"`
}

// maxTableNames is the largest page of table names, and the page of who asks for none (API reference, ListTables: Limit).
const maxTableNames = 100

func listTables(c *call, in *listTablesInput) (*listTablesOutput, error) {
	limit := maxTableNames
	if in.Limit != nil {
		limit = int(*in.Limit)
	}
	out := &listTablesOutput{TableNames: []string{}}
	for _, t := range c.e.catalog.Tables(c.namespace, c.region) {
		if in.ExclusiveStartTableName != nil && t.Name <= *in.ExclusiveStartTableName {
			continue
		}
		if len(out.TableNames) == limit {
			out.LastEvaluatedTableName = out.TableNames[limit-1]
			break
		}
		out.TableNames = append(out.TableNames, t.Name)
	}
	return out, nil
}
