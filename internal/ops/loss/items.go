package loss

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/batch"
	"github.com/ddb-cli/ddb/internal/ops/item"
	ops "github.com/ddb-cli/ddb/internal/ops/partiql"
	"github.com/ddb-cli/ddb/internal/ops/transact"
	"github.com/ddb-cli/ddb/internal/partiql"
)

// item is nothing where there is no item of the key. The look at it takes a read of its size.
func (a asker) item(in *item.DeleteInput) (string, error) {
	if err := a.keys(in.TableName, in.Region, []attr.Item{in.Key}); err != nil {
		return "", err
	}
	consistent, names := true, map[string]string{"#k": in.Key[0].Name}
	got, err := item.Get.Call(a.ctx, a.env, &item.GetInput{
		TableName: in.TableName, Key: in.Key, ConsistentRead: &consistent, ProjectionExpression: "#k", ExpressionAttributeNames: names, Region: in.Region,
	})
	switch {
	case hopeless(err): // an empty text in a key, for example
		return "", err
	case err == nil && len(got.Item) == 0:
		return "", nil
	}
	return "Deletes the item " + key(in.Key) + " of the table " + quoted(in.TableName) + ".", nil
}

// items tells those of several keys that have an item: it is nothing where none has. The look at them takes a read of each.
func (a asker) items(does string, keys map[string][]attr.Item, region op.Region) (string, error) {
	left := map[string][]attr.Item{}
	for name, list := range keys {
		if err := a.keys(name, region, list); err != nil {
			return "", err
		}
		kept, err := a.present(name, list, region)
		if err != nil {
			return "", err
		}
		if len(kept) > 0 {
			left[op.TableName(name)] = append(left[op.TableName(name)], kept...)
		}
	}
	if len(left) == 0 {
		return "", nil
	}
	return does + keysLoss(left) + ".", nil
}

// present are the keys that have an item, all of them where that cannot be told. The error is one that the call would meet.
func (a asker) present(name string, keys []attr.Item, region op.Region) ([]attr.Item, error) {
	if len(keys) == 0 || len(keys) > mostLooked {
		return keys, nil
	}
	asked := types.KeysAndAttributes{ConsistentRead: aws.Bool(true), ExpressionAttributeNames: map[string]string{}}
	once := map[string]bool{}
	for _, k := range keys {
		if text := oneWay(k); !once[text] { // the service takes a key once
			once[text] = true
			asked.Keys = append(asked.Keys, op.ToSDK(k))
		}
	}
	for i, part := range keys[0] {
		placeholder := fmt.Sprintf("#k%d", i)
		asked.ExpressionAttributeNames[placeholder] = part.Name
		if asked.ProjectionExpression == nil {
			asked.ProjectionExpression = aws.String(placeholder)
		} else {
			*asked.ProjectionExpression += ", " + placeholder
		}
	}
	got, err := batch.Get.Call(a.ctx, a.env, &batch.GetInput{RequestItems: map[string]types.KeysAndAttributes{name: asked}, Region: region})
	switch {
	case hopeless(err):
		return nil, err
	case err != nil || len(got.UnprocessedKeys) > 0:
		return keys, nil //nolint:nilerr // what is not known is asked about
	}
	there := map[string]bool{}
	for _, list := range got.Responses {
		for _, it := range list {
			there[oneWay(op.FromSDK(it))] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(keys), func(k attr.Item) bool { return !there[oneWay(k)] }), nil
}

// mostLooked is how many keys a BatchGetItem takes, and a transaction.
const mostLooked = 100

// oneWay is a key in the one way there is to write it.
func oneWay(k attr.Item) string {
	var text strings.Builder
	for _, part := range slices.SortedFunc(slices.Values(k), func(x, y attr.Attribute) int { return cmp.Compare(x.Name, y.Name) }) {
		v := part.Value
		if v.Kind == attr.N {
			if n, err := attr.NormalizeNumber(v.Str); err == nil {
				v.Str = n
			}
		}
		fmt.Fprintf(&text, "%q=%s;", part.Name, attr.AppendValue(nil, v))
	}
	return text.String()
}

// statementsLoss shows those of several statements that delete: the others take nothing away. It is nothing where what they would delete
// is not there.
func (a asker) statementsLoss(does string, list []statement, region op.Region) string {
	var gone []statement
	for _, s := range list {
		if s.deletes() && !a.deletesNothing(s, region) {
			gone = append(gone, s)
		}
	}
	if len(gone) == 0 {
		return ""
	}
	verb := "delete"
	if len(gone) == 1 {
		verb = "deletes"
	}
	return does + fmt.Sprintf("%d statements, of which %d %s: %s.", len(list), len(gone), verb, some(gone, statement.quoted))
}

// deletesNothing says whether a DELETE that names a whole key meets no item, by a SELECT of the same. What cannot be told is asked
// about.
func (a asker) deletesNothing(s statement, region op.Region) bool {
	read, err := partiql.Parse(s.text)
	gone, ok := read.(*partiql.Delete)
	if err != nil || !ok {
		return false
	}
	d, err := a.described(gone.From.Table, region)
	if err != nil {
		return false
	}
	named := partiql.Compared(gone.Where)
	for _, k := range d.KeySchema {
		if named[aws.ToString(k.AttributeName)] != 1 {
			return false
		}
	}
	same := &partiql.Select{From: gone.From, Where: gone.Where}
	got, err := ops.Execute.Call(a.ctx, a.env, &ops.ExecuteInput{Statement: same.String(), Parameters: s.values, ConsistentRead: aws.Bool(true), Region: region})
	return err == nil && len(got.Items) == 0 && got.NextToken == nil && len(got.LastEvaluatedKey) == 0
}

func deletedKeys(list []types.WriteRequest) []attr.Item {
	var keys []attr.Item
	for _, r := range list {
		if r.DeleteRequest != nil {
			keys = append(keys, op.FromSDK(r.DeleteRequest.Key))
		}
	}
	return keys
}

func transactedKeys(in *transact.WriteInput) map[string][]attr.Item {
	keys := map[string][]attr.Item{}
	for _, t := range in.TransactItems {
		if t.Delete != nil {
			name := aws.ToString(t.Delete.TableName)
			keys[name] = append(keys[name], op.FromSDK(t.Delete.Key))
		}
	}
	return keys
}
