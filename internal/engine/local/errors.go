package local

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"
)

// BusyError says that a process has the store and cannot be spoken to.
type BusyError struct {
	Dir     string
	PID     int    // 0 when unknown
	Version string // of the ddb that has it; empty when unknown
	Reason  string
}

func (e *BusyError) Error() string {
	who := "another process"
	if e.PID > 0 {
		who = "process " + strconv.Itoa(e.PID)
	}
	if e.Version != "" {
		who += " (ddb " + e.Version + ")"
	}
	return fmt.Sprintf("the data folder %s is in use by %s: %s; end that process or use another folder with --data", e.Dir, who, e.Reason)
}

// VersionError says that a newer ddb wrote the store.
type VersionError struct {
	Dir              string
	Writer, Reader   string // versions of ddb
	Format, Supports int
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("the store in %s was written by ddb %s (format %d); this is ddb %s, which reads formats up to %d: use that version or a newer one, or empty the folder with 'ddb local reset'",
		e.Dir, e.Writer, e.Format, e.Reader, e.Supports)
}

// jitter spreads the retries of processes that were started together.
func jitter(d time.Duration) time.Duration {
	return d/2 + rand.N(d) //nolint:gosec // no secret
}
