package enginetest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// lineWidth is the length up to which an answer stays on one line: short answers read best so, long ones indented.
const lineWidth = 150

// print writes an answer with its keys sorted, on one line where it fits.
func print(answer any) string {
	var out strings.Builder
	write(&out, answer, "")
	return out.String()
}

// aMoment is what a time counts as for the width of a line: its own text is shorter where its milliseconds end with zeros, and lines
// would break in another place in one run of ten.
const aMoment = `"2006-01-02T15:04:05.000Z"`

var moment = regexp.MustCompile(`"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"`)

// write breaks an object or a list that does not fit a line into one line a member.
func write(out *strings.Builder, v any, indent string) {
	flat := flatten(v)
	if len(indent)+len(moment.ReplaceAllString(flat, aMoment)) <= lineWidth {
		out.WriteString(flat)
		return
	}
	switch v := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		out.WriteString("{")
		for i, k := range keys {
			out.WriteString("\n" + indent + "  " + flatten(k) + ":")
			write(out, v[k], indent+"  ")
			if i < len(keys)-1 {
				out.WriteString(",")
			}
		}
		out.WriteString("\n" + indent + "}")
	case []any:
		out.WriteString("[")
		for i, e := range v {
			out.WriteString("\n" + indent + "  ")
			write(out, e, indent+"  ")
			if i < len(v)-1 {
				out.WriteString(",")
			}
		}
		out.WriteString("\n" + indent + "]")
	default:
		out.WriteString(flat)
	}
}

func flatten(v any) string {
	var line bytes.Buffer
	e := json.NewEncoder(&line)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "error: " + err.Error()
	}
	return strings.TrimSpace(line.String())
}

// find walks a path of member names, or numbers of a list's elements, down an answer; nil where there is none.
func find(v any, names []string) any {
	for _, name := range names {
		switch in := v.(type) {
		case map[string]any:
			v = in[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

// reach is find for a path written with dots; members of a list are named by their number.
func reach(v any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(at) {
				return nil
			}
			v = at[i]
		default:
			return nil
		}
	}
	return v
}

// sortList orders a list of the answer by its text.
func sortList(answer map[string]any, member string) {
	names := strings.Split(member, ".")
	list, ok := find(answer, names).([]any)
	if !ok {
		return
	}
	slices.SortFunc(list, func(a, b any) int { return cmp.Compare(flatten(a), flatten(b)) })
}
