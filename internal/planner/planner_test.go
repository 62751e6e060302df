package planner

import (
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/attr"
)

func text(name string) attr.KeyPart   { return attr.KeyPart{Name: name, Kind: attr.S} }
func number(name string) attr.KeyPart { return attr.KeyPart{Name: name, Kind: attr.N} }

// orders is a table with indexes of every kind.
var orders = []Access{
	{Hash: []attr.KeyPart{text("customer")}, Sort: []attr.KeyPart{text("placed")}},
	{Index: "ByTotal", Hash: []attr.KeyPart{text("customer")}, Sort: []attr.KeyPart{number("total")}},
	{Index: "ByStatus", Global: true, Hash: []attr.KeyPart{text("status")}, Sort: []attr.KeyPart{text("placed")}},
	{Index: "Keys", Global: true, Hash: []attr.KeyPart{text("status")}, Sort: []attr.KeyPart{number("total")}, Holds: []string{"status", "total", "customer", "placed"}},
	{Index: "Multi", Global: true, Hash: []attr.KeyPart{text("land"), text("city")}, Sort: []attr.KeyPart{text("street"), number("house")}},
	{Index: "New", Global: true, Hash: []attr.KeyPart{text("fresh")}, Busy: "CREATING"},
}

func TestConditionsChooseTheirWay(t *testing.T) {
	for _, c := range []struct{ where, index, key, filter string }{
		{`customer = "c" and placed = "p"`, "", "#customer = :v1 AND #placed = :v2", ""},
		{`customer = "c" and total > 5`, "ByTotal", "#customer = :v1 AND #total > :v2", ""},
		{`customer = "c" and note = "x"`, "", "#customer = :v1", `note = "x"`},
		{`status = "open" and placed > "2026-01"`, "ByStatus", "#status = :v1 AND #placed > :v2", ""},
		{`placed >= "a" and status = "open" and placed < "b"`, "ByStatus", "#status = :v1 AND #placed BETWEEN :v2 AND :v3", ""},
		{`status = "open" and total > 5`, "ByStatus", "#status = :v1", "total > 5"},
		{`status = "open" and begins_with(placed, "2026") and (total > 5 or note = "x")`, "ByStatus", "#status = :v1 AND begins_with(#placed, :v2)", `(total > 5 or note = "x")`},
		{`land = "de" and city = "b" and street = "s" and house between 1 and 5`, "Multi", "#land = :v1 AND #city = :v2 AND #street = :v3 AND #house BETWEEN :v4 AND :v5", ""},
		{`land = "de"`, "scan", "", ""},
		{`fresh = "x"`, "scan", "", ""},
		{`status = 5`, "scan", "", ""},
		{`customer = "c" or status = "open"`, "scan", "", ""},
		{`status = "open" and (placed = "x" or placed = "y")`, "scan", "", ""},
		{`customer = "c" and (placed = "x" or note = "y")`, "ByTotal", "#customer = :v1", `(placed = "x" or note = "y")`},
	} {
		terms, err := attr.Terms(c.where)
		if err != nil {
			t.Fatal(err)
		}
		p := Choose(orders, Wanted{Terms: terms})
		if p.Scan {
			if c.index != "scan" || len(p.Reasons) != len(orders) {
				t.Errorf("%s: a scan, because %s", c.where, strings.Join(p.Reasons, "; "))
			}
			continue
		}
		var h attr.Placeholders
		if key := p.KeyCondition(&h); p.Access.Index != c.index || key != c.key || p.Filter != c.filter {
			t.Errorf("%s:\n got %q %s, filter %q\nwant %q %s, filter %q", c.where, p.Access.Index, key, p.Filter, c.index, c.key, c.filter)
		}
	}
}

func TestWhatIsWantedDecides(t *testing.T) {
	terms, err := attr.Terms(`status = "open" and total > 5`)
	if err != nil {
		t.Fatal(err)
	}
	if p := Choose(orders, Wanted{Terms: terms, Attributes: []string{"placed"}}); p.Access.Index != "Keys" || p.Partial {
		t.Errorf("an index that holds all that is wanted was not taken: %s", p.Why)
	}
	if p := Choose(orders, Wanted{Terms: terms}); p.Access.Index != "ByStatus" {
		t.Errorf("an index that holds less than is wanted was taken: %s", p.Why)
	}
	if p := Choose(orders[3:4], Wanted{Terms: terms, Chosen: true}); p.Scan || !p.Partial || !strings.Contains(p.Why, "only a part") {
		t.Errorf("the user's own choice: %+v", p)
	}
	if p := Choose(orders, Wanted{Terms: terms, Consistent: true}); !p.Scan || !strings.Contains(strings.Join(p.Reasons, " "), "--consistent") {
		t.Errorf("a consistent read of a global index: %+v", p)
	}
}

func TestKeep(t *testing.T) {
	terms, err := attr.Terms(`customer = "c" and placed > "a" and placed <= "b"`)
	if err != nil {
		t.Fatal(err)
	}
	p := Choose(orders, Wanted{Terms: terms})
	for placed, want := range map[string]bool{"a": false, "aa": true, "b": true} {
		if got := p.Keep(attr.Item{{Name: "placed", Value: attr.String(placed)}}); got != want {
			t.Errorf("placed %s: kept is %v", placed, got)
		}
	}
}
