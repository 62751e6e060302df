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
	for _, c := range []struct {
		before string
		want   []string
	}{
		{"sel", []string{"SELECT"}},
		{"SELECT * FROM Or", []string{"Orders"}},
		{"SELECT * FROM ", []string{"Orders", `"my-table"`}},
		{"SELECT * FROM Orders.", []string{`Orders."ByStatus"`}},
		{"SELECT * FROM Orders WHERE sta", []string{"status"}},
		{"SELECT * FROM Orders WHERE size(tot", []string{"total"}},
		{"SELECT * FROM Orders WHERE status = ", []string{"'x'"}},
		{"SELECT * FROM Orders WHERE status<>'", []string{"'x'"}},
		{"SELECT * FROM Orders WHERE status IN ['y', ", []string{"'x'"}},
		{"UPDATE Orders SET status='", []string{"'x'"}},
		{"update Orders a 1 --return up", []string{"updated-new", "updated-old"}},
		{"scan Orders --columns tot", []string{"total"}},
		{"SELECT * FROM Orders W", []string{"WHERE"}},
		{"UPDATE Orders SET tot", []string{"total"}},
		{"UPDATE Orders SET total=1 RETURNING ", []string{"ALL OLD *", "ALL NEW *", "MODIFIED OLD *", "MODIFIED NEW *"}},
		{"SELECT * FROM Orders WHERE attribute_type(total, 'N", []string{"'N'", "'NULL'", "'NS'"}},
		{"SELECT 1;\nDELETE FROM Or", []string{"Orders"}},
		{"table desc", []string{"describe"}},
		{"table describe Or", []string{"Orders"}},
		{"ddb table describe Or", []string{"Orders"}},
		{"query Orders a --index By", []string{"ByStatus"}},
		{"insights update Orders --action EN", []string{"ENABLE"}},
		{"scan Orders --lim", []string{"--limit"}},
		{`\tim`, []string{`\timing`}},
		{`\d Or`, []string{"Orders"}},
		{`\f js`, []string{"json", "jsonl"}},
		{`\timing o`, []string{"on", "off"}},
	} {
		_, list := s.suggest(t.Context(), c.before)
		var got []string
		for _, x := range list {
			got = append(got, x.Text)
		}
		for _, w := range c.want {
			if !slices.Contains(got, w) {
				t.Errorf("%q: %q, want %q among them", c.before, got, c.want)
				break
			}
		}
	}
	if word, _ := s.suggest(t.Context(), "SELECT * FROM Orders WHERE (sta"); word != len("sta") {
		t.Errorf("the word before the cursor has %d bytes, want 3", word)
	}
}
