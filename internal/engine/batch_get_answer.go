package engine

import (
	"maps"
	"slices"
	"strconv"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/jsonscan"
)

type batchGetOutput struct {
	tables []*tableReads
}

func (o *batchGetOutput) appendJSON(dst []byte) []byte {
	dst = append(dst, `{"Responses":{`...)
	for _, r := range o.tables {
		dst = append(appendQuotedMember(dst, r.name), '[')
		dst = append(append(dst, r.items...), ']')
	}
	dst = append(dst, `},"UnprocessedKeys":{`...)
	for _, r := range o.tables {
		if len(r.unread) > 0 {
			dst = r.appendUnread(appendQuotedMember(dst, r.name))
		}
	}
	dst = append(dst, '}')
	consumed := make([]*consumedCapacity, len(o.tables))
	for i, r := range o.tables {
		consumed[i] = r.consumed
	}
	return append(appendConsumedList(dst, consumed), '}')
}

// appendUnread appends what is left of the request for a table, ready to be sent again.
func (r *tableReads) appendUnread(dst []byte) []byte {
	in := r.in
	in.Keys = r.unread
	dst = append(dst, `{"Keys":[`...)
	for i, k := range in.Keys {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = attr.AppendItem(dst, k)
	}
	dst = append(dst, `],"ConsistentRead":`...)
	dst = strconv.AppendBool(dst, in.ConsistentRead)
	if in.AttributesToGet != nil {
		dst = appendTexts(append(dst, `,"AttributesToGet":`...), in.AttributesToGet)
	}
	if in.ProjectionExpression != nil {
		dst = jsonscan.AppendQuoted(append(dst, `,"ProjectionExpression":`...), *in.ProjectionExpression)
	}
	if in.ExpressionAttributeNames != nil {
		dst = appendNames(append(dst, `,"ExpressionAttributeNames":`...), in.ExpressionAttributeNames)
	}
	return append(dst, '}')
}

// appendTexts appends a list of texts.
func appendTexts(dst []byte, texts []string) []byte {
	dst = append(dst, '[')
	for i, s := range texts {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = jsonscan.AppendQuoted(dst, s)
	}
	return append(dst, ']')
}

// appendNames appends a map of names.
func appendNames(dst []byte, names map[string]string) []byte {
	dst = append(dst, '{')
	for _, k := range slices.Sorted(maps.Keys(names)) {
		dst = jsonscan.AppendQuoted(appendQuotedMember(dst, k), names[k])
	}
	return append(dst, '}')
}

// appendQuotedMember is appendMember for a name that comes from a request.
func appendQuotedMember(dst []byte, name string) []byte {
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	return append(jsonscan.AppendQuoted(dst, name), ':')
}

// appendConsumedList appends the ConsumedCapacity member of an operation on several tables.
func appendConsumedList(dst []byte, list []*consumedCapacity) []byte {
	first := true
	for _, consumed := range list {
		if consumed == nil {
			continue
		}
		if first {
			dst = append(appendMember(dst, "ConsumedCapacity"), '[')
		} else {
			dst = append(dst, ',')
		}
		first = false
		dst = encode(dst, shapeConsumed(), consumed)
	}
	if !first {
		dst = append(dst, ']')
	}
	return dst
}
