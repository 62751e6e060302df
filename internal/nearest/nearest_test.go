package nearest

import "testing"

func TestNearestName(t *testing.T) {
	names := []string{"Orders", "get_item", "stream", "a"}
	for given, want := range map[string]string{
		"ordes": "Orders", "Oredrs": "Orders", "ORDERS": "Orders", "get-item": "get_item", "git_item": "get_item", "straem": "stream",
		"b": "a", "unlike": "", "": "a", "ordesxyzw": "", "getitm": "get_item", "xyzzy": "",
	} {
		if got := Name(given, names); got != want {
			t.Errorf("Name(%q) = %q, want %q", given, got, want)
		}
	}
	if got := Within("list-items", []string{"list-streams"}, 2); got != "" {
		t.Errorf("four letters away: %q", got)
	}
	if got := Within("creat-tabel", []string{"create-table"}, 2); got != "create-table" {
		t.Errorf("two letters away: %q", got)
	}
	if got := Name("Orders", nil); got != "" {
		t.Errorf("of no names: %q", got)
	}
}
