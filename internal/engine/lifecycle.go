package engine

import "time"

// settle carries out the changes of state that are due.
func (e *Engine) settle(now time.Time) {}

// resumeIndexes takes up the backfills an earlier process left unfinished.
func (e *Engine) resumeIndexes() {}
