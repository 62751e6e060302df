package cmd

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/query"
)

// The modes of --scan-guard that op.ScanGuard does not know.
const (
	scanGuardOff = "off" // no scan is watched
	scanAsk      = "ask" // one over the budget is asked about, and needs --yes where nobody answers
)

// defaultScanBudget is in read units: about 80 MB, and a tenth of a cent on demand.
const defaultScanBudget = 10_000

// scanFlags are those of the guard that watches scans.
type scanFlags struct {
	mode   string
	budget float64
	modes  []string
}

// define defines the flags of the MCP server, where nobody can be asked by a scan.
func (s *scanFlags) define(f *pflag.FlagSet, mode string) {
	s.modes = []string{scanGuardOff, op.ScanWarn, op.ScanEnforce}
	f.StringVar(&s.mode, "scan-guard", mode, "estimate what a scan takes before it runs: off, warn, or enforce, which refuses one over the budget")
	f.Float64Var(&s.budget, "scan-budget", defaultScanBudget, "read `units` a scan may take over all its pages")
}

// defineAsking defines the flags of a command, which asks unless told otherwise.
func (s *scanFlags) defineAsking(f *pflag.FlagSet) {
	s.modes = []string{scanAsk, scanGuardOff, op.ScanWarn, op.ScanEnforce}
	f.StringVar(&s.mode, "scan-guard", scanAsk, "before a scan of more than --scan-budget: ask (a script needs --yes), warn, enforce or off")
	f.Float64Var(&s.budget, "scan-budget", defaultScanBudget, "read `units` a scan may take over all its pages")
}

func (s *scanFlags) check() error {
	if !slices.Contains(s.modes, s.mode) {
		return usage("--scan-guard "+s.mode+" is not known", "it is "+strings.Join(s.modes, ", "))
	}
	if s.budget <= 0 {
		return usage("--scan-budget is no number of read units above 0", "leave it out for 10,000")
	}
	return nil
}

// guard is nil where nothing is watched.
func (s *scanFlags) guard() *op.ScanGuard {
	if s.mode == scanGuardOff || s.mode == scanAsk {
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

// A whole is a table or index of which everything would be read.
type whole struct {
	described  *types.TableDescription
	index      string
	consistent bool
	why        string // what makes it so, "" where the command is called scan
	narrower   string // what would read less
	items      int64  // how many are read of it at most, 0 for all
}

// admit lets a read of everything go on where that is little, was agreed to, or nobody minds.
func (s *scanFlags) admit(ctx context.Context, a *app, table string, w whole) error {
	cost, what := query.ScanCost(w.described, w.index, w.consistent), "all of "+table
	if w.items > 0 {
		if part := query.PartCost(w.described, w.index, w.consistent, w.items); part.Units < cost.Units {
			cost, what = part, fmt.Sprintf("%d items of %s", w.items, table)
		}
	}
	if s.mode == scanGuardOff || cost.Units <= s.budget || a.dryRun() {
		return nil
	}
	what = fmt.Sprintf("%s%s would be read: %s", w.why, what, cost)
	switch s.mode {
	case op.ScanWarn:
		a.io.notef("ddb: warning: %s", what)
		return nil
	case op.ScanEnforce:
		return &op.Error{Code: op.CodeScanBudget, Message: fmt.Sprintf("%s; the budget is %v read units (--scan-budget)", what, s.budget), Hint: w.narrower}
	}
	if a.flags.yes {
		return nil
	}
	if !a.io.canAsk() {
		return &op.Error{Code: codeScanRefused, Message: what, Hint: "add --yes to read it all the same; " + w.narrower}
	}
	if answer := strings.ToLower(a.ask(ctx, "ddb: "+what+". Go on? [y/N] ")); answer == "y" || answer == "yes" {
		return nil
	}
	return &op.Error{Code: codeNotConfirmed, Message: "the scan was not confirmed; nothing was read", Hint: w.narrower}
}

// admitScan is admit for ddb scan, by what it reads at most. One that is part of several or goes on is no accident.
func (s *scanFlags) admitScan(ctx context.Context, a *app, r *reading, terminal, part bool) error {
	if s.mode != scanAsk || part || r.startKey != "" {
		return nil
	}
	items := int64(r.maxRead)
	if r.filterExpr == "" && r.keep == nil && items == 0 { // behind so many items, unless what is read is filtered out
		if items = int64(r.limit); items == 0 && terminal && !r.count {
			items = terminalItems
		}
	}
	return s.admit(ctx, a, r.table, whole{
		described: r.schema.described, index: r.index, consistent: r.consistent, items: items,
		narrower: "--limit N and --max-items-read N read a part, and ddb query one key",
	})
}
