package cmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops"
)

// A call that a signal cut off may have been carried out, unless it was one that only reads or had not been confirmed.
func TestCallsThatWereUnderWay(t *testing.T) {
	interrupted, cancel := context.WithCancelCause(t.Context())
	cancel(&signalError{"interrupted", exitInterrupted})
	cut := fmt.Errorf("the call: %w", context.Canceled)
	for _, c := range []struct {
		tool string
		ctx  context.Context
		err  error
		yes  bool
		want string
	}{
		{"create_backup", interrupted, cut, false, "ddb: CreateBackup was under way and may have been carried out\n"},
		{"create_backup", t.Context(), cut, false, ""},
		{"create_backup", interrupted, errors.New("refused"), false, ""},
		{"list_backups", interrupted, cut, false, ""},
		{"delete_backup", interrupted, cut, false, ""},
		{"delete_backup", interrupted, cut, true, "ddb: DeleteBackup was under way and may have been carried out\n"},
	} {
		var said bytes.Buffer
		a := newApp(&IO{Err: &said})
		a.flags.yes = c.yes
		var o op.Operation
		for _, known := range ops.All {
			if known.Spec().Tool == c.tool {
				o = known
			}
		}
		a.tellUnderWay(c.ctx, o, o.NewInput(), c.err)
		if said.String() != c.want {
			t.Errorf("%s, %v, yes %t: %q, want %q", c.tool, c.err, c.yes, said.String(), c.want)
		}
	}
}
