package mcp

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/query"
)

// plainPage is an answer of Query or Scan with its items in plain JSON. The key to go on from stays DynamoDB JSON, since it
// goes into the next call as it stands.
type plainPage struct {
	Items            json.RawMessage
	Count            int32
	ScannedCount     int32
	LastEvaluatedKey map[string]types.AttributeValue
	ConsumedCapacity *types.ConsumedCapacity
}

type plainItem struct {
	Item             json.RawMessage
	ConsumedCapacity *types.ConsumedCapacity
}

// plainBatch is an answer of BatchGetItem. The keys of the next call stay DynamoDB JSON.
type plainBatch struct {
	Responses        map[string]json.RawMessage
	UnprocessedKeys  map[string]types.KeysAndAttributes
	ConsumedCapacity []types.ConsumedCapacity
}

// plainTransaction is an answer of TransactGetItems or ExecuteTransaction, with an item or nothing for each key or statement.
type plainTransaction struct {
	Responses        []plainResponse
	ConsumedCapacity []types.ConsumedCapacity
}

type plainResponse struct{ Item json.RawMessage }

// plainStatements is an answer of BatchExecuteStatement, with what each statement gave or failed with.
type plainStatements struct {
	Responses        []plainStatement
	ConsumedCapacity []types.ConsumedCapacity
}

type plainStatement struct {
	Error     *plainError
	Item      json.RawMessage
	TableName *string
}

type plainError struct {
	Code    types.BatchStatementErrorCodeEnum
	Item    json.RawMessage
	Message *string
}

// plainRows is an answer of ExecuteStatement.
type plainRows struct {
	Items            json.RawMessage
	NextToken        *string
	LastEvaluatedKey map[string]types.AttributeValue
	ConsumedCapacity *types.ConsumedCapacity
}

// plainOf gives an answer with plain items where it has items; any other stays as it is.
func plainOf(out any) any {
	switch out := out.(type) {
	case *dynamodb.QueryOutput:
		return &plainPage{plainItems(out.Items), out.Count, out.ScannedCount, out.LastEvaluatedKey, out.ConsumedCapacity}
	case *dynamodb.ScanOutput:
		return &plainPage{plainItems(out.Items), out.Count, out.ScannedCount, out.LastEvaluatedKey, out.ConsumedCapacity}
	case *dynamodb.GetItemOutput:
		if out.Item == nil {
			return out
		}
		return &plainItem{attr.AppendPlainItem(nil, op.FromSDK(out.Item)), out.ConsumedCapacity}
	case *dynamodb.BatchGetItemOutput:
		plain := &plainBatch{map[string]json.RawMessage{}, out.UnprocessedKeys, out.ConsumedCapacity}
		for name, items := range out.Responses {
			plain.Responses[name] = plainItems(items)
		}
		return plain
	case *dynamodb.TransactGetItemsOutput:
		return plainResponses(out.Responses, out.ConsumedCapacity)
	case *dynamodb.ExecuteTransactionOutput:
		return plainResponses(out.Responses, out.ConsumedCapacity)
	case *dynamodb.BatchExecuteStatementOutput:
		plain := &plainStatements{make([]plainStatement, len(out.Responses)), out.ConsumedCapacity}
		for i, r := range out.Responses {
			plain.Responses[i] = plainStatement{Item: plainOne(r.Item), TableName: r.TableName}
			if r.Error != nil {
				plain.Responses[i].Error = &plainError{r.Error.Code, plainOne(r.Error.Item), r.Error.Message}
			}
		}
		return plain
	case *dynamodb.ExecuteStatementOutput:
		return &plainRows{plainItems(out.Items), out.NextToken, out.LastEvaluatedKey, out.ConsumedCapacity}
	}
	return out
}

func plainResponses(list []types.ItemResponse, capacity []types.ConsumedCapacity) *plainTransaction {
	plain := &plainTransaction{make([]plainResponse, len(list)), capacity}
	for i, r := range list {
		plain.Responses[i].Item = plainOne(r.Item)
	}
	return plain
}

// plainOne is nil for no item, which is not written.
func plainOne(it query.Item) json.RawMessage {
	if it == nil {
		return nil
	}
	return attr.AppendPlainItem(nil, op.FromSDK(it))
}

func plainItems(items []query.Item) json.RawMessage {
	text := []byte{'['}
	for i, it := range items {
		if i > 0 {
			text = append(text, ',')
		}
		text = attr.AppendPlainItem(text, op.FromSDK(it))
	}
	return append(text, ']')
}

// largestOf names the largest attributes of an item of an answer, to be left out by a projection.
func largestOf(out any) string {
	var item map[string]types.AttributeValue
	if page, ok := query.PageOf(out); ok && len(*page.Items) > 0 {
		item = (*page.Items)[0]
	}
	switch out := out.(type) {
	case *dynamodb.GetItemOutput:
		item = out.Item
	case *dynamodb.ExecuteStatementOutput:
		item = firstOf(out.Items)
	case *dynamodb.BatchGetItemOutput:
		for _, items := range out.Responses {
			if len(items) > 0 {
				item = items[0]
			}
		}
	case *dynamodb.TransactGetItemsOutput:
		item = largestItem(out.Responses, func(r types.ItemResponse) query.Item { return r.Item })
	case *dynamodb.ExecuteTransactionOutput:
		item = largestItem(out.Responses, func(r types.ItemResponse) query.Item { return r.Item })
	case *dynamodb.BatchExecuteStatementOutput:
		item = largestItem(out.Responses, func(r types.BatchStatementResponse) query.Item { return r.Item })
	case *dynamodb.SearchVectorsOutput:
		item = largestItem(out.SearchResults, func(r types.SearchResultItem) query.Item { return r.Item })
	}
	type part struct {
		name string
		size int
	}
	var parts []part
	for _, a := range op.FromSDK(item) {
		parts = append(parts, part{a.Name, attr.ValueSize(a.Value)})
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(b.size, a.size) })
	var words []string
	for _, p := range parts[:min(3, len(parts))] {
		words = append(words, fmt.Sprintf("%q (%d bytes)", p.name, p.size))
	}
	return strings.Join(words, ", ")
}

func firstOf(items []query.Item) query.Item {
	if len(items) == 0 {
		return nil
	}
	return items[0]
}

// largestItem is the largest item of several answers.
func largestItem[R any](list []R, item func(R) query.Item) query.Item {
	var largest query.Item
	most := -1
	for _, r := range list {
		if size := attr.ItemSize(op.FromSDK(item(r))); size > most {
			largest, most = item(r), size
		}
	}
	return largest
}
