package mcp

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/query"
)

const (
	// mostProjected bounds the attributes of a suggestion, and longestProjected the bytes of a name in one.
	mostProjected    = 8
	longestProjected = 64
)

// projection is a suggestion in the form of the arguments it is for. Names stand behind placeholders: they may be reserved
// words, and they may be anything, since others wrote them.
type projection struct {
	Expression string            `json:"projection_expression"`
	Names      map[string]string `json:"expression_attribute_names"`
}

// suggestProjection proposes to leave out the attributes that fill a page that was cut: those kept are the key's, without
// which no page can be cut, and the smaller ones of its first item, which together take no more than half of it. It is nil where a projection was asked for already, or where
// no attribute stands out.
func suggestProjection(in any, items []query.Item, key query.Item) *projection {
	switch in := in.(type) {
	case *query.QueryInput:
		if in.ProjectionExpression != "" {
			return nil
		}
	case *query.ScanInput:
		if in.ProjectionExpression != "" {
			return nil
		}
	}
	if len(items) == 0 {
		return nil
	}
	type part struct {
		name string
		size int
	}
	var parts []part
	total := 0
	for _, a := range op.FromSDK(items[0]) {
		size := len(a.Name) + attr.ValueSize(a.Value)
		parts, total = append(parts, part{a.Name, size}), total+size
	}
	rank := func(p part) int {
		if _, ok := key[p.name]; ok {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.size, b.size)) })
	p := &projection{Names: map[string]string{}}
	var words []string
	used := 0
	for _, x := range parts {
		if used+x.size > total/2 || len(words) == mostProjected {
			break
		}
		if len(x.name) > longestProjected {
			continue
		}
		used += x.size
		word := fmt.Sprintf("#p%d", len(words))
		words, p.Names[word] = append(words, word), x.name
	}
	if len(words) == 0 {
		return nil
	}
	p.Expression = strings.Join(words, ", ")
	return p
}

// member writes a further member of a result, with a comma before it.
func member(name string, value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return "" // texts and maps of texts always have a JSON form
	}
	return fmt.Sprintf(`,%q:%s`, name, text)
}

// warningsMember is what a caller should know beside the result.
func warningsMember(warnings []string) string {
	if len(warnings) == 0 {
		return ""
	}
	return member("warnings", warnings)
}
