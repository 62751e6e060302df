package ddbtest

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// seed is a table to make, and its items.
type seed struct {
	table *dynamodb.CreateTableInput
	items []map[string]types.AttributeValue
}

// before is how much earlier than now seeded tables are made where tables take their time, so that they are there when the
// DB is handed out. A realistic table takes 3 s.
const before = time.Minute

// clock is the DB's, set back while seeded tables are made.
type clock struct {
	now  func() time.Time
	back atomic.Bool
}

func (c *clock) time() time.Time {
	t := c.now()
	if c.back.Load() {
		t = t.Add(-before)
	}
	return t
}

// seed makes the tables of the options and fills them. No fault meets the calls that do.
func (db *DB) seed(s *settings, c *clock) error {
	if len(s.tables) == 0 {
		return nil
	}
	defer s.Faults.Hold()()
	ctx, client := context.Background(), db.Client()
	for i, t := range s.tables {
		in := *t.table
		if aws.ToString(in.TableName) == "" {
			return fmt.Errorf("table %d of the options has no TableName", i+1)
		}
		if in.BillingMode == "" && in.ProvisionedThroughput == nil {
			in.BillingMode = types.BillingModePayPerRequest
		}
		if _, err := client.CreateTable(ctx, &in); err != nil {
			return fmt.Errorf("table %s: %w", aws.ToString(in.TableName), err)
		}
	}
	c.back.Store(false)
	for _, t := range s.tables {
		for i, item := range t.items {
			if _, err := client.PutItem(ctx, &dynamodb.PutItemInput{TableName: t.table.TableName, Item: item}); err != nil {
				return fmt.Errorf("table %s: item %d: %w", aws.ToString(t.table.TableName), i+1, err)
			}
		}
	}
	return nil
}
