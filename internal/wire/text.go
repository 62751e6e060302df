package wire

import (
	"encoding/base64"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/jsonscan"
)

func appendBinary(dst, b []byte) []byte {
	dst = append(dst, '"')
	dst = base64.StdEncoding.AppendEncode(dst, b)
	return append(dst, '"')
}

// AppendValue appends an attribute value of the SDK as DynamoDB JSON. A nil value is written as null.
func AppendValue(dst []byte, v types.AttributeValue) []byte {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		dst = append(dst, `{"S":`...)
		dst = jsonscan.AppendQuoted(dst, v.Value)
	case *types.AttributeValueMemberN:
		dst = append(dst, `{"N":`...)
		dst = jsonscan.AppendQuoted(dst, v.Value)
	case *types.AttributeValueMemberB:
		dst = append(dst, `{"B":`...)
		dst = appendBinary(dst, v.Value)
	case *types.AttributeValueMemberBOOL:
		if v.Value {
			return append(dst, `{"BOOL":true}`...)
		}
		return append(dst, `{"BOOL":false}`...)
	case *types.AttributeValueMemberNULL:
		return append(dst, `{"NULL":true}`...)
	case *types.AttributeValueMemberM:
		dst = append(dst, `{"M":`...)
		dst = AppendItem(dst, v.Value)
	case *types.AttributeValueMemberL:
		dst = append(dst, `{"L":`...)
		dst = appendList(dst, v.Value, AppendValue)
	case *types.AttributeValueMemberSS:
		dst = append(dst, `{"SS":`...)
		dst = appendList(dst, v.Value, jsonscan.AppendQuoted[string])
	case *types.AttributeValueMemberNS:
		dst = append(dst, `{"NS":`...)
		dst = appendList(dst, v.Value, jsonscan.AppendQuoted[string])
	case *types.AttributeValueMemberBS:
		dst = append(dst, `{"BS":`...)
		dst = appendList(dst, v.Value, appendBinary)
	default:
		return append(dst, "null"...)
	}
	return append(dst, '}')
}

func appendList[T any](dst []byte, list []T, each func([]byte, T) []byte) []byte {
	dst = append(dst, '[')
	for i, e := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = each(dst, e)
	}
	return append(dst, ']')
}

// AppendItem appends an item of the SDK as DynamoDB JSON, attributes sorted by name so that equal items read equal.
func AppendItem(dst []byte, item map[string]types.AttributeValue) []byte {
	return appendMap(dst, item, AppendValue)
}
