package engine

func (e *Engine) resumeExports() error { return nil }
func (e *Engine) resumeImports() error { return nil }
