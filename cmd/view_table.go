package cmd

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ddb-cli/ddb/internal/render"
)

// describeView shows a table as a person asks about it: state and size, keys, indexes.
func describeView(t *render.Object) []render.Section {
	kinds := make(map[string]string)
	for _, d := range t.List("AttributeDefinitions") {
		if def, ok := d.(*render.Object); ok {
			kinds[def.Text("AttributeName")] = def.Text("AttributeType")
		}
	}
	head := render.Section{}
	add := func(name, value string) {
		if value != "" {
			head.Rows = append(head.Rows, []string{name, value})
		}
	}
	add("Table", t.Text("TableName"))
	add("Status", t.Text("TableStatus"))
	add("Key", keyText(t, kinds))
	add("Items", t.Text("ItemCount"))
	add("Size", sizeText(t.Text("TableSizeBytes")))
	add("Capacity", capacityText(t))
	add("Class", t.Object("TableClassSummary").Text("TableClass"))
	if s := t.Object("StreamSpecification"); s.Text("StreamEnabled") == "true" {
		add("Stream", s.Text("StreamViewType"))
	}
	if t.Text("DeletionProtectionEnabled") == "true" {
		add("Protected", "from deletion")
	}
	add("Created", t.Text("CreationDateTime"))
	add("ARN", t.Text("TableArn"))
	sections := []render.Section{head}
	indexes := render.Section{Title: "Indexes", Header: []string{"index", "kind", "key", "holds", "status", "items", "size"}, Numeric: []int{5}}
	for _, kind := range []struct{ field, word string }{{"GlobalSecondaryIndexes", "global"}, {"LocalSecondaryIndexes", "local"}} {
		for _, x := range t.List(kind.field) {
			index, ok := x.(*render.Object)
			if !ok {
				continue
			}
			status := index.Text("IndexStatus")
			if kind.word == "local" {
				status = t.Text("TableStatus")
			}
			indexes.Rows = append(indexes.Rows, []string{
				index.Text("IndexName"), kind.word, keyText(index, kinds), projectionText(index), status,
				index.Text("ItemCount"), sizeText(index.Text("IndexSizeBytes")),
			})
		}
	}
	if len(indexes.Rows) > 0 {
		sections = append(sections, indexes)
	}
	return sections
}

func keyText(t *render.Object, kinds map[string]string) string {
	roles := map[string][]string{}
	for _, k := range t.List("KeySchema") {
		if key, ok := k.(*render.Object); ok {
			name := key.Text("AttributeName")
			role := key.Text("KeyType")
			roles[role] = append(roles[role], name+":"+kinds[name])
		}
	}
	text := strings.Join(roles["HASH"], "+")
	if len(roles["RANGE"]) > 0 {
		text += ", " + strings.Join(roles["RANGE"], "+")
	}
	return text
}

func projectionText(index *render.Object) string {
	p := index.Object("Projection")
	switch p.Text("ProjectionType") {
	case "KEYS_ONLY":
		return "keys"
	case "INCLUDE":
		var names []string
		for _, n := range p.List("NonKeyAttributes") {
			names = append(names, fmt.Sprint(n))
		}
		return "keys, " + strings.Join(names, ", ")
	default:
		return "all"
	}
}

func capacityText(t *render.Object) string {
	if t.Object("BillingModeSummary").Text("BillingMode") == "PAY_PER_REQUEST" {
		return "on demand"
	}
	p := t.Object("ProvisionedThroughput")
	if p == nil {
		return ""
	}
	return p.Text("ReadCapacityUnits") + " read, " + p.Text("WriteCapacityUnits") + " write units"
}

func sizeText(text string) string {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	for _, unit := range []string{"bytes", "KB", "MB", "GB"} {
		if n < 1024 {
			return strings.TrimSuffix(strconv.FormatFloat(n, 'f', 1, 64), ".0") + " " + unit
		}
		n /= 1024
	}
	return strconv.FormatFloat(n, 'f', 1, 64) + " TB"
}
