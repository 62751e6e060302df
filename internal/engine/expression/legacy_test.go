package expression

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/ddb-cli/ddb/internal/attr"
)

// legacyItem is what the cases of legacy parameters speak of.
const legacyItem = `{"s":{"S":"hello"},"n":{"N":"5"},"l":{"L":[{"N":"1"}]},"m":{"M":{"a":{"N":"1"}}},"ss":{"SS":["a","b"]},"ns":{"NS":["1","2"]}}`

// legacyJSON is an entry of any legacy parameter.
type legacyJSON struct {
	ComparisonOperator, Action string
	AttributeValueList         []json.RawMessage
	Value                      json.RawMessage
	Exists                     *bool
}

// runLegacy runs a case of testdata on legacyItem.
func runLegacy(t *testing.T, cmd, text string) string {
	var in map[string]legacyJSON
	if err := json.Unmarshal([]byte(text), &in); err != nil {
		t.Fatal(err)
	}
	value := func(raw json.RawMessage) attr.Value {
		v, err := attr.ParseValue(raw)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	var conditions []LegacyCondition
	var updates []LegacyUpdate
	for _, name := range slices.Sorted(maps.Keys(in)) {
		e := in[name]
		c := LegacyCondition{Name: name, Operator: e.ComparisonOperator, Exists: e.Exists}
		if e.Value != nil {
			v := value(e.Value)
			c.Value = &v
		}
		if e.AttributeValueList != nil {
			c.Values = []attr.Value{}
		}
		for _, raw := range e.AttributeValueList {
			c.Values = append(c.Values, value(raw))
		}
		conditions = append(conditions, c)
		updates = append(updates, LegacyUpdate{name, e.Action, c.Value})
	}
	old := item(t, legacyItem)
	switch cmd {
	case "expected":
		c, err := LegacyExpected(conditions, "")
		if err != nil {
			return failure(err)
		}
		if c == nil {
			return "true"
		}
		got, err := c.Match(old)
		if err != nil {
			return failure(err)
		}
		return fmt.Sprint(got)
	case "updates":
		u, err := LegacyUpdates(updates)
		if err != nil {
			return failure(err)
		}
		updated, err := u.Apply(old)
		if err != nil {
			return failure(err)
		}
		return difference(old, updated)
	default:
		c, err := LegacyKeyConditions(conditions)
		if err != nil {
			return failure(err)
		}
		if _, err := c.KeyCondition([]KeyAttr{{Name: "pk", Kind: attr.S}}, []KeyAttr{{Name: "sk", Kind: attr.N}}); err != nil {
			return failure(err)
		}
		return "ok"
	}
}
