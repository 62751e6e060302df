package cmd

import (
	"bytes"
	"slices"
	"testing"
)

// What Tab offers, by what stands before the cursor.
func TestShellSuggests(t *testing.T) {
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"} {
		t.Setenv(name, t.TempDir())
	}
	a := newApp(&IO{In: bytes.NewReader(nil), Out: &bytes.Buffer{}, Err: &bytes.Buffer{}})
	root := newRoot(a)
	if err := root.PersistentFlags().Set("local", "memory"); err != nil {
		t.Fatal(err)
	}
	a.set = root.PersistentFlags()
	if _, err := a.config(); err != nil {
		t.Fatal(err)
	}
	s := &shell{app: a, session: newSession(), inherited: []string{"--local=memory"}, root: root, known: map[string]tableWords{}}
	t.Cleanup(func() {
		if err := s.session.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, line := range []string{
		"table create Orders --keys customer:S,placed:S --index ByStatus=status:S", "table create my-table --keys pk:S",
		`put Orders '{"customer":"a","placed":"1","status":"x","total":5}'`,
	} {
		words, err := splitWords(line)
		if err != nil {
			t.Fatal(err)
		}
		if code := s.run(t.Context(), words...); code != exitOK {
			t.Fatalf("%s: exit code %d: %s", line, code, a.io.Err)
		}
	}
	for before, want := range map[string][]string{
		"sel":                                  {"SELECT"},
		"SELECT * FROM Or":                     {"Orders"},
		"SELECT * FROM ":                       {"Orders", `"my-table"`},
		"SELECT * FROM Orders.":                {`Orders."ByStatus"`},
		"SELECT * FROM Orders WHERE sta":       {"status"},
		"SELECT * FROM Orders WHERE size(tot":  {"total"},
		"SELECT * FROM Orders W":               {"WHERE"},
		"UPDATE Orders SET tot":                {"total"},
		"UPDATE Orders SET total=1 RETURNING ": {"ALL OLD *", "ALL NEW *", "MODIFIED OLD *", "MODIFIED NEW *"},
		"SELECT * FROM Orders WHERE attribute_type(total, 'N": {"'N'", "'NULL'", "'NS'"},
		"SELECT 1;\nDELETE FROM Or":                           {"Orders"},
		"table desc":                                          {"describe"},
		"table describe Or":                                   {"Orders"},
		"ddb table describe Or":                               {"Orders"},
		"query Orders a --index By":                           {"ByStatus"},
		"insights update Orders --action EN":                  {"ENABLE"},
		"scan Orders --lim":                                   {"--limit"},
		`\tim`:                                                {`\timing`},
		`\d Or`:                                               {"Orders"},
		`\f js`:                                               {"json", "jsonl"},
		`\timing o`:                                           {"on", "off"},
	} {
		_, list := s.suggest(t.Context(), before)
		var got []string
		for _, x := range list {
			got = append(got, x.Text)
		}
		for _, w := range want {
			if !slices.Contains(got, w) {
				t.Errorf("%q: %q, want %q among them", before, got, want)
				break
			}
		}
		if len(want) == 0 && len(got) > 0 {
			t.Errorf("%q: %q, want nothing", before, got)
		}
	}
	if word, _ := s.suggest(t.Context(), "SELECT * FROM Orders WHERE (sta"); word != len("sta") {
		t.Errorf("the word before the cursor has %d bytes, want 3", word)
	}
}
