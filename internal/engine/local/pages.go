package local

import "github.com/ddb-cli/ddb/internal/start"

// When this package is set up, all that the engine is made of is; see package op.
func init() { start.GiveBack() }
