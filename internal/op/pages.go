package op

import "github.com/ddb-cli/ddb/internal/start"

// When this package is set up, the SDK is, and the front ends are not: half of what their setting up touches is let go of in between, so that
// the most that is ever resident is less.
func init() { start.GiveBack() }
