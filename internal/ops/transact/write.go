package transact

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
)

// WriteInput lists up to 100 puts, updates, deletes and condition checks.
type WriteInput struct {
	TransactItems      []types.TransactWriteItem `json:"transact_items" flag:"transact-items" help:"the actions, as the API spells them"`
	ClientRequestToken string                    `json:"client_request_token,omitempty" flag:"client-request-token" help:"makes a repetition within ten minutes harmless"`
	op.Accounting
	op.Collections
	op.Region
}

// Write does up to 100 puts, updates, deletes and checks together, or none of them.
var Write = op.New(op.Spec{
	Tool: "transact_write_items", Title: "Write items in a transaction", Use: "item transact-write",
	Short:   "Do up to 100 writes and checks together, or none",
	API:     "TransactWriteItems",
	Toolset: "item", Actions: []string{"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"},
	Effect: op.Destroy,
}, write, op.Table(writeTables), op.EffectOf(writeEffect))

func writeTables(in *WriteInput) []string {
	var tables []string
	for _, i := range in.TransactItems {
		for _, t := range []*string{
			tableOf(i.Put, func(p *types.Put) *string { return p.TableName }),
			tableOf(i.Update, func(u *types.Update) *string { return u.TableName }),
			tableOf(i.Delete, func(d *types.Delete) *string { return d.TableName }),
			tableOf(i.ConditionCheck, func(c *types.ConditionCheck) *string { return c.TableName }),
		} {
			if t != nil {
				tables = append(tables, aws.ToString(t))
			}
		}
	}
	return tables
}

func tableOf[T any](action *T, name func(*T) *string) *string {
	if action == nil {
		return nil
	}
	return name(action)
}

// writeEffect is Read for checks alone, Destroy where an item is deleted.
func writeEffect(in *WriteInput) (op.Effect, error) {
	effect := op.Read
	for _, i := range in.TransactItems {
		if i.Put != nil || i.Update != nil {
			effect = max(effect, op.Write)
		}
		if i.Delete != nil {
			effect = op.Destroy
		}
	}
	return effect, nil
}

func write(ctx context.Context, env *op.Env, in *WriteInput) (*dynamodb.TransactWriteItemsOutput, error) {
	c, err := env.Clients(ctx, in.RegionName)
	if err != nil {
		return nil, err
	}
	req := op.Request[dynamodb.TransactWriteItemsInput](in)
	req.ReturnConsumedCapacity = in.Capacity()
	req.TransactItems = make([]types.TransactWriteItem, len(in.TransactItems))
	for i, item := range in.TransactItems {
		req.TransactItems[i] = withOldItem(item)
	}
	return c.DynamoDB.TransactWriteItems(ctx, req)
}

// withOldItem asks for the item as it was where the action's condition fails, unless the caller chose: it comes back
// with the reasons of the cancellation.
func withOldItem(item types.TransactWriteItem) types.TransactWriteItem {
	const old = types.ReturnValuesOnConditionCheckFailureAllOld
	switch {
	case item.Put != nil && item.Put.ReturnValuesOnConditionCheckFailure == "":
		put := *item.Put
		put.ReturnValuesOnConditionCheckFailure = old
		item.Put = &put
	case item.Update != nil && item.Update.ReturnValuesOnConditionCheckFailure == "":
		update := *item.Update
		update.ReturnValuesOnConditionCheckFailure = old
		item.Update = &update
	case item.Delete != nil && item.Delete.ReturnValuesOnConditionCheckFailure == "":
		remove := *item.Delete
		remove.ReturnValuesOnConditionCheckFailure = old
		item.Delete = &remove
	case item.ConditionCheck != nil && item.ConditionCheck.ReturnValuesOnConditionCheckFailure == "":
		check := *item.ConditionCheck
		check.ReturnValuesOnConditionCheckFailure = old
		item.ConditionCheck = &check
	}
	return item
}
