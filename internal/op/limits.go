package op

import (
	"path"
	"slices"
	"strings"
)

// Gate is what the calls in an environment may do. The zero Gate refuses nothing. It is a value: a server that works for
// several callers gives each an environment of its own with Env.Narrowed, and no caller's limits reach another.
type Gate struct {
	// ReadOnly refuses each operation whose effect is not Read.
	ReadOnly bool
	// ReadOnlyBy names what set it, for the refusal: "" for the environment variable, "--read-only", or for example
	// `read_only in context "prod"`.
	ReadOnlyBy string
	// Tables are globs (path.Match) of the tables that may be touched; empty for all.
	Tables []string
	// Effects are those allowed, judged by what a call does and not by what its operation could do; empty for all.
	Effects []Effect
	// Regions are globs of the regions that may be touched, those of replicas included; empty for all.
	Regions []string

	// outer are the lists of the gates this one was narrowed from. What it admits, each of them must admit too.
	outer []Gate
}

// Narrowed gives a gate that admits only what both admit.
func (g Gate) Narrowed(by Gate) Gate {
	by.outer = append(slices.Clip(slices.Clone(by.outer)), g)
	if g.ReadOnly {
		by.ReadOnly, by.ReadOnlyBy = true, g.ReadOnlyBy
	}
	if len(by.Tables) == 0 {
		by.Tables = g.Tables
	}
	if len(by.Effects) == 0 {
		by.Effects = g.Effects
	}
	if len(by.Regions) == 0 {
		by.Regions = g.Regions
	}
	return by
}

// Narrowed gives a copy of the environment whose gate admits only what both its own and by admit.
func (e *Env) Narrowed(by Gate) *Env {
	narrow := *e
	narrow.Gate = e.Gate.Narrowed(by)
	return &narrow
}

// Allowed says whether the allow-list admits a table, given by name or ARN.
func (g *Gate) Allowed(nameOrARN string) bool {
	if len(g.Tables) > 0 && !matches(g.Tables, TableName(nameOrARN)) {
		return false
	}
	for i := range g.outer {
		if !g.outer[i].Allowed(nameOrARN) {
			return false
		}
	}
	return true
}

// AllowedRegion says whether a region may be touched: by this gate and by every one it was narrowed from.
func (g *Gate) AllowedRegion(region string) bool {
	if len(g.Regions) > 0 && !matches(g.Regions, region) {
		return false
	}
	for i := range g.outer {
		if !g.outer[i].AllowedRegion(region) {
			return false
		}
	}
	return true
}

// AllowedEffect says whether calls of this effect may be made.
func (g *Gate) AllowedEffect(effect Effect) bool {
	if g.ReadOnly && effect != Read || len(g.Effects) > 0 && !slices.Contains(g.Effects, effect) {
		return false
	}
	for i := range g.outer {
		if !g.outer[i].AllowedEffect(effect) {
			return false
		}
	}
	return true
}

// limitsRegions says whether there is a list of regions to look at.
func (g *Gate) limitsRegions() bool {
	return len(g.Regions) > 0 || slices.ContainsFunc(g.outer, func(o Gate) bool { return o.limitsRegions() })
}

// limitsTables says whether there is a list of tables to look at.
func (g *Gate) limitsTables() bool {
	return len(g.Tables) > 0 || slices.ContainsFunc(g.outer, func(o Gate) bool { return o.limitsTables() })
}

// TableLimits are the lists of table globs in force, each of which must admit a table; none where all are allowed.
func (g *Gate) TableLimits() [][]string {
	return g.limits(func(g *Gate) []string { return g.Tables })
}

// RegionLimits are the lists of region globs in force, each of which must admit a region; none where all are allowed.
func (g *Gate) RegionLimits() [][]string {
	return g.limits(func(g *Gate) []string { return g.Regions })
}

func (g *Gate) limits(of func(*Gate) []string) [][]string {
	var lists [][]string
	add := func(list []string) {
		if len(list) > 0 && !slices.ContainsFunc(lists, func(l []string) bool { return slices.Equal(l, list) }) {
			lists = append(lists, list)
		}
	}
	add(of(g))
	for i := range g.outer {
		for _, list := range g.outer[i].limits(of) {
			add(list)
		}
	}
	return lists
}

// EffectLimits are the names of the effects allowed; nil where all are.
func (g *Gate) EffectLimits() []string {
	var list []string
	for i, name := range allEffects {
		if g.AllowedEffect(Effect(i)) {
			list = append(list, name)
		}
	}
	if len(list) == len(allEffects) {
		return nil
	}
	return list
}

// Check says which of the globs cannot be read, as a CodeInvalidArgument; nil where all can.
func (g *Gate) Check() error {
	if err := checkTables(g.Tables); err != nil {
		return err
	}
	for _, glob := range g.Regions {
		if _, err := path.Match(glob, ""); err != nil {
			return Invalid("the region pattern "+quote(glob)+" cannot be read", `write it as "eu-*" or "us-east-1"`)
		}
	}
	return nil
}

// ParseEffects reads the names of effects, in any case: read, write, destroy. Another name is a CodeInvalidArgument.
func ParseEffects(names []string) ([]Effect, error) {
	var list []Effect
	for _, name := range names {
		i := slices.Index(allEffects, strings.ToLower(strings.TrimSpace(name)))
		if i < 0 {
			return nil, Invalid("effect "+quote(name)+" is not known", "effects are read, write and destroy")
		}
		list = append(list, Effect(i))
	}
	return list, nil
}

// allEffects are the names by value.
var allEffects = []string{Read.String(), Write.String(), Destroy.String()}

func effectWords(list []Effect) string {
	words := make([]string, len(list))
	for i, e := range list {
		words[i] = e.String()
	}
	return strings.Join(words, " or ")
}
