package engine

// LimitCollections sets another limit for item collections, for tests: before the first write.
func (e *Engine) LimitCollections(bytes int64) { e.collections.limit = bytes }
