package op

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/ddb-cli/ddb/internal/wire"
)

// readOnlyMessage is the refusal that users of awslabs.dynamodb-mcp-server 1.0.3 know, and scripts look for.
const readOnlyMessage = "Mutation not allowed: DDB-MCP-READONLY is set to true."

// admit is the one gate: read-only mode and allowed effects, allowed tables and regions, what must be there, and the
// operation's own checks. It returns the tables the call touches.
func (o *Op[In, Out]) admit(ctx context.Context, env *Env, in *In) ([]string, error) {
	if err := missing(in); err != nil {
		return nil, err
	}
	effect := o.effect(in)
	if err := env.admitEffect(effect, o.spec); err != nil {
		return nil, err
	}
	tables, err := o.allowed(ctx, env, in)
	if err != nil {
		return nil, err
	}
	if v, ok := any(in).(interface{ Validate() error }); ok {
		if err := v.Validate(); err != nil {
			return tables, err
		}
	}
	if env.Confirm != nil && effect == Destroy {
		if err := env.Confirm(ctx, o.spec, tables, in); err != nil {
			return tables, err
		}
	}
	return tables, nil
}

// effect is what this input does; what cannot be told is the worst.
func (o *Op[In, Out]) effect(in *In) Effect {
	if o.effectOf == nil {
		return o.spec.Effect
	}
	effect, err := o.effectOf(in)
	if err != nil {
		return Destroy
	}
	return effect
}

// allowed asks the gate for the tables and regions of an input.
func (o *Op[In, Out]) allowed(ctx context.Context, env *Env, in *In) ([]string, error) {
	var named []string
	if o.tables != nil {
		var err error
		if named, err = o.tables(in); err != nil {
			if named, err = nil, env.refuseUntold(err); err != nil {
				return nil, err
			}
		}
	}
	if err := env.admitRegions(ctx, o.spec, in, named); err != nil {
		return nil, err
	}
	tables := make([]string, 0, len(named))
	for _, n := range named {
		if n == "" {
			continue
		}
		name := TableName(n)
		if err := env.admitTable(name); err != nil {
			return nil, err
		}
		if !slices.Contains(tables, name) {
			tables = append(tables, name)
		}
	}
	return tables, nil
}

// refuseUntold refuses a call whose tables cannot be told where only some tables or regions may be touched. Elsewhere the
// service will say what is wrong with it.
func (g *Gate) refuseUntold(err error) error {
	if !g.limitsTables() && !g.limitsRegions() {
		return nil
	}
	return &Error{
		Code: CodeTableNotAllowed, Cause: err,
		Message: fmt.Sprintf("the tables of this call cannot be told (%v), and only %s may be touched", err, strings.Join(append(slices.Clone(g.Tables), g.Regions...), ", ")),
		Hint:    "correct the statement, or start without --tables and --regions",
	}
}

func readOnly(by string, spec Spec) *Error {
	e := &Error{Code: CodeReadOnly, Message: readOnlyMessage}
	switch by {
	case "", "DDB-MCP-READONLY", "DDB_MCP_READONLY":
		e.Hint = spec.named() + " is not a read; unset DDB-MCP-READONLY to allow it"
	case "--read-only":
		e.Message += " (set by --read-only)"
		e.Brief = "ddb " + spec.Path() + " is not a read, and --read-only was given"
		e.Hint = spec.named() + " is not a read; start without --read-only to allow it"
	default:
		e.Message = "Mutation not allowed: read-only mode is on (set by " + by + ")."
		e.Hint = spec.named() + " is not a read; turn read-only mode off to allow it"
	}
	return e
}

// missing refuses an input without a required text, item, list or structure. Numbers and truth values are there by
// being zero; Decode sees whether they were given.
func missing(in any) error {
	v := reflect.ValueOf(in).Elem()
	if v.Kind() != reflect.Struct {
		return nil
	}
	for _, f := range wire.Fields(v.Type()) {
		if !f.Required {
			continue
		}
		value := v.FieldByIndex(f.Index)
		switch value.Kind() {
		case reflect.Map, reflect.Slice, reflect.Pointer, reflect.Interface:
			if value.IsNil() {
				return Invalid(f.Name+" is missing", "")
			}
		}
	}
	return nil
}

func quote(s string) string { return strconv.Quote(s) }
