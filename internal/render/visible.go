package render

// Visible makes text safe to show on a terminal: control characters, and the marks that reorder or hide text, are shown as
// what they are. It is for data that is printed outside of tables, which do it themselves.
func Visible(s string) string { return visible(s) }
