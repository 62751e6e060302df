package cmd_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// What scan -o jsonl writes, put - reads back to the same items, whatever is in them.
func TestScanAndPutAreLossless(t *testing.T) {
	local := home(t)
	for _, name := range []string{"From", "Into"} {
		must(t, run(t, "", nil, "table", "create", name, "--keys", "id:S", local))
	}
	rapid.Check(t, func(rt *rapid.T) {
		items := rapid.SliceOfN(jsonItem(), 1, 8).Draw(rt, "items")
		for i, body := range items {
			items[i] = fmt.Sprintf(`{"id":%s,%s`, quoted(text().Draw(rt, "id")+strconv.Itoa(i)), body[1:])
		}
		format := rapid.SampledFrom([]string{"jsonl", "json", "dynamodb", "csv", "tsv", "yaml", "csv typed"}).Draw(rt, "format")
		for _, name := range []string{"From", "Into"} {
			if got := run(t, "", nil, "table", "delete", name, "--yes", local); got.code != 0 {
				rt.Fatal(got.err)
			}
			if got := run(t, "", nil, "table", "create", name, "--keys", "id:S", local); got.code != 0 {
				rt.Fatal(got.err)
			}
		}
		if got := run(t, "["+strings.Join(items, ",")+"]", nil, "put", "From", "-", local); got.code != 0 {
			rt.Fatal(got.err)
		}
		format, typed := strings.CutSuffix(format, " typed")
		output := []string{"-o", format, local}
		put := []string{"put", "Into", "-", "--format", format, local}
		if typed {
			output, put = append(output, "--typed"), append(put, "--typed")
		}
		written := run(t, "", nil, append([]string{"scan", "From"}, output...)...)
		if got := run(t, written.out, nil, put...); got.code != 0 {
			rt.Fatalf("%s\n%s", got.err, written.out)
		}
		read := run(t, "", nil, append([]string{"scan", "Into"}, output...)...)
		from, into := run(t, "", nil, "scan", "From", "-o", "dynamodb", local), run(t, "", nil, "scan", "Into", "-o", "dynamodb", local)
		if diff := cmp.Diff(from.out, into.out); diff != "" {
			rt.Fatalf("-the items +read back, by way of %s\n%s", diff, written.out)
		}
		if diff := cmp.Diff(written.out, read.out); diff != "" {
			rt.Fatalf("-written +read back:\n%s", diff)
		}
	})
}

// text is what texts and names can be, with all that means something to one of the formats.
func text() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringMatching(`[a-zA-Z0-9 ,;"é\\\n\r\t#:\x00\x7f\x{85}\x{2028}\x{feff}😀-]{0,12}`),
		rapid.SampledFrom([]string{"5", "007", "true", "null", `"5"`, "[1]", "{}", "{bad", "1e5", " 5", "-", "- a", "a: b", "~", "yes", "# x", "'", "\u2028", "0x1F", "2026-01-01", "<<", "a\r\nb", "\r\n", "=1+1", "\\n"}),
	)
}

// quoted is a text as JSON.
func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err) // which a string does not give
	}
	return string(b)
}

// jsonItem makes the rest of an item in plain JSON: every type, long numbers, and maps that look like typed values.
func jsonItem() *rapid.Generator[string] {
	var value func(depth int) *rapid.Generator[string]
	value = func(depth int) *rapid.Generator[string] {
		return rapid.Custom(func(t *rapid.T) string {
			number := rapid.StringMatching(`-?[1-9][0-9]{0,37}`)
			kinds := 7
			if depth > 0 {
				kinds = 10
			}
			switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
			case 0:
				return number.Draw(t, "number")
			case 1:
				return quoted(text().Draw(t, "text"))
			case 2:
				return rapid.SampledFrom([]string{"true", "false", "null", "[]", "{}", `""`}).Draw(t, "word")
			case 3:
				return `{"B":"aGVsbG8="}`
			case 4:
				return `{"NS":["1","` + number.Draw(t, "member") + `0"]}`
			case 5:
				return `{"SS":["a","b"]}`
			case 6:
				return `{"M":{"` + rapid.SampledFrom([]string{"S", "N", "L", "BOOL"}).Draw(t, "name") + `":"x"}}`
			case 7:
				return `[` + value(depth-1).Draw(t, "a") + `,` + value(depth-1).Draw(t, "b") + `]`
			default:
				return `{"a":` + value(depth-1).Draw(t, "a") + `,"S":` + value(depth-1).Draw(t, "b") + `}`
			}
		})
	}
	return rapid.Custom(func(t *rapid.T) string {
		return `{` + quoted("x"+text().Draw(t, "name")) + `:` + value(2).Draw(t, "x") + `,"y":` + value(1).Draw(t, "y") + `}`
	})
}
