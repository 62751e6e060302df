package mcp

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/mark3labs/mcp-go/client"

	"github.com/ddb-cli/ddb/internal/ops/batch"
)

// TestErrorsFit sees that an error with the items of failed conditions stays within the limit, says what is left out, and keeps
// its message and the small attributes.
func TestErrorsFit(t *testing.T) {
	const limit = 3000
	c := localClient(t, func(o *Options) { o.MaxResultBytes, o.Toolsets = limit, []string{toolsetAll} })
	library(t, c, 3)
	big := fmt.Sprintf(`{"table_name":"books","item":{"shelf":{"S":"a"},"n":{"N":"9"},"author":{"S":"x"},"text":{"S":%q},"tags":{"SS":["a"]}}}`, strings.Repeat("w", 390_000))
	if result := callTool(t.Context(), t, c, "put_item", big); result.IsError {
		t.Fatal(textOf(t, result))
	}
	const condition = `"condition_expression":"author = :a","expression_attribute_values":{":a":{"S":"nobody"}}`
	action := func(n int) string {
		return fmt.Sprintf(`{"Delete":{"TableName":"books","Key":{"shelf":{"S":"a"},"n":{"N":"%d"}},"ConditionExpression":"author = :a","ExpressionAttributeValues":{":a":{"S":"nobody"}},"ReturnValuesOnConditionCheckFailure":"ALL_OLD"}}`, n)
	}
	for _, k := range []struct{ tool, args, message string }{
		{"delete_item", `{"table_name":"books","key":{"shelf":{"S":"a"},"n":{"N":"9"}},` + condition + `}`, "The conditional request failed"},
		{"transact_write_items", `{"transact_items":[` + action(0) + `,` + action(1) + `,` + action(2) + `,` + action(9) + `]}`, "Transaction cancelled"},
		{"execute_statement", `{"statement":"DELETE FROM books WHERE shelf='a' AND n=9 AND author='nobody'"}`, "The conditional request failed"},
	} {
		result := callTool(t.Context(), t, c, k.tool, k.args)
		text := textOf(t, result)
		var answer struct{ Error failure }
		if err := json.Unmarshal([]byte(text), &answer); err != nil || !result.IsError || len(text) > limit {
			t.Errorf("%s: %v, %d bytes: %.900s", k.tool, err, len(text), text)
			continue
		}
		f := answer.Error
		if !strings.HasPrefix(f.Message, k.message) || strings.Contains(f.Message, "cut:") || !f.Truncated || f.Hint == nil || !strings.Contains(*f.Hint, "get_item") {
			t.Errorf("%s: %.900s", k.tool, text)
		}
		if len(f.LeftOut) == 0 || !strings.Contains(f.LeftOut[0], "text (390") {
			t.Errorf("%s leaves out %q", k.tool, f.LeftOut)
		}
		if !strings.Contains(text, `"shelf"`) {
			t.Errorf("%s: the small attributes are gone too: %.900s", k.tool, text)
		}
	}
}

// An error that is large by its words alone is cut in them.
func TestErrorsOfManyWordsFit(t *testing.T) {
	const limit = 1500
	c := localClient(t, func(o *Options) { o.MaxResultBytes = limit })
	library(t, c, 1)
	result := callTool(t.Context(), t, c, "get_item", `{"table_name":"books","key":{},"`+strings.Repeat("k", 5000)+`":1}`)
	if text := textOf(t, result); !result.IsError || len(text) > limit || !json.Valid([]byte(text)) || !strings.Contains(text, "(cut: ") {
		t.Errorf("%d bytes: %.2000s", len(text), text)
	}
}

// gather calls a tool until next gives no further arguments, and counts the numbers n of all items it saw.
func gather(t *testing.T, c *client.Client, limit int, tool, args string, next func(text string) string) (seen map[string]bool, cuts int) {
	t.Helper()
	seen = map[string]bool{}
	for calls := 0; args != ""; calls++ {
		result := callTool(t.Context(), t, c, tool, args)
		text := textOf(t, result)
		if result.IsError || len(text) > limit || calls > 100 {
			t.Fatalf("%s %s: call %d, %d bytes: %.900s", tool, args, calls, len(text), text)
		}
		if strings.Contains(text, `"truncated": true`) {
			cuts++
		}
		for rest := text; ; {
			_, after, ok := strings.Cut(rest, `"mark": {`)
			if !ok {
				break
			}
			_, after, _ = strings.Cut(after, `"N": "`)
			mark, after, _ := strings.Cut(after, `"`)
			if seen[mark] {
				t.Errorf("%s: item %s comes twice", tool, mark)
			}
			seen[mark], rest = true, after
		}
		args = next(text)
	}
	return seen, cuts
}

// marked fills the library's table with n items that each say who they are outside of their key.
func marked(t *testing.T, c *client.Client, n int) {
	t.Helper()
	library(t, c, 0)
	for i := range n {
		put := fmt.Sprintf(`{"table_name":"books","item":{"shelf":{"S":"a"},"n":{"N":"%d"},"mark":{"N":"%d"},"text":{"S":%q}}}`, i, i, strings.Repeat("w", 500+i*40))
		if result := callTool(t.Context(), t, c, "put_item", put); result.IsError {
			t.Fatal(textOf(t, result))
		}
	}
}

// memberOf is one member of a result, "" where it is null or not there.
func memberOf(t *testing.T, text, name string) string {
	t.Helper()
	var all map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		t.Fatal(err)
	}
	if raw := string(all[name]); raw != "null" && raw != "{}" {
		return raw
	}
	return ""
}

// TestAnswersAreCutWhereTheyGoOn reads everything by answers that are each cut to the limit: nothing is lost and nothing comes
// twice.
func TestAnswersAreCutWhereTheyGoOn(t *testing.T) {
	const limit, items = 9000, 40
	c := localClient(t, func(o *Options) { o.MaxResultBytes, o.Toolsets = limit, []string{toolsetAll} })
	marked(t, c, items)
	check := func(what string, seen map[string]bool, cuts int) {
		t.Helper()
		if len(seen) != items || cuts < 3 {
			t.Errorf("%s: %d of %d items, cut %d times", what, len(seen), items, cuts)
		}
	}

	var keys []string
	for i := range items {
		keys = append(keys, fmt.Sprintf(`{"shelf":{"S":"a"},"n":{"N":"%d"}}`, i))
	}
	seen, cuts := gather(t, c, limit, "batch_get_item", `{"request_items":{"books":{"Keys":[`+strings.Join(keys, ",")+`]}}}`, func(text string) string {
		if later := memberOf(t, text, "UnprocessedKeys"); later != "" {
			return `{"request_items":` + later + `}`
		}
		return ""
	})
	check("batch_get_item", seen, cuts)

	for _, statement := range []string{`SELECT * FROM books`, `SELECT * FROM books WHERE shelf='a'`, `SELECT * FROM books WHERE mark >= 0`} {
		seen, cuts = gather(t, c, limit, "execute_statement", `{"statement":"`+statement+`"}`, func(text string) string {
			if token := memberOf(t, text, "NextToken"); token != "" {
				return `{"statement":"` + statement + `","next_token":` + token + `}`
			}
			return ""
		})
		check(statement, seen, cuts)
	}

	statements := func(from int) string {
		var list []string
		for i := from; i < min(items, from+25); i++ {
			list = append(list, fmt.Sprintf(`{"Statement":"SELECT * FROM books WHERE shelf='a' AND n=%d"}`, i))
		}
		if list == nil {
			return ""
		}
		return `{"statements":[` + strings.Join(list, ",") + `]}`
	}
	from := 0
	seen, cuts = gather(t, c, limit, "batch_execute_statement", statements(0), func(text string) string {
		var list []json.RawMessage
		if err := json.Unmarshal([]byte(memberOf(t, text, "Responses")), &list); err != nil {
			t.Fatal(err)
		}
		from += len(list)
		return statements(from)
	})
	check("batch_execute_statement", seen, cuts)
}

// TestRecordsAreCut reads a stream whose records do not fit together, and one of which does not fit alone.
func TestRecordsAreCut(t *testing.T) {
	const limit, items = 9000, 30
	c := localClient(t, func(o *Options) { o.MaxResultBytes, o.Toolsets = limit, []string{toolsetAll} })
	library(t, c, 0)
	call := func(tool, args string) string {
		t.Helper()
		result := callTool(t.Context(), t, c, tool, args)
		if result.IsError {
			t.Fatal(textOf(t, result))
		}
		return textOf(t, result)
	}
	call("update_table", `{"table_name":"books","stream_specification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"}}`)
	for i := range items {
		size := 700
		if i == 7 {
			size = 300_000
		}
		call("put_item", fmt.Sprintf(`{"table_name":"books","item":{"shelf":{"S":"a"},"n":{"N":"%d"},"mark":{"N":"%d"},"text":{"S":%q}}}`, i, i, strings.Repeat("w", size)))
	}
	var streams struct{ Streams []struct{ StreamArn string } }
	if err := json.Unmarshal([]byte(call("list_streams", `{"table_name":"books"}`)), &streams); err != nil {
		t.Fatal(err)
	}
	arn := streams.Streams[0].StreamArn
	var described struct {
		StreamDescription struct{ Shards []struct{ ShardId string } }
	}
	if err := json.Unmarshal([]byte(call("describe_stream", `{"stream_arn":"`+arn+`"}`)), &described); err != nil {
		t.Fatal(err)
	}
	all, cuts, elided := map[string]bool{}, 0, 0
	for _, shard := range described.StreamDescription.Shards {
		start := memberOf(t, call("get_shard_iterator", `{"stream_arn":"`+arn+`","shard_id":"`+shard.ShardId+`","shard_iterator_type":"TRIM_HORIZON"}`), "ShardIterator")
		seen, n := gather(t, c, limit, "get_records", `{"shard_iterator":`+start+`}`, func(text string) string {
			if strings.Contains(text, `"left_out"`) {
				if elided++; !strings.Contains(text, "NewImage.text (300") || !strings.Contains(text, "get_item") || !strings.Contains(text, `"Keys"`) {
					t.Errorf("a record without its largest attribute: %s", text)
				}
			}
			if next := memberOf(t, text, "NextShardIterator"); next != "" && memberOf(t, text, "Records") != "[]" {
				return `{"shard_iterator":` + next + `}`
			}
			return ""
		})
		for mark := range seen {
			all[mark] = true
		}
		cuts += n
	}
	if len(all) != items || cuts < 3 || elided != 1 {
		t.Errorf("%d of %d records, cut %d times, %d with something left out", len(all), items, cuts, elided)
	}
}

// What no later call could bring is refused, with what would make it fit.
func TestWhatIsOneAnswerIsRefused(t *testing.T) {
	c := localClient(t, func(o *Options) { o.MaxResultBytes, o.Toolsets = 900, []string{toolsetAll} })
	library(t, c, 3)
	get := func(n int) string {
		return fmt.Sprintf(`{"Get":{"TableName":"books","Key":{"shelf":{"S":"a"},"n":{"N":"%d"}}}}`, n)
	}
	for _, k := range []struct{ tool, args, want string }{
		{"transact_get_items", `{"transact_items":[` + get(0) + `,` + get(1) + `]}`, "fewer items at once"},
		{"batch_get_item", `{"request_items":{"books":{"Keys":[{"shelf":{"S":"a"},"n":{"N":"1"}}]}}}`, "a single item does not fit"},
		{"batch_get_item", `{"request_items":{"books":{"ProjectionExpression":"#t","ExpressionAttributeNames":{"#t":"text"},"Keys":[{"shelf":{"S":"a"},"n":{"N":"1"}},{"shelf":{"S":"a"},"n":{"N":"2"}}]}}}`, "add the key's attributes to ProjectionExpression"},
		{"execute_statement", `{"statement":"SELECT * FROM books"}`, "select fewer attributes"},
		{"batch_execute_statement", `{"statements":[{"Statement":"SELECT * FROM books WHERE shelf='a' AND n=0"}]}`, "the first statement does not fit"},
	} {
		result := callTool(t.Context(), t, c, k.tool, k.args)
		if text := textOf(t, result); !result.IsError || !strings.Contains(text, codeTooLarge) && !strings.Contains(text, "InvalidArgument") || !strings.Contains(text, k.want) {
			t.Errorf("%s: no %q in %s", k.tool, k.want, text)
		}
	}
}

// A batch of which the service wrote a part says which part it did not, where the items themselves do not fit.
func TestUnprocessedItemsAreTold(t *testing.T) {
	put := func(n string) types.WriteRequest {
		return types.WriteRequest{PutRequest: &types.PutRequest{Item: map[string]types.AttributeValue{"n": &types.AttributeValueMemberN{Value: n}}}}
	}
	in := &batch.WriteInput{RequestItems: map[string][]types.WriteRequest{"books": {put("1"), put("2"), put("3")}}}
	out := &dynamodb.BatchWriteItemOutput{UnprocessedItems: map[string][]types.WriteRequest{"books": {put("3"), put("1")}}}
	c := cutting{in: in, out: out}
	notes, err := c.shorten(t.Context(), 1_000_000)
	if err != nil || !strings.Contains(notes, `"unprocessed":{"books":[0,2]}`) || len(out.UnprocessedItems) != 0 {
		t.Errorf("%v: %s, and %d tables", err, notes, len(out.UnprocessedItems))
	}
}
