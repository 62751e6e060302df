package op

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"sync"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/ddb-cli/ddb/internal/wire"
)

// Operation is an operation without its types: what the registry holds.
type Operation interface {
	Spec() Spec
	// Input is the schema of the arguments. It is made once, and callers do not change it.
	Input() *jsonschema.Schema
	// Output is the schema of the result, one level deep; nil where the result is text.
	Output() *jsonschema.Schema
	// Check tells what is wrong with the operation's definition: a field kind no front end knows, for example.
	Check() error
	// InputType and OutputType are the struct types.
	InputType() reflect.Type
	OutputType() reflect.Type
	// DeclaresTables says whether the gate learns which tables a call touches.
	DeclaresTables() bool
	// NewInput is a pointer to an empty input.
	NewInput() any
	// Decode reads arguments as an assistant sends them; the error is an *Error.
	Decode(arguments json.RawMessage) (any, error)
	// EffectOf is what a call with this input does.
	EffectOf(in any) Effect
	// TablesOf are the tables a call with this input names, by name and each once; nil where they cannot be told.
	TablesOf(in any) []string
	// Invoke passes the gate, runs, and translates the error, which is always an *Error.
	Invoke(ctx context.Context, env *Env, in any) (any, error)
}

// Op is an operation with its types. Its function stays unexported, so that Invoke is the only way to it.
type Op[In, Out any] struct {
	spec     Spec
	run      func(context.Context, *Env, *In) (*Out, error)
	tables   func(*In) ([]string, error)
	effectOf func(*In) (Effect, error)
	schemas  func() schemas
}

type schemas struct {
	in, out *jsonschema.Schema
	err     error
}

// Option adds to an operation what its types cannot say.
type Option[In any] func(*options[In])

type options[In any] struct {
	tables   func(*In) ([]string, error)
	effectOf func(*In) (Effect, error)
}

// Tables tells the gate which tables an input touches, by name or ARN. An error means that it cannot be told: the call
// is refused where there is an allow-list.
func Tables[In any](f func(*In) ([]string, error)) Option[In] {
	return func(o *options[In]) { o.tables = f }
}

// Table is Tables for inputs that touch a fixed number of tables.
func Table[In any](f func(*In) []string) Option[In] {
	return Tables(func(in *In) ([]string, error) { return f(in), nil })
}

// EffectOf says what an input does where that depends on it: a SELECT or a DELETE, a transaction of checks only. It
// never exceeds the Spec's effect; an error counts as Destroy.
func EffectOf[In any](f func(*In) (Effect, error)) Option[In] {
	return func(o *options[In]) { o.effectOf = f }
}

// New ties a spec to a typed function. Mistakes in the definition are told by Check, which the test of the registry calls.
func New[In, Out any](spec Spec, run func(context.Context, *Env, *In) (*Out, error), opts ...Option[In]) *Op[In, Out] {
	var set options[In]
	for _, opt := range opts {
		opt(&set)
	}
	return &Op[In, Out]{
		spec: spec, run: run, tables: set.tables, effectOf: set.effectOf,
		schemas: sync.OnceValue(func() schemas { return describe[In, Out](spec) }),
	}
}

func describe[In, Out any](spec Spec) schemas {
	in, err := InputSchema(reflect.TypeFor[In]())
	if err != nil {
		return schemas{err: fmt.Errorf("%s: input: %w", spec.Tool, err)}
	}
	if spec.Text {
		return schemas{in: in}
	}
	out, err := wire.OutputSchema(reflect.TypeFor[Out](), spec.Nulls)
	if err != nil {
		return schemas{err: fmt.Errorf("%s: output: %w", spec.Tool, err)}
	}
	return schemas{in: in, out: out}
}

// Spec gives what the operation is. Front ends show it; they do not change it.
func (o *Op[In, Out]) Spec() Spec { return o.spec }

// Input gives the schema of the arguments, made once from the fields of In.
func (o *Op[In, Out]) Input() *jsonschema.Schema { return o.schemas().in }

// Output gives the schema of the result, nil for text.
func (o *Op[In, Out]) Output() *jsonschema.Schema { return o.schemas().out }

// Check tells what is wrong with the definition.
func (o *Op[In, Out]) Check() error { return o.schemas().err }

// InputType is the struct type In.
func (o *Op[In, Out]) InputType() reflect.Type { return reflect.TypeFor[In]() }

// OutputType is the struct type Out.
func (o *Op[In, Out]) OutputType() reflect.Type { return reflect.TypeFor[Out]() }

// DeclaresTables says whether the operation was made with Tables: one that names a table and was not fails the test of the registry.
func (o *Op[In, Out]) DeclaresTables() bool { return o.tables != nil }

// NewInput is a fresh *In, for a front end that fills it by reflection.
func (o *Op[In, Out]) NewInput() any { return new(In) }

// Decode reads arguments with the tolerance of UnmarshalArguments; no arguments at all are an empty object.
func (o *Op[In, Out]) Decode(arguments json.RawMessage) (any, error) {
	in := new(In)
	if len(arguments) == 0 || string(arguments) == "null" {
		arguments = json.RawMessage("{}")
	}
	if err := wire.UnmarshalArguments(arguments, in); err != nil {
		return nil, asError(err)
	}
	return in, nil
}

// EffectOf is what a call with this input does; the spec's effect for an input of another type.
func (o *Op[In, Out]) EffectOf(in any) Effect {
	if typed, ok := in.(*In); ok && typed != nil {
		return o.effect(typed)
	}
	return o.spec.Effect
}

// TablesOf are the tables a call with this input names; nil where they cannot be told, or the input is of another type.
func (o *Op[In, Out]) TablesOf(in any) []string {
	typed, ok := in.(*In)
	if !ok || typed == nil || o.tables == nil {
		return nil
	}
	named, err := o.tables(typed)
	if err != nil {
		return nil
	}
	var tables []string
	for _, n := range named {
		if name := TableName(n); name != "" && !slices.Contains(tables, name) {
			tables = append(tables, name)
		}
	}
	return tables
}

// Invoke passes the gate, runs the function and translates its error. The result is a *Out, in typed form by Call.
func (o *Op[In, Out]) Invoke(ctx context.Context, env *Env, in any) (any, error) {
	typed, err := o.typed(in)
	if err != nil {
		return nil, err
	}
	out, err := o.Call(ctx, env, typed)
	if out == nil {
		return nil, err // a nil *Out in an interface would not compare equal to nil
	}
	return out, err
}

// Call is Invoke with types, for operations and commands made of others.
func (o *Op[In, Out]) Call(ctx context.Context, env *Env, in *In) (*Out, error) {
	tables, err := o.admit(ctx, env, in)
	if err != nil {
		return nil, asError(err)
	}
	out, err := o.run(ctx, env, in)
	if err != nil {
		return out, o.explain(ctx, env, in, tables, err)
	}
	return out, nil
}

func (o *Op[In, Out]) typed(in any) (*In, error) {
	typed, ok := in.(*In)
	if !ok || typed == nil {
		return nil, &Error{Code: CodeInternal, Message: fmt.Sprintf("%s takes %T, got %T", o.spec.Tool, typed, in)}
	}
	return typed, nil
}

func (o *Op[In, Out]) explain(ctx context.Context, env *Env, in *In, tables []string, err error) error {
	if env.Explain == nil {
		return asError(err)
	}
	failed := Failure{Err: err, Spec: o.spec, Tables: tables, Allowed: env.Allowed}
	if r, ok := any(in).(interface{ CallRegion() string }); ok {
		failed.Region = r.CallRegion()
	}
	return env.Explain(ctx, failed)
}
