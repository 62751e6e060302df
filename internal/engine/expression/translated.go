package expression

// Translated makes a Context for expressions that were written from another language, whose text has a limit of its own: MaxTextSize does not
// apply to them.
func Translated(c *Context) *Context {
	c.translated = true
	return c
}

// fits refuses a text that is too long.
func (c *Context) fits(text string) *Error {
	if len(text) > MaxTextSize && !c.translated {
		return errSize(len(text))
	}
	return nil
}
