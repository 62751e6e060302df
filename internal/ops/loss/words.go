package loss

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/batch"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/ops/transact"
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
func key(k attr.Item) string {
	text := string(attr.AppendPlainItem(nil, k))
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "") + "…"
	}
	inside := strconv.QuoteToGraphic(text)
	return strings.ReplaceAll(inside[1:len(inside)-1], `\"`, `"`)
}

func first(n int, statement func() *string) string {
	if n == 0 {
		return "missing"
	}
	return quoted(aws.ToString(statement()))
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

func batchLoss(in *batch.WriteInput) string {
	var parts []string
	for name, list := range in.RequestItems {
		deletes := 0
		for _, r := range list {
			if r.DeleteRequest != nil {
				deletes++
			}
		}
		if deletes > 0 {
			parts = append(parts, fmt.Sprintf("%s of the table %s", items(deletes), quoted(op.TableName(name))))
		}
	}
	slices.Sort(parts)
	return "Deletes " + strings.Join(parts, ", ") + "."
}

func transactionLoss(in *transact.WriteInput) string {
	n := map[string]int{}
	for _, t := range in.TransactItems {
		if t.Delete != nil {
			n[op.TableName(aws.ToString(t.Delete.TableName))]++
		}
	}
	var parts []string
	for name, deletes := range n {
		parts = append(parts, fmt.Sprintf("%s of the table %s", items(deletes), quoted(name)))
	}
	slices.Sort(parts)
	return "In one transaction deletes " + strings.Join(parts, ", ") + "."
}

func items(n int) string { return counted(int64(n)) }

func counted(n int64) string {
	if n == 1 {
		return "1 item"
	}
	return strconv.FormatInt(n, 10) + " items"
}
