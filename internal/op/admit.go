package op

import (
	"context"
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"
)

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
