package cmd

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// definitions collects the types of key attributes over a table and its indexes.
type definitions []types.AttributeDefinition

// add notes an attribute; one that is named twice must have one type.
func (d *definitions) add(name string, kind types.ScalarAttributeType) error {
	for _, have := range *d {
		if aws.ToString(have.AttributeName) != name {
			continue
		}
		if kind != "" && have.AttributeType != kind {
			return usage(fmt.Sprintf("the attribute %q is given the types %s and %s", name, have.AttributeType, kind), "an attribute has one type in all keys of a table and its indexes")
		}
		return nil
	}
	if kind == "" {
		return usage(fmt.Sprintf("the type of the attribute %q is missing", name), "write "+name+":S for text, "+name+":N for a number or "+name+":B for binary")
	}
	*d = append(*d, types.AttributeDefinition{AttributeName: &name, AttributeType: kind})
	return nil
}

// parseKeys reads a key schema: pk:S or pk:S,sk:N; an index may have several parts of a kind, joined by "+".
func (d *definitions) parseKeys(text string) ([]types.KeySchemaElement, error) {
	const form = "write pk:S or pk:S,sk:N (S text, N number, B binary)"
	var keys []types.KeySchemaElement
	roles := strings.Split(text, ",")
	if len(roles) > 2 {
		return nil, usage(fmt.Sprintf("%q has more than a partition key and a sort key", text), form)
	}
	for i, role := range roles {
		keyType := types.KeyTypeHash
		if i == 1 {
			keyType = types.KeyTypeRange
		}
		for part := range strings.SplitSeq(role, "+") {
			name, kind, _ := strings.Cut(strings.TrimSpace(part), ":")
			kind = strings.ToUpper(kind)
			if name == "" {
				return nil, usage(fmt.Sprintf("%q lacks the name of an attribute", text), form)
			}
			if kind != "" && kind != "S" && kind != "N" && kind != "B" {
				return nil, usage(fmt.Sprintf("%q is no type for a key", kind), form)
			}
			if err := d.add(name, types.ScalarAttributeType(kind)); err != nil {
				return nil, err
			}
			keys = append(keys, types.KeySchemaElement{AttributeName: &name, KeyType: keyType})
		}
	}
	return keys, nil
}

// keyWords is a key schema as --keys has it: pk:S,sk:N.
func keyWords(keys []types.KeySchemaElement, all []types.AttributeDefinition) string {
	var words []string
	for _, k := range keys {
		word := aws.ToString(k.AttributeName)
		for _, d := range all {
			if aws.ToString(d.AttributeName) == word {
				word += ":" + string(d.AttributeType)
				break
			}
		}
		words = append(words, word)
	}
	return strings.Join(words, ",")
}

// indexSpec is an index as written: Name=pk:S,sk:N, then what it holds: "keys" or "include a,b"; everything otherwise.
type indexSpec struct {
	name       string
	keys       []types.KeySchemaElement
	projection *types.Projection
}

func (d *definitions) parseIndex(text string) (indexSpec, error) {
	const form = "write 'ByStatus=status:S,placed:S', and behind it 'keys' or 'include a,b' for less than all attributes"
	name, rest, ok := strings.Cut(text, "=")
	if !ok || name == "" {
		hint := form
		if words := strings.Fields(text); len(words) > 1 && keyWord.MatchString(words[1]) {
			hint = fmt.Sprintf("write '%s=%s'", words[0], strings.Join(words[1:], ","))
		}
		return indexSpec{}, usage(fmt.Sprintf("%q is no index", text), hint)
	}
	words := strings.Fields(rest)
	if len(words) == 0 {
		return indexSpec{}, usage(fmt.Sprintf("the index %q has no key", name), form)
	}
	x := indexSpec{name: name, projection: &types.Projection{ProjectionType: types.ProjectionTypeAll}}
	switch {
	case len(words) == 1, len(words) == 2 && words[1] == "all":
	case len(words) == 2 && strings.HasPrefix(words[1], "keys"):
		x.projection.ProjectionType = types.ProjectionTypeKeysOnly
	case len(words) >= 3 && words[1] == "include":
		x.projection.ProjectionType = types.ProjectionTypeInclude
		list := strings.Split(strings.Join(words[2:], ","), ",")
		x.projection.NonKeyAttributes = slices.DeleteFunc(list, func(s string) bool { return s == "" })
	default:
		return indexSpec{}, usage(fmt.Sprintf("%q is no projection", strings.Join(words[1:], " ")), form)
	}
	var err error
	x.keys, err = d.parseKeys(words[0])
	return x, err
}

// used are the definitions of these keys: with a new index the service wants those of its key and of the table's, no others.
func (d *definitions) used(keys ...[]types.KeySchemaElement) []types.AttributeDefinition {
	var list []types.AttributeDefinition
	for _, def := range *d {
		if slices.ContainsFunc(slices.Concat(keys...), func(k types.KeySchemaElement) bool {
			return aws.ToString(k.AttributeName) == aws.ToString(def.AttributeName)
		}) {
			list = append(list, def)
		}
	}
	return list
}

// parseCapacity reads provisioned capacity: 5,10 for 5 read and 10 write units, or one number for both.
func parseCapacity(text string) (*types.ProvisionedThroughput, error) {
	read, write, two := strings.Cut(text, ",")
	if !two {
		write = read
	}
	r, err1 := strconv.ParseInt(strings.TrimSpace(read), 10, 64)
	w, err2 := strconv.ParseInt(strings.TrimSpace(write), 10, 64)
	if err1 != nil || err2 != nil || r < 1 || w < 1 {
		return nil, usage(fmt.Sprintf("--capacity %s is not understood", text), "write READ,WRITE units: 5,10")
	}
	return &types.ProvisionedThroughput{ReadCapacityUnits: &r, WriteCapacityUnits: &w}, nil
}

var streamViews = map[string]types.StreamViewType{
	"new-and-old": types.StreamViewTypeNewAndOldImages, "both": types.StreamViewTypeNewAndOldImages,
	"new": types.StreamViewTypeNewImage, "old": types.StreamViewTypeOldImage, "keys": types.StreamViewTypeKeysOnly,
}

func parseStream(text string) (*types.StreamSpecification, error) {
	normal := strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(strings.ReplaceAll(text, "_", "-")), "-images"), "-image")
	if normal == "off" {
		off := false
		return &types.StreamSpecification{StreamEnabled: &off}, nil
	}
	view, ok := streamViews[strings.TrimSuffix(normal, "-only")]
	if !ok {
		return nil, usage(fmt.Sprintf("--stream %s is not known", text), "it is new-and-old, new, old, keys or off")
	}
	on := true
	return &types.StreamSpecification{StreamEnabled: &on, StreamViewType: view}, nil
}

// parseTags reads key=value pairs.
func parseTags(pairs []string) ([]types.Tag, error) {
	var tags []types.Tag
	for _, pair := range pairs {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return nil, usage(fmt.Sprintf("%q is no tag", pair), "write key=value: env=dev")
		}
		tags = append(tags, types.Tag{Key: &key, Value: &value})
	}
	return tags, nil
}
