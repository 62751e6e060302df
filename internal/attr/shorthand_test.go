package attr

import (
	"strings"
	"testing"
)

func TestConditionsBecomeExpressions(t *testing.T) {
	for _, c := range []struct{ text, want, values string }{
		{`total > 100 and status = "open"`, `#total > :v1 AND #status = :v2`, `{":v1":100,":v2":"open"}`},
		{`NOT exists(hold) OR size(lines) >= 2`, `NOT attribute_exists(#hold) OR size(#lines) >= :v1`, `{":v1":2}`},
		{`missing(note)`, `attribute_not_exists(#note)`, `{}`},
		{`address.city = 'L''Aquila'`, `#address.#city = :v1`, `{":v1":"L'Aquila"}`},
		{"`my name`[0].x <> null", `#n1[0].#x <> :v1`, `{":v1":null}`},
		{`n between -5 and 5.50`, `#n BETWEEN :v1 AND :v2`, `{":v1":-5,":v2":5.5}`},
		{`status in ("a", "b")`, `#status IN (:v1, :v2)`, `{":v1":"a",":v2":"b"}`},
		{`(a = 1 or b = 2) and not c = true`, `(#a = :v1 OR #b = :v2) AND NOT #c = :v3`, `{":v1":1,":v2":2,":v3":true}`},
		{`begins_with(sku, "A#") and contains(tags, "x")`, `begins_with(#sku, :v1) AND contains(#tags, :v2)`, `{":v1":"A#",":v2":"x"}`},
		{`type(a, "S")`, `attribute_type(#a, :v1)`, `{":v1":"S"}`},
		{`tags = {"SS":["a"]} and l = [1, {"x": "]"}]`, `#tags = :v1 AND #l = :v2`, `{":v1":{"SS":["a"]},":v2":[1,{"x":"]"}]}`},
		{`#s = :open`, `#s = :open`, `{}`},
		{`a == a and a != 1`, `#a = #a AND #a <> :v1`, `{":v1":1}`},
		{`created-at < 5`, `#n1 < :v1`, `{":v1":5}`},
		{`exists < 5`, `#exists < :v1`, `{":v1":5}`},
	} {
		p := new(Placeholders)
		got, err := p.Condition(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if got != c.want {
			t.Errorf("%s is %s, want %s", c.text, got, c.want)
		}
		if values := string(AppendPlainItem(nil, p.Values)); values != c.values {
			t.Errorf("%s has the values %s, want %s", c.text, values, c.values)
		}
	}
}

func TestConditionErrorsShowThePlace(t *testing.T) {
	for _, c := range []struct{ text, message, caret string }{
		{`total > and status = "open"`, `expected an attribute name or a value, found "and"`, "          ^"},
		{`total`, `expected a comparison (= <> < <= > >= between in), found the end`, "       ^"},
		{`total = 5 6`, `expected "and", "or" or the end, found "6"`, "            ^"},
		{`a = "x`, `text without a closing quote`, "      ^"},
		{`a = 1x`, `expected "and", "or" or the end, found "x"`, "       ^"},
		{`foo(a)`, `unknown function "foo"`, "  ^"},
		{`(a = 1`, `expected ")", found the end`, "        ^"},
		{`a in 5`, `expected "(" after "in", found "5"`, "       ^"},
		{`a = [1, 2`, "a list or map without its closing bracket", "      ^"},
		{`a ? 5`, `unexpected character '?'`, "    ^"},
		{``, `an empty condition`, "  ^"},
		{`exists(a, b)`, `expected ")"`, "          ^"},
		{`a[x] = 1`, `expected a list index`, "    ^"},
	} {
		_, err := new(Placeholders).Condition(c.text)
		if err == nil {
			t.Errorf("%s: no error", c.text)
			continue
		}
		lines := strings.Split(err.Error(), "\n")
		if !strings.HasPrefix(lines[0], c.message) || len(lines) != 3 || lines[2] != c.caret {
			t.Errorf("%s: error\n%s\nwant %s\n%s", c.text, err, c.message, c.caret)
		}
	}
	if _, err := new(Placeholders).Condition(strings.Repeat("not ", 5000) + "a = 1"); err == nil {
		t.Error("five thousand nots are taken")
	}
}

func TestUpdatesBecomeExpressions(t *testing.T) {
	for _, c := range []struct {
		clauses      UpdateClauses
		want, values string
	}{
		{UpdateClauses{Set: []string{`status="paid", total = total + 1`}}, `SET #status = :v1, #total = #total + :v2`, `{":v1":"paid",":v2":1}`},
		{UpdateClauses{Set: []string{`n = if_not_exists(n, 0) - 1`}}, `SET #n = if_not_exists(#n, :v1) - :v2`, `{":v1":0,":v2":1}`},
		{UpdateClauses{Set: []string{`l = list_append(l, ["x"])`}}, `SET #l = list_append(#l, :v1)`, `{":v1":["x"]}`},
		{UpdateClauses{Set: []string{`n=n-1`}}, `SET #n = #n - :v1`, `{":v1":1}`},
		{UpdateClauses{Set: []string{`n=-1`}}, `SET #n = :v1`, `{":v1":-1}`},
		{UpdateClauses{Add: []string{`version=1`, `tags=["a","b"]`}}, `ADD #version :v1, #tags :v2`, `{":v1":1,":v2":{"SS":["a","b"]}}`},
		{UpdateClauses{Remove: []string{`note, lines[0]`}}, `REMOVE #note, #lines[0]`, `{}`},
		{UpdateClauses{Delete: []string{`tags={"SS":["a"]}`}, Set: []string{`a.b=true`}}, `SET #a.#b = :v1 DELETE #tags :v2`, `{":v1":true,":v2":{"SS":["a"]}}`},
		{UpdateClauses{Set: []string{`a=b`}}, `SET #a = #b`, `{}`},
	} {
		p := new(Placeholders)
		got, err := p.Update(c.clauses)
		if err != nil || got != c.want {
			t.Errorf("%+v is %q, error %v; want %q", c.clauses, got, err, c.want)
			continue
		}
		if values := string(AppendPlainItem(nil, p.Values)); values != c.values {
			t.Errorf("%+v has the values %s, want %s", c.clauses, values, c.values)
		}
	}
	for text, want := range map[string]string{
		`status`: `expected "=", found the end`, `a=`: "expected an attribute name or a value, found the end",
		`a=1 b=2`: `expected "," or the end, found "b"`, `="x"`: "expected an attribute name", `a=exists(b)`: "a condition where a value was expected",
	} {
		_, err := new(Placeholders).Update(UpdateClauses{Set: []string{text}})
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("--set %q: error %v, want %s", text, err, want)
		}
	}
	if _, err := new(Placeholders).Update(UpdateClauses{Add: []string{`t={"a":1}`}}); err == nil {
		t.Error("ADD of a map is taken")
	}
}

func TestNamesDoNotCollide(t *testing.T) {
	p := &Placeholders{Names: map[string]string{"#status": "other"}}
	if got := p.Name("status"); got != "#status2" {
		t.Errorf("status is %s", got)
	}
	if a, b := p.Name("a b"), p.Name("a-b"); a != "#n1" || b != "#n2" || p.Name("a b") != a {
		t.Errorf("odd names are %s and %s", a, b)
	}
}

func FuzzCondition(f *testing.F) {
	f.Add(`a between 1 and size(b) or not (x[0].y in ("a", :v))`)
	f.Fuzz(func(t *testing.T, text string) {
		p := new(Placeholders)
		_, _ = p.Condition(text)
		_, _ = p.Projection(text)
		_, _ = p.Update(UpdateClauses{Set: []string{text}, Add: []string{text}})
		if _, err := ParseSortCondition(text, KeyPart{"sk", S}); err != nil && err.Error() == "" {
			t.Error("an empty message")
		}
	})
}
