package wire

import (
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
)

// ToSDK converts an item to the SDK's form. A nil item stays nil, so that an absent parameter stays absent.
func ToSDK(item attr.Item) map[string]types.AttributeValue {
	if item == nil {
		return nil
	}
	out := make(map[string]types.AttributeValue, len(item))
	for _, a := range item {
		out[a.Name] = ValueToSDK(a.Value)
	}
	return out
}

// ValueToSDK converts one attribute value to the SDK's form. The zero Value, which no parser gives, becomes nil.
func ValueToSDK(v attr.Value) types.AttributeValue {
	switch v.Kind {
	case attr.S:
		return &types.AttributeValueMemberS{Value: v.Str}
	case attr.N:
		return &types.AttributeValueMemberN{Value: v.Str}
	case attr.B:
		return &types.AttributeValueMemberB{Value: []byte(v.Str)}
	case attr.BOOL:
		return &types.AttributeValueMemberBOOL{Value: v.Bool}
	case attr.NULL:
		return &types.AttributeValueMemberNULL{Value: true}
	case attr.M:
		members := ToSDK(v.Map)
		if members == nil {
			members = map[string]types.AttributeValue{}
		}
		return &types.AttributeValueMemberM{Value: members}
	case attr.L:
		list := make([]types.AttributeValue, len(v.List))
		for i, e := range v.List {
			list[i] = ValueToSDK(e)
		}
		return &types.AttributeValueMemberL{Value: list}
	case attr.SS:
		return &types.AttributeValueMemberSS{Value: texts(v.List)}
	case attr.NS:
		return &types.AttributeValueMemberNS{Value: texts(v.List)}
	case attr.BS:
		set := make([][]byte, len(v.List))
		for i, e := range v.List {
			set[i] = []byte(e.Str)
		}
		return &types.AttributeValueMemberBS{Value: set}
	}
	return nil
}

func texts(list []attr.Value) []string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = e.Str
	}
	return out
}

// FromSDK converts an item from the SDK's form. The SDK's maps have no order, so the attributes come sorted by name.
func FromSDK(item map[string]types.AttributeValue) attr.Item {
	if item == nil {
		return nil
	}
	out := make(attr.Item, 0, len(item))
	for _, name := range slices.Sorted(maps.Keys(item)) {
		out = append(out, attr.Attribute{Name: name, Value: valueFromSDK(item[name])})
	}
	return out
}

// valueFromSDK converts one attribute value from the SDK's form. A member this SDK does not know becomes the zero Value.
func valueFromSDK(v types.AttributeValue) attr.Value {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return attr.Value{Kind: attr.S, Str: v.Value}
	case *types.AttributeValueMemberN:
		return attr.Value{Kind: attr.N, Str: v.Value}
	case *types.AttributeValueMemberB:
		return attr.Value{Kind: attr.B, Str: string(v.Value)}
	case *types.AttributeValueMemberBOOL:
		return attr.Value{Kind: attr.BOOL, Bool: v.Value}
	case *types.AttributeValueMemberNULL:
		return attr.Value{Kind: attr.NULL}
	case *types.AttributeValueMemberM:
		return attr.Value{Kind: attr.M, Map: FromSDK(v.Value)}
	case *types.AttributeValueMemberL:
		list := make([]attr.Value, len(v.Value))
		for i, e := range v.Value {
			list[i] = valueFromSDK(e)
		}
		return attr.Value{Kind: attr.L, List: list}
	case *types.AttributeValueMemberSS:
		return attr.Value{Kind: attr.SS, List: members(attr.S, v.Value)}
	case *types.AttributeValueMemberNS:
		return attr.Value{Kind: attr.NS, List: members(attr.N, v.Value)}
	case *types.AttributeValueMemberBS:
		set := make([]attr.Value, len(v.Value))
		for i, b := range v.Value {
			set[i] = attr.Value{Kind: attr.B, Str: string(b)}
		}
		return attr.Value{Kind: attr.BS, List: set}
	}
	return attr.Value{}
}

func members(kind attr.Kind, set []string) []attr.Value {
	out := make([]attr.Value, len(set))
	for i, s := range set {
		out[i] = attr.Value{Kind: kind, Str: s}
	}
	return out
}
