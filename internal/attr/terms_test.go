package attr

import (
	"fmt"
	"strings"
	"testing"
)

func TestTerms(t *testing.T) {
	for text, want := range map[string]string{
		`status = "open"`: `status = [open]`,
		`status = "open" and placed > "2026-01" and n < -5`:     `status = [open]|placed > [2026-01]|n < [-5]`,
		`5 <= n and "a" == x`:                                   `n >= [5]|x = [a]`,
		`n between 1 and 5 and begins_with(s, 'x') and a.b = 1`: `n between [1 5]|s begins_with [x]|a.b = 1 (a b)`,
		`a = 1 or b = 2`:                                        `a = 1 or b = 2 (a b)`,
		`a = 1 and (b = 2 or c = 3) and not d = 4`:              `a = [1]|(b = 2 or c = 3) (b c)|not d = 4 (d)`,
		"`or` = 1 and size(x) > 3 and a = b":                    "or = [1]|size(x) > 3 (x)|a = b (a b)",
		`a in (1, 2) and a <> 3 and k = {"B":"aGk="}`:           `a in (1, 2) (a)|a <> 3 (a)|k = [hi]`,
		`a = :v and #n = 3`:                                     `a = :v (a)|#n = 3 ()`,
	} {
		terms, err := Terms(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var got []string
		for _, x := range terms {
			if !strings.HasPrefix(text[x.Offset:], x.Text) {
				t.Errorf("%s: %q does not stand at %d", text, x.Text, x.Offset)
			}
			if x.Name == "" {
				got = append(got, fmt.Sprintf("%s (%s)", x.Text, strings.Join(x.Names, " ")))
				continue
			}
			var values []string
			for _, v := range x.Values {
				values = append(values, v.Str)
			}
			got = append(got, fmt.Sprintf("%s %s [%s]", x.Name, x.Op, strings.Join(values, " ")))
		}
		if s := strings.Join(got, "|"); s != want {
			t.Errorf("%s\n got %s\nwant %s", text, s, want)
		}
	}
	if _, err := Terms("a = 1 and"); err == nil {
		t.Error("an unfinished condition was taken")
	}
}
