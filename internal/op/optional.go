package op

// Optional is nil for an empty text: a parameter that was not given is not sent.
func Optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
