package storage

// Work is what has been asked of a store, by number. A count is the same on a slow machine and a fast one, so tests hold what a
// call costs to it.
type Work struct {
	Gets  int64 // keys looked up
	Seeks int64 // places in the order of keys gone to
	Steps int64 // keys gone on by
}

// Work counts what has been read since the store was opened; an iterator counts once it is closed.
func (s *Store) Work() Work {
	return Work{Gets: s.work.gets.Load(), Seeks: s.work.seeks.Load(), Steps: s.work.steps.Load()}
}
