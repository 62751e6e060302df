package engine

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// TestKeyHashIsTheServices looks for keys in the segments, of 4096, that the service has them in (observed for mhart/dynalite and nubo-db/dynoxide).
func TestKeyHashIsTheServices(t *testing.T) {
	for _, c := range []struct {
		key     attr.Value
		segment uint64
	}{{text("3635"), 0}, {text("228"), 0}, {text("1668"), 1}, {text("3435"), 4}, {number("251"), 1}, {number("2388"), 4095}} {
		if got := keyHash(c.key) >> 52; got != c.segment {
			t.Errorf("%s is in segment %d, want %d", c.key.Str, got, c.segment)
		}
	}
	if n := testing.AllocsPerRun(100, func() { keyHash(text("some partition key"), number("12.5")) }); n > 0 {
		t.Errorf("hashing a key allocates %v times", n)
	}
}

func text(s string) attr.Value   { return attr.Value{Kind: attr.S, Str: s} }
func number(s string) attr.Value { return attr.Value{Kind: attr.N, Str: s} }

// TestSegmentsShareTheHashes: every hash is in exactly one segment, whatever their number.
func TestSegmentsShareTheHashes(t *testing.T) {
	for _, total := range []uint64{1, 2, 3, 7, 4095, 4096, 4097, 10_000, 1_000_000} {
		at := storage.RowSpan(1).Start
		for i := range total {
			s := segment(1, i, total)
			if string(s.Start) == string(s.End) {
				if total <= segmentParts {
					t.Fatalf("segment %d of %d is empty", i, total)
				}
				continue
			}
			if strings.TrimRight(string(s.Start), "\x00") != string(at) { // the shorter form sorts at the same place
				t.Fatalf("segment %d of %d begins at %x, want %x", i, total, s.Start, at)
			}
			at = s.End
		}
		if end := storage.RowSpan(1).End; string(at) != string(end) {
			t.Errorf("%d segments end at %x, want %x", total, at, end)
		}
	}
}

// asking sends requests to an engine and gives the answers' text.
func asking(t *testing.T, e *Engine) func(operation, body string) string {
	return func(operation, body string) string {
		t.Helper()
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
		r.Header.Set("Content-Type", "application/x-amz-json-1.0")
		w := httptest.NewRecorder()
		e.Handler().ServeHTTP(w, r)
		return w.Body.String()
	}
}

// TestTablesKeepTheirOrder works with a table as stores of format 1 have them: in its own order after all that this version does with it, and in the service's
// when it comes out of a backup.
func TestTablesKeepTheirOrder(t *testing.T) {
	dir := t.TempDir()
	e, err := Open(Options{Dir: dir, Region: "us-west-2"})
	if err != nil {
		t.Fatal(err)
	}
	ask := asking(t, e)
	must := func(operation, body string) string {
		t.Helper()
		out := ask(operation, body)
		if strings.Contains(out, "__type") {
			t.Fatalf("%s %s: %s", operation, body, out)
		}
		return out
	}
	must("CreateTable", `{"TableName":"Old","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
		"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"N"},{"AttributeName":"g","AttributeType":"S"}],
		"GlobalSecondaryIndexes":[{"IndexName":"ByG","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}]}`)
	old := catalog.Ref{Region: "us-west-2", Name: "Old"}
	if _, err := e.catalog.UpdateWith(old, func(t *catalog.Table, b *storage.Batch) error {
		t.Order, t.Indexes[0].Order = catalog.OwnOrder, catalog.OwnOrder
		b.Set(storage.MetaKey("format"), []byte{1})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	must("UpdateContinuousBackups", `{"TableName":"Old","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true}}`)
	keys := make([]string, 0, 40)
	for i := range 40 {
		key := fmt.Sprintf("k%02d", i)
		keys = append(keys, key)
		must("PutItem", fmt.Sprintf(`{"TableName":"Old","Item":{"pk":{"S":%q},"sk":{"N":"%d"},"g":{"S":"same"}}}`, key, i))
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if e, err = Open(Options{Dir: dir, Region: "us-west-2"}); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	ask = asking(t, e)

	own := slices.SortedFunc(slices.Values(keys), func(a, b string) int {
		return compareHashes(storage.Hash(attr.AppendKey(nil, text(a))), storage.Hash(attr.AppendKey(nil, text(b))))
	})
	services := slices.SortedFunc(slices.Values(keys), func(a, b string) int { return compareHashes(keyHash(text(a)), keyHash(text(b))) })
	item := func(key string) attr.Value { return number(strings.TrimLeft(key[1:2], "0") + key[2:]) }
	ties := slices.SortedFunc(slices.Values(keys), func(a, b string) int {
		return compareHashes(keyHash(text(a), item(a)), keyHash(text(b), item(b)))
	})
	if slices.Equal(own, services) || slices.Equal(services, ties) {
		t.Fatal("the orders do not differ")
	}

	check := func(what, operation, body string, want []string) {
		t.Helper()
		if got := pagedKeys(t, must, operation, body); !slices.Equal(got, want) {
			t.Errorf("%s:\n got %v\nwant %v", what, got, want)
		}
	}
	check("the table", "Scan", `"TableName":"Old"`, own)
	check("its index", "Scan", `"TableName":"Old","IndexName":"ByG"`, keys)
	must("UpdateTable", `{"TableName":"Old","AttributeDefinitions":[{"AttributeName":"g","AttributeType":"S"}],"GlobalSecondaryIndexUpdates":[{"Create":
		{"IndexName":"New","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}}]}`)
	check("an index made now", "Query", `"TableName":"Old","IndexName":"New","KeyConditionExpression":"g = :g","ExpressionAttributeValues":{":g":{"S":"same"}}`, ties)

	var segments []string
	for i := range 5 {
		segments = append(segments, pagedKeys(t, must, "Scan", fmt.Sprintf(`"TableName":"Old","TotalSegments":5,"Segment":%d`, i))...)
	}
	if !slices.Equal(segments, own) {
		t.Errorf("in five segments: %v", segments)
	}
	for _, key := range keys {
		if got := must("GetItem", fmt.Sprintf(`{"TableName":"Old","Key":{"pk":{"S":%q},"sk":{"N":"%s"}}}`, key, item(key).Str)); !strings.Contains(got, key) {
			t.Errorf("%s: %s", key, got)
		}
	}

	_, arn, _ := strings.Cut(must("CreateBackup", `{"TableName":"Old","BackupName":"one"}`), `"BackupArn":"`)
	arn, _, _ = strings.Cut(arn, `"`)
	must("RestoreTableFromBackup", fmt.Sprintf(`{"TargetTableName":"FromBackup","BackupArn":%q}`, arn))
	must("DeleteItem", `{"TableName":"Old","Key":{"pk":{"S":"k00"},"sk":{"N":"0"}}}`)
	must("RestoreTableToPointInTime", `{"SourceTableName":"Old","TargetTableName":"FromLog","UseLatestRestorableTime":true}`)
	check("a table from a backup", "Scan", `"TableName":"FromBackup"`, services)
	check("its index", "Scan", `"TableName":"FromBackup","IndexName":"ByG"`, ties)
	check("a table recovered", "Scan", `"TableName":"FromLog"`, slices.DeleteFunc(slices.Clone(services), func(k string) bool { return k == "k00" }))
	if got := must("GetItem", `{"TableName":"FromBackup","Key":{"pk":{"S":"k07"},"sk":{"N":"7"}}}`); !strings.Contains(got, "k07") {
		t.Errorf("a restored item: %s", got)
	}
}

func compareHashes(a, b uint64) int {
	if a < b {
		return -1
	}
	return 1
}

// pagedKeys reads the partition keys of all pages of three items.
func pagedKeys(t *testing.T, ask func(operation, body string) string, operation, body string) []string {
	t.Helper()
	var keys []string
	start := ""
	for {
		var page struct {
			Items            []map[string]map[string]string
			LastEvaluatedKey json.RawMessage
		}
		if err := json.Unmarshal([]byte(ask(operation, `{"Limit":3,`+body+start+`}`)), &page); err != nil {
			t.Fatal(err)
		}
		for _, it := range page.Items {
			keys = append(keys, it["pk"]["S"])
		}
		if page.LastEvaluatedKey == nil {
			return keys
		}
		start = `,"ExclusiveStartKey":` + string(page.LastEvaluatedKey)
	}
}
