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
