package tablefile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

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
