package dynamo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/ddb-cli/ddb/internal/nearest"
	"github.com/ddb-cli/ddb/internal/op"
)

// suggestTime bounds the look at the table names for a suggestion: an error must not wait for its hint.
const suggestTime = time.Second

// Explain is AsError with what the call was about: a table that is not there is named, with the place looked in and
// the name that was perhaps meant. It has the signature of op.Env.Explain.
func (f *Factory) Explain(ctx context.Context, failed op.Failure) *op.Error {
	e := AsError(failed.Err)
	if e.Code != "ResourceNotFoundException" && e.Code != "TableNotFoundException" || len(failed.Tables) == 0 {
		return e
	}
	if _, done := errors.AsType[*op.Error](failed.Err); done {
		return e // explained already, by an operation inside this one
	}
	c, err := f.Clients(ctx, failed.Region)
	if err != nil {
		return e
	}
	names, err := tableNames(ctx, c)
	if err != nil {
		return e
	}
	for _, table := range failed.Tables {
		if slices.Contains(names, table) {
			continue
		}
		e.Brief = fmt.Sprintf("table %q not found in %s", table, place(c))
		e.Hint = "see the tables with list_tables (ddb table list); the region may be another"
		names = slices.DeleteFunc(names, func(n string) bool { return failed.Allowed != nil && !failed.Allowed(n) })
		if near := nearest.Name(table, names); near != "" {
			e.Hint = fmt.Sprintf("did you mean %q?", near)
		}
		return e
	}
	return e
}

func place(c *op.Clients) string {
	switch {
	case c.Embedded:
		return c.Region + " (local)"
	case c.Profile != "":
		return c.Region + " (profile " + c.Profile + ")"
	}
	return c.Region
}

func tableNames(ctx context.Context, c *op.Clients) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, suggestTime)
	defer cancel()
	out, err := c.DynamoDB.ListTables(ctx, &dynamodb.ListTablesInput{}, func(o *dynamodb.Options) { o.RetryMaxAttempts = 1 })
	if err != nil {
		return nil, err
	}
	return out.TableNames, nil
}
