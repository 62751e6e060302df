package expression

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/ddb-cli/ddb/internal/attr"
)

// The item, names and values all cases in testdata speak of. A case gives the request only those it mentions.
const (
	dataItem = `{"s":{"S":"héllo😀"},"n":{"N":"5"},"l":{"L":[{"N":"1"},{"S":"x"},{"L":[{"N":"1"}]},{"M":{"x":{"N":"1"}}}]},
		"m":{"M":{"a":{"N":"1"},"b":{"M":{"c":{"S":"d"}}}}},"ss":{"SS":["a","b"]},"ns":{"NS":["1","2"]},"b":{"B":"AQI="},"t":{"BOOL":true},
		"z":{"NULL":true},"es":{"S":""},"bs":{"BS":["AQI="]}}`
	dataValues = `{":s":{"S":"a"},":n":{"N":"1"},":n5":{"N":"5"},":x":{"S":"x"},":h":{"S":"hé"},":b":{"BOOL":true},":z":{"NULL":true},
		":l":{"L":[{"N":"1"}]},":m":{"M":{"x":{"N":"1"}}},":B":{"B":"AQI="},":B1":{"B":"AQ=="},":ss":{"SS":["b","a"]},":ns":{"NS":["2","1"]},
		":SS":{"S":"SS"},":e":{"S":""},":six":{"N":"6"},":ten":{"N":"10"},":sev":{"N":"7"},":f":{"BOOL":false},":zs":{"SS":["a","z"]},
		":bs":{"BS":["AQI="]}}`
)

var (
	dataNames = map[string]string{"#zz": "zz", "#n": "n", "#m": "m", "#c": "c.d"}
	mentioned = regexp.MustCompile(`[#:]\w+`)
)

// TestCasesOfTestdata runs the cases of testdata: "condition" and "wire" evaluate a condition on the item, "update" prints the attributes an update changes, "key" reads a
// key condition on the keys pk (S) and sk (N), "projection" prints what is projected; "expected", "updates" and "keys" do the same for the legacy parameters. The expected answers, their words and which comes first, are those
// of DynamoDB as the published emulator gives them, but where a comment in the file says why not.
func TestCasesOfTestdata(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		if strings.Contains(path, "fuzz") {
			return
		}
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			old := item(t, dataItem)
			got := runCase(t, d.Cmd, d.Input, old)
			if !old.Equal(item(t, dataItem)) {
				t.Errorf("%s: the item changed", d.Input)
			}
			return strings.TrimRight(got, "\n") + "\n"
		})
	})
}

func runCase(t *testing.T, cmd, text string, old attr.Item) string {
	used := mentioned.FindAllString(text, -1)
	var values attr.Item
	for _, v := range item(t, dataValues) {
		if slices.Contains(used, v.Name) {
			values = append(values, v)
		}
	}
	var names map[string]string
	for k, v := range dataNames {
		if slices.Contains(used, k) {
			if names == nil {
				names = map[string]string{}
			}
			names[k] = v
		}
	}
	c := NewContext(names, values)
	switch cmd {
	case "condition":
		cond, err := c.Condition(ConditionParameter, text)
		if err != nil {
			return failure(err)
		}
		got, err := cond.Match(old)
		if err != nil {
			return failure(err)
		}
		wire, err := cond.MatchWire(attr.AppendItem(nil, old))
		if err != nil || wire != got {
			t.Errorf("%s: %v on the item, %v on its wire form, %v", text, got, wire, err)
		}
		return fmt.Sprint(got)
	case "key":
		cond, err := c.Condition(KeyConditions, text)
		if err != nil {
			return failure(err)
		}
		if _, err := cond.KeyCondition([]KeyAttr{{Name: "pk", Kind: attr.S}}, []KeyAttr{{Name: "sk", Kind: attr.N}}); err != nil {
			return failure(err)
		}
		return "ok"
	case "projection":
		p, err := c.Projection(text)
		if err != nil {
			return failure(err)
		}
		got := p.Apply(old)
		wire, err := p.AppendWire(nil, attr.AppendItem(nil, old))
		if err != nil {
			t.Fatal(err)
		}
		if !item(t, string(wire)).Equal(got) {
			t.Errorf("%s: %s from the item, %s from its wire form", text, attr.AppendItem(nil, got), wire)
		}
		if len(got) == 0 {
			return "nothing"
		}
		return lines(got)
	case "update":
		u, err := c.Update(text)
		if err != nil {
			return failure(err)
		}
		updated, err := u.Apply(old)
		if err != nil {
			return failure(err)
		}
		wire := attr.AppendItem(nil, old)
		updatedWire, grown, err := u.ApplyWire(nil, wire)
		if err != nil {
			t.Fatal(err)
		}
		if !item(t, string(updatedWire)).Equal(updated) || grown != attr.ItemSize(updated)-attr.ItemSize(old) {
			t.Errorf("%s: %s, grown by %d, on the wire form", text, updatedWire, grown)
		}
		return difference(old, updated)
	case "expected", "updates", "keys":
		return runLegacy(t, cmd, text)
	default:
		t.Fatalf("unknown command %s", cmd)
		return ""
	}
}

func failure(err error) string {
	_, text, found := strings.Cut(err.Error(), "Expression: ")
	if !found || !strings.HasPrefix(err.Error(), "Invalid ") || strings.HasPrefix(err.Error(), "Invalid operator") || strings.HasPrefix(err.Error(), "Invalid condition in") {
		text = err.Error()
	}
	return "error: " + text
}

// lines prints an item, an attribute a line.
func lines(it attr.Item) string {
	var out []string
	for _, a := range it {
		out = append(out, a.Name+": "+string(attr.AppendValue(nil, sorted(a.Value))))
	}
	sort.Strings(out)
	return strings.Join(out, "\n")
}

// sorted puts maps in the order of their names, for printing.
func sorted(v attr.Value) attr.Value {
	v = v.Clone()
	for i := range v.List {
		v.List[i] = sorted(v.List[i])
	}
	for i := range v.Map {
		v.Map[i].Value = sorted(v.Map[i].Value)
	}
	sort.Slice(v.Map, func(i, j int) bool { return v.Map[i].Name < v.Map[j].Name })
	return v
}

func difference(old, updated attr.Item) string {
	var changed attr.Item
	var out []string
	for _, a := range updated {
		if before, ok := old.Get(a.Name); !ok || !before.Equal(a.Value) {
			changed = append(changed, a)
		}
	}
	if len(changed) > 0 {
		out = strings.Split(lines(changed), "\n")
	}
	for _, a := range old {
		if _, ok := updated.Get(a.Name); !ok {
			out = append(out, a.Name+": gone")
		}
	}
	if len(out) == 0 {
		return "unchanged"
	}
	sort.Strings(out)
	return strings.Join(out, "\n")
}

// The values and the item in this file must be what they look like.
func TestDataIsJSON(t *testing.T) {
	for _, src := range []string{dataItem, dataValues} {
		if !json.Valid([]byte(src)) {
			t.Errorf("no JSON: %s", src)
		}
	}
}
