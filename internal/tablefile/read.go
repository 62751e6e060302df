package tablefile

import (
	"fmt"
	"slices"
	"strings"
)

// Read reads the tables of a file; file is its name for errors, which are *Error. The form is told from what stands in it: a table file, the API's
// own JSON as DescribeTable answers or CreateTable takes it, a CloudFormation template, or Terraform in HCL or JSON.
// Notes say what of the file has no place in a Table and was passed over.
func Read(file string, src []byte) (tables []*Table, notes []string, err error) {
	docs, err := documents(file, src)
	if err != nil {
		return nil, nil, err
	}
	for _, d := range docs {
		found, more, err := readDocument(d)
		if err != nil {
			return nil, nil, err
		}
		tables, notes = append(tables, found...), append(notes, more...)
	}
	if len(tables) == 0 {
		return nil, nil, &Error{File: file, Message: "holds no table", Hint: "ddb table describe TABLE -o yaml writes one"}
	}
	for i, t := range tables {
		for _, earlier := range tables[:i] {
			if earlier.Name == t.Name {
				return nil, nil, &Error{File: file, Line: t.Line, Message: fmt.Sprintf("the table %q is there twice", t.Name)}
			}
		}
	}
	return tables, notes, nil
}

func documents(file string, src []byte) ([]*node, error) {
	if !isHCL(file, src) {
		return parse(file, src)
	}
	d, err := parseHCL(file, src)
	if err != nil {
		return nil, err
	}
	if d.get("resource") == nil {
		return nil, &Error{File: file, Message: "holds no resource of the kind aws_dynamodb_table"}
	}
	return []*node{d}, nil
}

func readDocument(d *node) ([]*Table, []string, error) {
	if d.kind != mapping {
		return nil, nil, d.fail("expected a map, found "+d.kindText(), "a table file begins with table: NAME; ddb table describe TABLE -o yaml writes one")
	}
	one := func(t *Table, err error) ([]*Table, []string, error) {
		if err != nil {
			return nil, nil, err
		}
		return []*Table{t}, nil, nil
	}
	switch {
	case d.get("table") != nil:
		return one(readTable(d))
	case d.get("Resources") != nil:
		return readTemplate(d)
	case d.get("resource") != nil:
		return readTerraform(d)
	case d.get("Table") != nil && d.get("Table").kind == mapping:
		return one(readAPI(d.get("Table")))
	case d.get("TableDescription") != nil && d.get("TableDescription").kind == mapping:
		return one(readAPI(d.get("TableDescription")))
	case d.get("TableName") != nil || d.get("KeySchema") != nil:
		return one(readAPI(d))
	}
	hint := "a table file begins with table: NAME; CloudFormation has Resources, Terraform's JSON resource, DescribeTable's answer TableName"
	if len(d.fields) > 0 {
		if near := meant(d.fields[0].name, append([]string{"table"}, Settings...)); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
	}
	return nil, nil, d.fail("is no table: table: NAME is missing", hint)
}

// members calls take for each member of a map, and refuses a name that is not among the known ones.
func (n *node) members(known []string, take func(name string, v *node) error) error {
	if n.kind != mapping {
		return n.fail("expected a map, found "+n.kindText(), "")
	}
	for _, f := range n.fields {
		if !slices.Contains(known, f.name) {
			hint := "it may hold " + strings.Join(known, ", ")
			if near := meant(f.name, known); near != "" {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			return &Error{n.file, f.line, join(n.path, f.name), "is not known here", hint}
		}
		if f.value.tag != "" {
			return f.value.fail("the tag "+f.value.tag+" is not read here", "write the value")
		}
		if err := take(f.name, f.value); err != nil {
			return err
		}
	}
	return nil
}

func readTable(d *node) (*Table, error) {
	t := &Table{Line: d.line}
	types := map[string]string{}
	err := d.members(append([]string{"table"}, Settings...), func(name string, v *node) (err error) {
		switch name {
		case "table":
			t.Name, err = v.word()
		case "keys":
			t.Keys, err = v.keys(types)
		case "billing":
			t.Billing, err = v.oneOf(OnDemand, Provisioned)
		case "capacity":
			t.Capacity, err = v.units()
		case "auto-scaling":
			t.Scaling, err = v.scaling()
		case "on-demand-max":
			t.Max, err = v.maximum()
		case "warm":
			t.Warm, err = v.units()
		case "vector-indexes":
			t.Vectors, err = readList(v, func(x *node) (Vector, error) { return x.vector(types) })
		case "ttl":
			if t.TTL, err = v.word(); t.TTL == "false" {
				t.TTL = Off
			}
		case "pitr":
			t.PITR, err = v.days()
		case "stream":
			t.Stream, err = v.oneOf("new-and-old", "new", "old", "keys", Off)
		case "tags":
			t.Tags, err = v.texts()
		case "policy":
			t.Policy, err = v.policy()
		case "class":
			t.Class, err = v.oneOf("standard", "infrequent-access")
		case "deletion-protection":
			t.Protection, err = v.oneOf(On, Off)
		case "encryption":
			t.Encryption, err = v.word()
		case "insights":
			t.Insights, err = v.oneOf("all", "throttled", Off)
		case "kinesis":
			t.Kinesis, err = readList(v, (*node).kinesis)
		case "replicas":
			t.Replicas, err = readList(v, (*node).replica)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	// Indexes may name attributes of the table's key without their types, so they come after it.
	if v := d.get("indexes"); v != nil {
		if t.Indexes, err = readList(v, func(x *node) (Index, error) { return x.index(types, globalMembers) }); err != nil {
			return nil, err
		}
	}
	if v := d.get("local-indexes"); v != nil {
		if t.Local, err = readList(v, func(x *node) (Index, error) { return x.index(types, localMembers) }); err != nil {
			return nil, err
		}
	}
	return t, t.check(d, types)
}

func readList[T any](n *node, read func(*node) (T, error)) ([]T, error) {
	if n.kind == scalar && (n.text == "none" || n.text == Off) {
		return []T{}, nil
	}
	if n.kind != list {
		return nil, n.fail("expected a list, found "+n.kindText(), "write each behind a dash, or [] for none")
	}
	all := []T{}
	for _, item := range n.items {
		v, err := read(item)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}
