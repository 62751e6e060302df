package tablefile

import (
	"fmt"
	"slices"
	"strconv"
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

// word is a text that is there.
func (n *node) word() (string, error) {
	if n.kind != scalar || n.text == "" {
		return "", n.fail("expected a text, found "+n.kindText(), "")
	}
	return n.text, nil
}

// oneOf is one of some words. true and false stand for on and off.
func (n *node) oneOf(words ...string) (string, error) {
	text := n.text
	if n.kind == scalar {
		switch strings.ToLower(text) {
		case "true", "yes":
			text = On
		case "false", "no", "none":
			text = Off
		}
		if slices.Contains(words, text) {
			return text, nil
		}
	}
	hint := "it is " + strings.Join(words, ", ")
	if near := meant(n.text, words); n.kind == scalar && near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return "", n.fail("is "+n.kindText()+", which is not known", hint)
}

func (n *node) integer(least int64) (int64, error) {
	v, err := strconv.ParseInt(n.text, 10, 64)
	if n.kind != scalar || err != nil || v < least {
		return 0, n.fail(fmt.Sprintf("expected a whole number from %d, found %s", least, n.kindText()), "")
	}
	return v, nil
}

// units reads {read: 5, write: 10}, capacity units or request units a second.
func (n *node) units() (*Units, error) {
	u := &Units{Unlimited, Unlimited}
	err := n.eachUnit(u, func(v *node, into *int64) (err error) {
		*into, err = v.integer(1)
		return err
	})
	if err == nil && (u.Read == Unlimited || u.Write == Unlimited) {
		err = n.fail("read or write is missing", "write it as {read: 5, write: 10}")
	}
	return u, err
}

// maximum reads units of which one may be missing or unlimited, or none at all.
func (n *node) maximum() (*Units, error) {
	u := &Units{Unlimited, Unlimited}
	if n.kind == scalar && (n.text == "none" || n.text == Off || n.text == "unlimited") {
		return u, nil
	}
	return u, n.eachUnit(u, func(v *node, into *int64) (err error) {
		if v.text == "unlimited" {
			return nil
		}
		*into, err = v.integer(1)
		return err
	})
}

func (n *node) eachUnit(u *Units, set func(v *node, into *int64) error) error {
	return n.members([]string{"read", "write"}, func(name string, v *node) error {
		if name == "write" {
			return set(v, &u.Write)
		}
		return set(v, &u.Read)
	})
}

func (n *node) days() (*int, error) {
	days := 0
	text := strings.ToLower(strings.TrimSpace(n.text))
	switch {
	case n.kind != scalar:
		return nil, n.fail("expected on, off or a number of days, found "+n.kindText(), "write it as: 35 days")
	case text == Off, text == "false", text == "no", text == "none":
	case text == On, text == "true", text == "yes":
		days = 35
	default:
		number, _, _ := strings.Cut(text, " ")
		v, err := strconv.Atoi(strings.TrimSuffix(number, "d"))
		if err != nil || v < 1 || v > 35 {
			return nil, n.fail("expected on, off or 1 to 35 days, found "+n.kindText(), "write it as: 35 days")
		}
		days = v
	}
	return &days, nil
}

func (n *node) texts() (map[string]string, error) {
	all := map[string]string{}
	if n.kind == scalar && (n.text == "none" || n.text == Off) {
		return all, nil
	}
	if n.kind != mapping {
		return nil, n.fail("expected a map, found "+n.kindText(), "write it as {env: dev}, or {} for none")
	}
	for _, f := range n.fields {
		if f.value.kind != scalar && f.value.kind != null {
			return nil, f.value.fail("expected a text, found "+f.value.kindText(), "")
		}
		all[f.name] = f.value.text
	}
	return all, nil
}
