package partiql

// Tables names the tables a statement touches, as the statement names them (a name or an ARN), each once.
func Tables(s Statement) []string {
	switch s := s.(type) {
	case *Select:
		return []string{s.From.Table}
	case *Insert:
		return []string{s.Into.Table}
	case *Update:
		return []string{s.Table.Table}
	case *Delete:
		return []string{s.From.Table}
	case *Exists:
		return []string{s.Select.From.Table}
	}
	return nil
}

// IsRead reports whether a statement changes nothing: a SELECT, or the EXISTS of a transaction.
func IsRead(s Statement) bool {
	switch s.(type) {
	case *Select, *Exists:
		return true
	}
	return false
}

// IsDelete reports whether a statement removes an item.
func IsDelete(s Statement) bool {
	_, ok := s.(*Delete)
	return ok
}

// Compared tells for which attributes a condition allows only values that it names, by = or IN, and how many values. With OR it holds of those that both sides
// compare. This is what the service needs of a partition key to read it instead of everything.
func Compared(where Expr) map[string]int {
	switch e := where.(type) {
	case *Binary:
		switch e.Op {
		case "AND":
			all := Compared(e.L)
			for name, n := range Compared(e.R) {
				if had, ok := all[name]; !ok || n < had {
					all[name] = n
				}
			}
			return all
		case "OR":
			all, right := map[string]int{}, Compared(e.R)
			for name, n := range Compared(e.L) {
				if m, ok := right[name]; ok {
					all[name] = n + m
				}
			}
			return all
		case "=":
			left, right := e.L, e.R
			if _, path := left.(*Path); !path {
				left, right = right, left
			}
			if name := attribute(left); name != "" && attribute(right) == "" {
				return map[string]int{name: 1}
			}
		}
	case *In:
		name := attribute(e.X)
		if name == "" || e.Not {
			break
		}
		switch set := e.Set.(type) {
		case *List:
			return map[string]int{name: len(set.Elems)}
		case *Bag:
			return map[string]int{name: len(set.Elems)}
		}
		return map[string]int{name: 1}
	}
	return map[string]int{}
}

// attribute is the name of a top-level attribute, "" for everything else.
func attribute(e Expr) string {
	if p, ok := e.(*Path); ok && len(p.Parts) == 1 {
		return p.Parts[0].Name
	}
	return ""
}

// InPlaceOfValues lists the attributes that stand alone where a value is usual: behind an attribute they are compared with, in IN and
// BETWEEN, and as what SET sets. Texts that were written in double quotes, or in none, are among them.
func InPlaceOfValues(s Statement) []*Path {
	var found []*Path
	add := func(e Expr) {
		if p, ok := e.(*Path); ok && attribute(p) != "" {
			found = append(found, p)
		}
	}
	var walk func(e Expr)
	walk = func(e Expr) {
		switch e := e.(type) {
		case *Binary:
			if _, both := e.L.(*Path); both && e.Op != "AND" && e.Op != "OR" {
				add(e.R)
				return
			}
			walk(e.L)
			walk(e.R)
		case *Unary:
			walk(e.X)
		case *Between:
			add(e.Low)
			add(e.High)
		case *In:
			if list, ok := e.Set.(*List); ok {
				for _, x := range list.Elems {
					add(x)
				}
			}
		}
	}
	switch s := s.(type) {
	case *Select:
		walk(s.Where)
	case *Exists:
		walk(s.Select.Where)
	case *Delete:
		walk(s.Where)
	case *Update:
		walk(s.Where)
		for _, a := range s.Actions {
			add(a.Value)
		}
	}
	return found
}
