package engine_test

import (
	"cmp"
	"errors"
	"maps"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"pgregory.net/rapid"
)

// refused reports a failed condition; any other error ends the test.
func refused(t *rapid.T, err error) bool {
	if err == nil {
		return false
	}
	_, failed := errors.AsType[*types.ConditionalCheckFailedException](err)
	_, canceled := errors.AsType[*types.TransactionCanceledException](err)
	if !failed && !canceled {
		t.Fatal(err)
	}
	return true
}

func (m *modelled) put(t *rapid.T) {
	r := modelRows.Draw(t, "row")
	in := &dynamodb.PutItemInput{TableName: m.name, Item: r.item()}
	_, there := m.rows[r.key()]
	fresh := rapid.Bool().Draw(t, "only if absent")
	if fresh {
		in.ConditionExpression = aws.String("attribute_not_exists(pk)")
	}
	_, err := m.c.PutItem(t.Context(), in)
	if got, want := refused(t, err), fresh && there; got != want {
		t.Fatalf("put of %+v refused: %v, want %v", r, got, want)
	} else if !got {
		m.rows[r.key()] = r
	}
}

func (m *modelled) delete(t *rapid.T) {
	r := modelRows.Draw(t, "row")
	out, err := m.c.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: m.name, Key: r.keyItem(), ReturnValues: "ALL_OLD"})
	if err != nil {
		t.Fatal(err)
	}
	old, there := m.rows[r.key()]
	if there && lineOf(out.Attributes) != lineOf(old.item()) || !there && len(out.Attributes) > 0 {
		t.Fatalf("deleted %q, want %+v", lineOf(out.Attributes), old)
	}
	delete(m.rows, r.key())
}

// changed is what an update that moves an item between index partitions, or out of an index, makes of it.
func (m *modelled) changed(r modelRow) (update *string, values item, after modelRow) {
	after = m.rows[r.key()]
	after.pk, after.sk, after.g = r.pk, r.sk, r.g
	text, values := "REMOVE g", item{}
	if r.g != "" {
		text, values = "SET g = :g", item{":g": str(r.g)}
	}
	if r.hasV {
		text, values[":v"] = text+" ADD v :v", num(strconv.Itoa(r.v))
		after.v, after.hasV = after.v+r.v, true
	}
	if len(values) == 0 {
		values = nil
	}
	return &text, values, after
}

func (m *modelled) update(t *rapid.T) {
	text, values, after := m.changed(modelRows.Draw(t, "row"))
	out, err := m.c.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: m.name, Key: after.keyItem(), UpdateExpression: text, ExpressionAttributeValues: values, ReturnValues: "ALL_NEW",
	})
	if err != nil {
		t.Fatal(err)
	}
	if lineOf(out.Attributes) != lineOf(after.item()) {
		t.Fatalf("%s gives %q, want %+v", *text, lineOf(out.Attributes), after)
	}
	m.rows[after.key()] = after
}

// severalRows are rows with different keys.
func severalRows(t *rapid.T) []modelRow {
	return rapid.SliceOfNDistinct(modelRows, 1, 6, modelRow.key).Draw(t, "rows")
}

func (m *modelled) batch(t *rapid.T) {
	var requests []types.WriteRequest
	for _, r := range severalRows(t) {
		if rapid.Bool().Draw(t, "delete") {
			requests = append(requests, deleteOf(r.keyItem()))
			delete(m.rows, r.key())
		} else {
			requests = append(requests, putOf(r.item()))
			m.rows[r.key()] = r
		}
	}
	if _, err := m.c.BatchWriteItem(t.Context(), &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{*m.name: requests}}); err != nil {
		t.Fatal(err)
	}
}

// transact carries out several actions, or none when the condition of one does not hold.
func (m *modelled) transact(t *rapid.T) {
	after := maps.Clone(m.rows)
	in, holds := &dynamodb.TransactWriteItemsInput{}, true
	for _, r := range severalRows(t) {
		var a types.TransactWriteItem
		_, there := m.rows[r.key()]
		switch rapid.IntRange(0, 3).Draw(t, "action") {
		case 0:
			a.ConditionCheck = &types.ConditionCheck{TableName: m.name, Key: r.keyItem(), ConditionExpression: aws.String("attribute_exists(pk)")}
			holds = holds && there
		case 1:
			a.Put = &types.Put{TableName: m.name, Item: r.item()}
			after[r.key()] = r
		case 2:
			a.Delete = &types.Delete{TableName: m.name, Key: r.keyItem()}
			delete(after, r.key())
		default:
			text, values, changed := m.changed(r)
			a.Update = &types.Update{TableName: m.name, Key: r.keyItem(), UpdateExpression: text, ExpressionAttributeValues: values}
			after[r.key()] = changed
		}
		in.TransactItems = append(in.TransactItems, a)
	}
	_, err := m.c.TransactWriteItems(t.Context(), in)
	if got := refused(t, err); got == holds {
		t.Fatalf("transaction refused: %v, its conditions hold: %v", got, holds)
	}
	if holds {
		m.rows = after
	}
}

// query reads one partition of the table or an index page by page, and compares what it gets and in which order.
func (m *modelled) query(t *rapid.T) {
	index := rapid.SampledFrom([]string{"", "ByGroup", "ByNumber"}).Draw(t, "index")
	forward, limit := rapid.Bool().Draw(t, "forward"), rapid.Int32Range(1, 4).Draw(t, "limit")
	hash, value := "pk", rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "pk")
	sorted := func(r modelRow) int { return r.sk }
	within := func(r modelRow) bool { return r.pk == value && (index == "" || r.hasV) }
	if index == "ByGroup" {
		hash, value = "g", rapid.SampledFrom([]string{"x", "y"}).Draw(t, "g")
		within = func(r modelRow) bool { return r.g == value && r.hasV }
	}
	if index != "" {
		sorted = func(r modelRow) int { return r.v }
	}
	in := &dynamodb.QueryInput{
		TableName: m.name, KeyConditionExpression: aws.String(hash + " = :h"), ExpressionAttributeValues: item{":h": str(value)},
		ScanIndexForward: &forward, Limit: &limit,
	}
	if index != "" {
		in.IndexName = &index
	}
	var got []item
	for {
		out, err := m.c.Query(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, out.Items...)
		if in.ExclusiveStartKey = out.LastEvaluatedKey; in.ExclusiveStartKey == nil {
			break
		}
	}
	m.same(t, got, within)
	for i := 1; i < len(got); i++ {
		before, after := m.rows[itemKey(got[i-1])], m.rows[itemKey(got[i])]
		if order := cmp.Compare(sorted(before), sorted(after)); forward && order > 0 || !forward && order < 0 {
			t.Fatalf("%s: %+v comes before %+v", index, before, after)
		}
	}
}

// scan reads the table or an index in segments, page by page.
func (m *modelled) scan(t *rapid.T) {
	index := rapid.SampledFrom([]string{"", "ByGroup", "ByNumber"}).Draw(t, "index")
	total, limit := rapid.Int32Range(1, 3).Draw(t, "segments"), rapid.Int32Range(1, 5).Draw(t, "limit")
	var got []item
	for segment := range total {
		in := &dynamodb.ScanInput{TableName: m.name, Segment: &segment, TotalSegments: &total, Limit: &limit}
		if index != "" {
			in.IndexName = &index
		}
		pages := dynamodb.NewScanPaginator(m.c, in)
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, page.Items...)
		}
	}
	m.same(t, got, func(r modelRow) bool {
		return index == "" || index == "ByNumber" && r.hasV || index == "ByGroup" && r.hasV && r.g != ""
	})
}
