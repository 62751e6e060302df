package mcp

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/wire"
)

// An attribute is one that can be left out of what does not fit otherwise.
type attribute struct {
	where, name string // "item", "records[2].NewImage"
	size        int    // in bytes of compact JSON, at most what it takes in a result
	drop        func()
}

// attributesOf are those of an item, which is copied first: others may hold it too. set puts the copy in its place.
func attributesOf(where string, item map[string]types.AttributeValue, set func(map[string]types.AttributeValue)) []attribute {
	if len(item) == 0 {
		return nil
	}
	item = maps.Clone(item)
	set(item)
	list := make([]attribute, 0, len(item))
	for name, v := range item {
		list = append(list, attribute{where, name, len(name) + len(wire.AppendValue(nil, v)), func() { delete(item, name) }})
	}
	return list
}

// imageAttributes are those of an image in a change record; the SDK has the types of values once for each of its clients.
func imageAttributes(where string, image map[string]streamtypes.AttributeValue) []attribute {
	list := make([]attribute, 0, len(image))
	for name, v := range wire.FromStream(image) {
		list = append(list, attribute{where, name, len(name) + len(wire.AppendValue(nil, v)), func() { delete(image, name) }})
	}
	return list
}

// leaveOut drops the largest attributes until at least so many bytes are saved, and gives those that are left and those that
// were dropped.
func leaveOut(list []attribute, bytes int) (left, out []attribute) {
	slices.SortFunc(list, func(a, b attribute) int {
		return cmp.Or(cmp.Compare(b.size, a.size), strings.Compare(a.where, b.where), strings.Compare(a.name, b.name))
	})
	n := 0
	for ; n < len(list) && bytes > 0; n++ {
		list[n].drop()
		bytes -= list[n].size
	}
	return list[n:], list[:n]
}

// mostNamed is how many of the attributes that were left out are named.
const mostNamed = 12

// namesLeftOut tells which attributes were left out, and how large they are. Names may be long: others wrote them.
func namesLeftOut(out []attribute) []string {
	var names []string
	for _, a := range out[:min(len(out), mostNamed)] {
		name := a.name
		if len(name) > longestProjected {
			name = strings.ToValidUTF8(name[:longestProjected], "") + "…"
		}
		names = append(names, fmt.Sprintf("%s (%d bytes)", joined(a.where, name), a.size))
	}
	if more := len(out) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return names
}

// cutText shortens a text that takes too much by so many bytes, and says so in it.
func cutText(text string, by int) string {
	const least, words = 200, 40 // words is room for those that say so
	keep := max(least, len(text)-by-words)
	if keep >= len(text) {
		return text
	}
	return strings.ToValidUTF8(text[:keep], "") + fmt.Sprintf("… (cut: %d bytes in all)", len(text))
}

// elided says of an error how what was left out of it can be read.
const elided = "attributes of the item are left out to fit (--max-result-bytes): read it with get_item, and a projection_expression that names some of them"

// fitFailure makes an error fit: first without the largest attributes of the items it carries, then with texts cut.
func fitFailure(err error, f *failure, size func() int, limit int) {
	known := asOpError(err)
	item, reasons := known.Item, slices.Clone(known.Reasons)
	attributes := attributesOf("item", item, func(m map[string]types.AttributeValue) { item = m })
	for i := range reasons {
		attributes = append(attributes, attributesOf(fmt.Sprintf("reasons[%d].item", i), reasons[i].Item, func(m map[string]types.AttributeValue) { reasons[i].Item = m })...)
	}
	var out []attribute
	for over := size() - limit; over > 0 && len(attributes) > 0; over = size() - limit {
		var more []attribute
		attributes, more = leaveOut(attributes, over)
		out = append(out, more...)
		if f.LeftOut == nil {
			f.Hint = op.Optional(strings.TrimPrefix(known.Hint+"; "+elided, "; "))
		}
		f.LeftOut, f.Item = namesLeftOut(out), itemJSON(item)
		for i := range f.Reasons {
			f.Reasons[i].Item = itemJSON(reasons[i].Item)
		}
	}
	f.Truncated = true
	if over := size() - limit; over > 0 {
		f.Message = cutText(f.Message, over)
	}
	if over := size() - limit; over > 0 && f.Hint != nil {
		f.Hint = op.Optional(cutText(*f.Hint, over))
	}
	for n := len(f.Reasons); n > 0 && size() > limit; n = len(f.Reasons) {
		f.Reasons = f.Reasons[:n/2]
	}
}
