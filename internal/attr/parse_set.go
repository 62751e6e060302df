package attr

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// set reads the members of a set, which are distinct and at least one.
func (r *reader) set(kind Kind) ([]Value, bool) {
	if !r.openList() {
		return nil, false
	}
	var members []Value
	for r.s.Elem() {
		r.checkMember(kind)
		text, ok := r.scalar(kind.Member())
		if !ok {
			return nil, false
		}
		if len(members) == maxMembers {
			continue
		}
		if len(members) == manyMembers {
			members = slices.Grow(members, min(left(*r.s), maxMembers-manyMembers))
		}
		members = append(members, Value{Kind: kind.Member(), Str: text})
	}
	if r.s.Err() != nil {
		return nil, false
	}
	if len(members) == 0 {
		r.refuse(emptySet(kind))
	}
	if hasDuplicates(members) {
		r.refuse(duplicates(kind, members))
	}
	return members, true
}

// manyMembers is when the members of a list or a set are counted rather than the slice grown by steps, which costs more than reading them.
const manyMembers = 64

// maxMembers is how many members of a set are kept. So many that are distinct have over 2 MB, more than an item or the values of expressions may
// (Developer Guide, "Service quotas"), and if they are not, that is found among them: what is left out changes no answer from a refusal to another.
const maxMembers = 1 << 20

// left counts the member the scanner has just passed and those behind it.
func left(s jsonscan.Scanner) int {
	n := 1
	for s.Elem() && s.Skip() {
		n++
	}
	return n
}

func hasDuplicates(members []Value) bool {
	if ascending(members) {
		return false
	}
	if len(members) <= smallSet {
		for i := range members {
			for j := range i {
				if members[i].Str == members[j].Str {
					return true
				}
			}
		}
		return false
	}
	seen := make(map[string]struct{}, len(members))
	for i := range members {
		seen[members[i].Str] = struct{}{}
	}
	return len(seen) < len(members)
}

// ascending tells that members come in the order of a stored set, and so are distinct.
func ascending(members []Value) bool {
	for i := 1; i < len(members); i++ {
		if Compare(members[i-1], members[i]) >= 0 {
			return false
		}
	}
	return true
}

// maxShown is how many bytes of a set that holds a member twice are told. The service tells all of them.
const maxShown = 256 << 10

// duplicates refuses members of which some are alike. The older of the service's programs lists them as they were sent; the newer one has them in quotes,
// those that come before the first repetition in the order of a stored set.
func duplicates(kind Kind, members []Value) *Error {
	const contains = " contains duplicates."
	if kind == NS {
		return &Error{Constraint: true, Message: "Input collection contains duplicates", Newer: msgParameters + "Input collection" + contains}
	}
	end := "]" + contains
	text := func(v Value) string { return v.Str }
	quote := func(v Value) string { return string(jsonscan.AppendQuoted(nil, []byte(v.Str))) }
	comma := ", "
	if kind == BS {
		end = "]of type BS" + contains
		text = func(v Value) string { return base64.StdEncoding.EncodeToString([]byte(v.Str)) }
		quote = func(v Value) string { return `"` + text(v) + `"` }
		comma = ","
	}
	list := func(members []Value, text func(Value) string, comma string) string {
		var b strings.Builder
		for i := range members {
			if i > 0 {
				b.WriteString(comma)
			}
			if b.Len() > maxShown {
				b.WriteString("...")
				break
			}
			b.WriteString(text(members[i]))
		}
		return msgParameters + "Input collection [" + b.String() + end
	}
	return &Error{Constraint: true, Message: list(members, text, ", "), Newer: list(untilRepeated(members), quote, comma)}
}

// untilRepeated sorts the members before the first one that is there already.
func untilRepeated(members []Value) []Value {
	seen := make(map[string]struct{}, len(members))
	for i := range members {
		if _, ok := seen[members[i].Str]; ok {
			out := slices.Clone(members[:min(len(members), max(i, maxShown))]) // more are never shown
			slices.SortFunc(out[:i], Compare)
			return out
		}
		seen[members[i].Str] = struct{}{}
	}
	return members
}

// checkMember refuses null as a member of a set; null in a set of numbers is refused as a number that is none.
func (r *reader) checkMember(kind Kind) {
	if r.s.Kind() != jsonscan.Null {
		return
	}
	switch kind {
	case SS:
		r.refuse(invalid(msgParameters + "An string set may not have a null string as a member"))
	case BS:
		r.refuse(invalid(msgParameters + "An binary set may not have a null binary as a member"))
	}
}
