package enginetest

import (
	"encoding/json"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
)

// Difference is one place in which a target answers otherwise than a scenario says, which is what the engine answers.
type Difference struct {
	File      string // of the scenario, without its folder
	Line      int    // of the call
	Operation string
	Input     string
	Member    string // path of the member that differs; "error" where one of the two answers is one
	Ours      string // what the scenario says
	Theirs    string // what the target said
	Follows   string // the table without which the call could only fail, since the target refused to make it
}

// nothing stands for a member that is not there.
const nothing = "(nothing)"

// Compare runs every scenario file of dir against a Target of its own and gives the differences in the files' order. Unlike
// Run it goes on after one.
func Compare(t *testing.T, dir string, open Open) []Difference {
	var all []Difference
	datadriven.Walk(t, dir, func(t *testing.T, file string) {
		if path.Ext(file) != ".txt" {
			return
		}
		s := scenario{target: open(t), kept: map[string]string{}, lenient: true}
		missing := map[string]bool{}
		datadriven.RunTest(t, file, func(t *testing.T, d *datadriven.TestData) string {
			theirs := s.step(t.Context(), t, d)
			for _, f := range differences(d.Expected, theirs) {
				f.File, f.Operation, f.Input = filepath.Base(file), d.Cmd, d.Input
				_, position, _ := strings.Cut(d.Pos, ":")
				_, _ = fmt.Sscanf(position, "%d", &f.Line)
				if d.Cmd == "CreateTable" && f.Member == "error" && isAnswer(f.Ours) {
					missing[tableName(d.Input)] = true
				} else {
					f.Follows = mentioned(missing, d.Input)
				}
				all = append(all, f)
			}
			return d.Expected // it is not this test's to judge
		})
	})
	return all
}

func isAnswer(text string) bool { return strings.HasPrefix(text, "{") }

func tableName(input string) string {
	var in struct{ TableName string }
	_ = json.Unmarshal([]byte(input), &in)
	return in.TableName
}

// mentioned finds a table that was not made in the input of a call.
func mentioned(missing map[string]bool, input string) string {
	for name := range missing {
		if strings.Contains(input, `"`+name+`"`) || strings.Contains(input, "table/"+name) || strings.Contains(input, `\"`+name+`\"`) || strings.Contains(input, " "+name+" ") {
			return name
		}
	}
	return ""
}

// differences compares two answers as scenarios write them.
func differences(ours, theirs string) []Difference {
	ours, theirs = strings.TrimSpace(ours), strings.TrimSpace(theirs)
	if ours == theirs {
		return nil
	}
	a, errA := decode([]byte(ours))
	b, errB := decode([]byte(theirs))
	if errA != nil || errB != nil {
		return []Difference{{Member: "error", Ours: ours, Theirs: theirs}}
	}
	return diff(nil, "", a, b)
}

func diff(all []Difference, member string, ours, theirs any) []Difference {
	switch a := ours.(type) {
	case map[string]any:
		b, ok := theirs.(map[string]any)
		if !ok {
			break
		}
		names := make([]string, 0, len(a)+len(b))
		for name := range a {
			names = append(names, name)
		}
		for name := range b {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range slices.Compact(names) {
			va, inA := a[name]
			vb, inB := b[name]
			inner := strings.TrimPrefix(member+"."+name, ".")
			switch {
			case !inA:
				all = append(all, Difference{Member: inner, Ours: nothing, Theirs: flatten(vb)})
			case !inB:
				all = append(all, Difference{Member: inner, Ours: flatten(va), Theirs: nothing})
			default:
				all = diff(all, inner, va, vb)
			}
		}
		return all
	case []any:
		b, ok := theirs.([]any)
		if !ok || len(a) != len(b) {
			break
		}
		for i := range a {
			all = diff(all, fmt.Sprintf("%s[%d]", member, i), a[i], b[i])
		}
		return all
	}
	if x, y := flatten(ours), flatten(theirs); x != y {
		all = append(all, Difference{Member: member, Ours: x, Theirs: y})
	}
	return all
}
