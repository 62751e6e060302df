package cmd

import (
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/op"
)

// scanGuardOff is the mode in which no scan is watched.
const scanGuardOff = "off"

// defaultScanBudget is in read units: about 80 MB, and a tenth of a cent on demand.
const defaultScanBudget = 10_000

// scanFlags are those of the guard that watches scans.
type scanFlags struct {
	mode   string
	budget float64
}

func (s *scanFlags) define(f *pflag.FlagSet, mode string) {
	f.StringVar(&s.mode, "scan-guard", mode, "estimate what a scan takes before it runs: off, warn, or enforce, which refuses one over the budget")
	f.Float64Var(&s.budget, "scan-budget", defaultScanBudget, "read `units` a scan may take over all its pages")
}

func (s *scanFlags) check() error {
	if s.mode != scanGuardOff && s.mode != op.ScanWarn && s.mode != op.ScanEnforce {
		return usage("--scan-guard "+s.mode+" is not known", "it is off, warn or enforce")
	}
	if s.budget <= 0 {
		return usage("--scan-budget is no number of read units above 0", "leave it out for 10,000")
	}
	return nil
}

// guard is nil where nothing is watched.
func (s *scanFlags) guard() *op.ScanGuard {
	if s.mode == scanGuardOff {
		return nil
	}
	return &op.ScanGuard{Mode: s.mode, Units: s.budget}
}

// watch gives an environment whose scans are watched, with warnings on standard error.
func (s *scanFlags) watch(a *app, env *op.Env) *op.Env {
	watched := *env
	if watched.Scans = s.guard(); watched.Scans != nil {
		watched.Warn = func(text string) { a.io.notef("ddb: warning: %s", text) }
	}
	return &watched
}
