package op

import (
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// The modes of a ScanGuard beside "off", which is none.
const (
	// ScanWarn says through Env.Warn what a scan over the budget would take, and lets it go on.
	ScanWarn = "warn"
	// ScanEnforce refuses it, and stops one that has taken more than was estimated.
	ScanEnforce = "enforce"
)

// CodeScanBudget refuses a scan that takes, or has taken, more than the budget.
const CodeScanBudget = "ScanBudget"

// ScanGuard watches what scans take. It may be used by many calls at once.
type ScanGuard struct {
	// Mode is ScanWarn or ScanEnforce.
	Mode string
	// Units is the budget of one scan over all its pages, in read units.
	Units float64

	mu    sync.Mutex
	spent map[string]float64 // by what is scanned
	of    *ScanGuard         // whose count it adds to, of one that stops nothing
}

// Again is a guard for reading once more what was read already: what that takes counts, and nothing is asked or stopped.
func (g *ScanGuard) Again() *ScanGuard {
	if g == nil {
		return nil
	}
	return &ScanGuard{Mode: g.Mode, Units: g.Units, of: g}
}

// CountsOnly says that the guard is one of Again: it adds to what was spent and refuses nothing.
func (g *ScanGuard) CountsOnly() bool { return g.of != nil }

// Begin forgets what an earlier scan of the same took.
func (g *ScanGuard) Begin(what string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.spent, what)
}

// Spent is what the pages of a scan have taken so far.
func (g *ScanGuard) Spent(what string) float64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.spent[what]
}

// Spend adds what a page took, in read units. Pages of which the service told nothing count as nothing.
func (g *ScanGuard) Spend(what string, capacity *types.ConsumedCapacity) {
	if capacity == nil {
		return
	}
	if g.of != nil {
		g.of.Spend(what, capacity)
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.spent == nil {
		g.spent = map[string]float64{}
	}
	g.spent[what] += aws.ToFloat64(capacity.CapacityUnits)
}
