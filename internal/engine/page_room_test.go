package engine

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestRoomGrowsWithThePage reads a page whose items are many times as long on the wire as they are counted: it asks for room until that is what the answer
// takes, and answers as without a wait.
func TestRoomGrowsWithThePage(t *testing.T) {
	e := readEngine(t)
	nulls := strings.TrimSuffix(strings.Repeat(`{"NULL":true},`, 20_000), ",")
	for i := range 20 {
		body := fmt.Sprintf(`{"TableName":"abc","Item":{"p":{"S":"nulls"},"s":{"S":"%03d"},"l":{"L":[%s]}}}`, i, nulls)
		if status, got := askWith(t.Context(), e, "PutItem", strings.NewReader(body)); status != http.StatusOK {
			t.Fatal(got)
		}
	}
	for _, forward := range []bool{true, false} {
		query := fmt.Sprintf(`{"TableName":"abc","KeyConditionExpression":"p=:p","ExpressionAttributeValues":{":p":{"S":"nulls"}},"ScanIndexForward":%t}`, forward)
		_, want := askWith(t.Context(), e, "Query", strings.NewReader(query))
		r := &roomy{Reader: strings.NewReader(query)}
		_, got := askWith(t.Context(), e, "Query", r)
		if got != want {
			t.Errorf("%d bytes with a wait, %d without", len(got), len(want))
		}
		if len(want) < 2*pageAnswer {
			t.Fatalf("the page has %d bytes, want one of more than %d", len(want), 2*pageAnswer)
		}
		if n := len(r.asked); n < 2 || n > 4 || r.asked[n-1] < int64(len(want)) {
			t.Errorf("room was asked for as %d, for an answer of %d bytes", r.asked, len(want))
		}
	}
}
