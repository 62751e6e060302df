package op

import (
	"context"
	"fmt"
	"path"
	"reflect"
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

// AllowedRegion says whether a region may be touched.
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

// Check says which of the globs cannot be read.
func (g *Gate) Check() error {
	if err := CheckTables(g.Tables); err != nil {
		return err
	}
	for _, glob := range g.Regions {
		if _, err := path.Match(glob, ""); err != nil {
			return Invalid("the region pattern "+quote(glob)+" cannot be read", `write it as "eu-*" or "us-east-1"`)
		}
	}
	return nil
}

// admitEffect refuses what read-only mode or the list of effects refuses.
func (g *Gate) admitEffect(effect Effect, spec Spec) error {
	if g.ReadOnly && effect != Read {
		return readOnly(g.ReadOnlyBy, spec)
	}
	if g.AllowedEffect(effect) {
		return nil
	}
	return &Error{
		Code:    CodeEffectNotAllowed,
		Message: fmt.Sprintf("this call of %s is a %s, and only %s is allowed here", spec.named(), effect, effectWords(g.Effects)),
		Hint:    "the list was set by whoever started ddb (--effects, or effects in the context or of the token)",
	}
}

// admitTable refuses a table outside the allow-list.
func (g *Gate) admitTable(name string) error {
	if g.Allowed(name) {
		return nil
	}
	return &Error{
		Code:    CodeTableNotAllowed,
		Message: fmt.Sprintf("table %q is outside the tables allowed here: %s", name, strings.Join(g.Tables, ", ")),
		Hint:    "the allow-list was set by whoever started ddb (--tables, or tables in the context or of the token)",
	}
}

// Admits asks the gate about calls of one effect on some tables without making any: for work of many calls, of which none
// may be made where a later one would be refused. Each call still meets the gate. spec names the work in the refusal.
func (g *Gate) Admits(effect Effect, spec Spec, tables ...string) error {
	if err := g.admitEffect(effect, spec); err != nil {
		return err
	}
	for _, name := range tables {
		if err := g.admitTable(TableName(name)); err != nil {
			return err
		}
	}
	return nil
}

// admitRegions refuses a call outside the allowed regions: its own, or the default where it names none, those of the ARNs
// it names, and those of its replicas.
func (e *Env) admitRegions(ctx context.Context, spec Spec, in any, named []string) error {
	r, ok := in.(interface{ CallRegion() string })
	if ok && !isRegion(r.CallRegion()) {
		return Invalid("region_name: "+quote(r.CallRegion())+" is not a region", "it is written like eu-west-1")
	}
	if !e.limitsRegions() || ok && spec.AnyRegion && r.CallRegion() == "" {
		return nil
	}
	regions := regionsIn(reflect.ValueOf(in))
	if ok {
		region := r.CallRegion()
		if region == "" {
			c, err := e.Clients(ctx, "")
			if err != nil {
				return err
			}
			region = c.Region
		}
		regions = append(regions, region)
	}
	for _, arn := range named {
		if region := arnRegion(arn); region != "" {
			regions = append(regions, region)
		}
	}
	for _, region := range regions {
		if region != "" && !e.AllowedRegion(region) {
			return &Error{
				Code:    CodeRegionNotAllowed,
				Message: fmt.Sprintf("region %q is outside the regions allowed here: %s", region, strings.Join(e.Regions, ", ")),
				Hint:    "the list was set by whoever started ddb (--regions, or regions in the context or of the token)",
			}
		}
	}
	return nil
}

// regionsIn finds the regions an input names, however deep: every member RegionName, which is what the API calls the region
// of a replica or a witness.
func regionsIn(v reflect.Value) []string {
	var found []string
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return regionsIn(v.Elem())
		}
	case reflect.Slice:
		if k := v.Type().Elem().Kind(); k == reflect.Struct || k == reflect.Pointer {
			for i := range v.Len() {
				found = append(found, regionsIn(v.Index(i))...)
			}
		}
	case reflect.Struct:
		for f, value := range v.Fields() {
			text := reflect.Indirect(value)
			if f.Name == "RegionName" && text.IsValid() && text.Kind() == reflect.String {
				found = append(found, text.String())
			} else if f.IsExported() {
				found = append(found, regionsIn(value)...)
			}
		}
	}
	return found
}

// ParseEffects reads the names of effects.
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

// matches says whether one of the globs fits. One that cannot be read admits nothing; Check tells the user at the start.
func matches(globs []string, name string) bool {
	return slices.ContainsFunc(globs, func(glob string) bool {
		ok, err := path.Match(glob, name)
		return err == nil && ok
	})
}

// isRegion says whether a text can be a region's name, which becomes part of a host's name. None is the default.
func isRegion(name string) bool {
	return len(name) < 64 && strings.IndexFunc(name, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) < 0
}

// arnRegion is the region of an ARN, "" for a name or an ARN without one.
func arnRegion(nameOrARN string) string {
	if !strings.HasPrefix(nameOrARN, "arn:") {
		return ""
	}
	parts := strings.SplitN(nameOrARN, ":", 6)
	if len(parts) < 6 {
		return ""
	}
	return parts[3]
}
