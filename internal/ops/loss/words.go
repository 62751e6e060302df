package loss

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/partiql"
)

// longest is how many bytes of a name, key or statement a question shows.
const longest = 200

// quoted shows text of others: in quotes, with what cannot be seen escaped, and not too long.
func quoted(text string) string {
	if len(text) > longest {
		return strconv.QuoteToASCII(strings.ToValidUTF8(text[:longest], "")) + "…"
	}
	return strconv.QuoteToGraphic(text)
}

// key shows a key as plain JSON, escaped where a character could not be seen.
func key(k attr.Item) string { return shown(attr.AppendPlainItem(nil, k)) }

// shown is plain JSON with what cannot be seen escaped, and not too long.
func shown(plain []byte) string {
	text := string(plain)
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "") + "…"
	}
	inside := strconv.QuoteToGraphic(text)
	return strings.ReplaceAll(inside[1:len(inside)-1], `\"`, `"`)
}

// mostShown is how many keys or statements of one call a question shows.
const mostShown = 3

// some shows the first of a list, and says how many there are beside them.
func some[T any](list []T, show func(T) string) string {
	var parts []string
	for _, x := range list[:min(len(list), mostShown)] {
		parts = append(parts, show(x))
	}
	text := strings.Join(parts, ", ")
	if more := len(list) - len(parts); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// A statement is one of a call, with the values of its question marks.
type statement struct {
	text   string
	values []types.AttributeValue
}

func (s statement) quoted() string {
	if len(s.values) == 0 {
		return quoted(s.text)
	}
	list := op.FromSDK(map[string]types.AttributeValue{"": &types.AttributeValueMemberL{Value: s.values}})
	return quoted(s.text) + " with " + shown(attr.AppendPlainValue(nil, list[0].Value))
}

// deletes says whether the statement does, or could, since it cannot be read.
func (s statement) deletes() bool {
	read, err := partiql.Parse(s.text)
	return err != nil || partiql.IsDelete(read)
}

// parts names the indexes, replicas and witnesses an update removes, indexes with their count of items. The error is that of
// a table or an index that is not there.
func (a asker) parts(in *table.UpdateInput) (string, error) {
	d, err := a.described(in.TableName, in.Region)
	if hopeless(err) {
		return "", err
	}
	counts, known := map[string]int64{}, map[string]bool{}
	if err == nil {
		for _, x := range d.GlobalSecondaryIndexes {
			counts[aws.ToString(x.IndexName)], known[aws.ToString(x.IndexName)] = aws.ToInt64(x.ItemCount), true
		}
		for _, x := range d.VectorIndexes {
			known[aws.ToString(x.IndexName)] = true
		}
	}
	var none error
	var parts []string
	index := func(name *string) {
		text := "the index " + quoted(aws.ToString(name))
		if err == nil && none == nil && !known[aws.ToString(name)] {
			none = &op.Error{Code: "ResourceNotFoundException", Message: "the table " + quoted(in.TableName) + " has no index " + quoted(aws.ToString(name)) + "; nothing was removed"}
		}
		if n := counts[aws.ToString(name)]; n > 0 {
			text += fmt.Sprintf(" (about %d items)", n)
		}
		parts = append(parts, text)
	}
	for _, u := range in.GlobalSecondaryIndexUpdates {
		if u.Delete != nil {
			index(u.Delete.IndexName)
		}
	}
	for _, u := range in.VectorIndexUpdates {
		if u.Delete != nil {
			index(u.Delete.IndexName)
		}
	}
	for _, u := range in.ReplicaUpdates {
		if u.Delete != nil {
			parts = append(parts, "the replica in "+quoted(aws.ToString(u.Delete.RegionName))+" with its items")
		}
	}
	for _, u := range in.GlobalTableWitnessUpdates {
		if u.Delete != nil {
			parts = append(parts, "the witness in "+quoted(aws.ToString(u.Delete.RegionName)))
		}
	}
	return strings.Join(parts, ", "), none
}

// keysLoss tells the items of each table, by their keys.
func keysLoss(keys map[string][]attr.Item) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(keys)) {
		if list := keys[name]; len(list) > 0 {
			parts = append(parts, fmt.Sprintf("%s of the table %s: %s", items(len(list)), quoted(op.TableName(name)), some(list, key)))
		}
	}
	return strings.Join(parts, "; ")
}

func items(n int) string { return counted(int64(n)) }

func counted(n int64) string {
	if n == 1 {
		return "1 item"
	}
	return strconv.FormatInt(n, 10) + " items"
}
