package op

// Optional is nil for an empty text: what was not given is not sent, or shown as null.
func Optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
