package cmd

import (
	"context"

	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/render"
)

// Adorn is what only a person needs of an operation's command. Everything is optional.
type Adorn[In, Out any] struct {
	Aliases []string
	// Args replaces the positional part of the usage line; Example is shown in the help, and runs in the tests.
	Args, Example, Long string
	// Flags adds flags; what it returns is called before the operation, with the positions, and fills the input.
	Flags func(*pflag.FlagSet) func(ctx context.Context, a *app, in *In, args []string) error
	// Ask words the question before something is destroyed: what is said to be done.
	Ask func(in *In) string
	// Unasked lets a script go ahead without --yes, with what would be lost on standard error: where nothing goes at once, and the command
	// does what its own words say.
	Unasked bool
	// View is how the answer looks on a terminal.
	View render.View
	// After runs when the operation is done and before the answer is shown: to wait, or to fetch the state that is now.
	After func(ctx context.Context, a *app, in *In, out *Out) (*Out, error)
	// Keep says which rows of a list are shown, and counted by --limit.
	Keep func(row any) bool
	// Hidden flags of the operation that a friendlier flag replaces stay usable and are left out of the help.
	Hide []string
}

// adornment is an Adorn without its types.
type adornment struct {
	aliases             []string
	args, example, long string
	flags               func(*pflag.FlagSet) func(context.Context, *app, any, []string) error
	ask                 func(any) string
	unasked             bool
	view                render.View
	after               func(context.Context, *app, any, any) (any, error)
	hide                []string
	keep                func(any) bool
}

func adorn[In, Out any](into map[string]adornment, o interface{ Spec() op.Spec }, ad Adorn[In, Out]) {
	e := adornment{aliases: ad.Aliases, args: ad.Args, example: ad.Example, long: ad.Long, view: ad.View, hide: ad.Hide, unasked: ad.Unasked, keep: ad.Keep}
	if ad.Flags != nil {
		e.flags = func(f *pflag.FlagSet) func(context.Context, *app, any, []string) error {
			fill := ad.Flags(f)
			return func(ctx context.Context, a *app, in any, args []string) error {
				typed, ok := in.(*In)
				if !ok {
					return nil
				}
				return fill(ctx, a, typed, args)
			}
		}
	}
	if ad.Ask != nil {
		e.ask = func(in any) string {
			if typed, ok := in.(*In); ok {
				return ad.Ask(typed)
			}
			return ""
		}
	}
	if ad.After != nil {
		e.after = func(ctx context.Context, a *app, in, out any) (any, error) {
			typedIn, okIn := in.(*In)
			typedOut, okOut := out.(*Out)
			if !okIn || !okOut {
				return out, nil
			}
			return ad.After(ctx, a, typedIn, typedOut)
		}
	}
	into[o.Spec().Tool] = e
}

// adornments holds them by the operation's MCP name. Each app has its own, because their flags are variables.
func (a *app) adornments() map[string]adornment {
	if a.adorned == nil {
		a.adorned = make(map[string]adornment)
		adornTables(a.adorned)
		adornBackups(a.adorned)
		adornSettings(a.adorned)
		adornS3(a.adorned)
		adornStreams(a.adorned)
		adornRegions(a.adorned)
		adornBulk(a.adorned)
		adornRest(a.adorned)
		adornWaits(a.adorned)
	}
	return a.adorned
}
