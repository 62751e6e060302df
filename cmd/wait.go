package cmd

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/table"
)

// Polls begin quick, for what is done in a moment, and slow down to what the service's own waiters do.
const (
	firstPoll = 20 * time.Millisecond
	slowPoll  = 5 * time.Second
)

// wait polls until there is nothing to wait for. Without --timeout it gives up after limit, which ends with exit code 6.
func (a *app) wait(ctx context.Context, what string, limit time.Duration, poll func() (done bool, state string, err error)) error {
	if a.flags.timeout <= 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	shown := ""
	for pause := firstPoll; ; pause = min(pause*2, slowPoll) {
		done, state, err := poll()
		if err != nil && ctx.Err() == nil {
			return err
		}
		if done && err == nil {
			return nil
		}
		if state != shown && a.io.ErrTerminal {
			a.io.notef("%s", a.paint("2", what+": "+state))
			shown = state
		}
		select {
		case <-ctx.Done():
			if s := interruption(ctx); s != nil {
				return s
			}
			return &op.Error{Code: op.CodeTimeout, Message: fmt.Sprintf("%s is still %s", what, state), Hint: "wait longer with --timeout 1h", Retryable: true, Cause: ctx.Err()}
		case <-time.After(pause):
		}
	}
}

const (
	tableWait  = 10 * time.Minute
	backupWait = 30 * time.Minute
	exportWait = 12 * time.Hour
)

// waitActive waits for a table and its indexes, and gives their description.
func (a *app) waitActive(ctx context.Context, env *op.Env, name string) (*types.TableDescription, error) {
	var d *types.TableDescription
	err := a.wait(ctx, "table "+name, tableWait, func() (bool, string, error) {
		var err error
		if d, err = table.Describe.Call(ctx, env, &table.DescribeInput{TableName: name}); err != nil {
			return false, "unknown", err
		}
		state := string(d.TableStatus)
		for _, x := range d.GlobalSecondaryIndexes {
			if d.TableStatus == types.TableStatusActive && x.IndexStatus != types.IndexStatusActive {
				state = fmt.Sprintf("%s, index %s %s", state, aws.ToString(x.IndexName), x.IndexStatus)
			}
		}
		for _, x := range d.VectorIndexes {
			if d.TableStatus == types.TableStatusActive && x.IndexStatus != types.IndexStatusActive {
				state = fmt.Sprintf("%s, index %s %s", state, aws.ToString(x.IndexName), x.IndexStatus)
			}
		}
		return state == string(types.TableStatusActive), state, nil
	})
	return d, err
}

// waitGone waits until a table is no more.
func (a *app) waitGone(ctx context.Context, env *op.Env, name string) error {
	return a.wait(ctx, "table "+name, tableWait, func() (bool, string, error) {
		d, err := table.Describe.Call(ctx, env, &table.DescribeInput{TableName: name})
		var e *op.Error
		if errors.As(err, &e) && codes[e.Code] == exitNotFound {
			return true, "", nil
		}
		if err != nil {
			return false, "unknown", err
		}
		return false, string(d.TableStatus), nil
	})
}

func tableWaitCommand(a *app) *cobra.Command {
	var gone bool
	c := &cobra.Command{
		Use: "wait TABLE", Short: "Wait until a table and its indexes are ready, or gone [API: DescribeTable]",
		Long:    "Wait until a table and all its indexes are ACTIVE, or with --gone until the table is no more.\nAfter --timeout (10 minutes unless given) the exit code is 6.\n\n[API: DescribeTable]",
		Example: example("ddb table wait Orders\nddb table wait Orders --gone --timeout 2m"),
		Args:    cobra.MaximumNArgs(1), ValidArgsFunction: completeTables(a),
	}
	c.Flags().BoolVar(&gone, "gone", false, "wait until the table is deleted")
	c.RunE = func(c *cobra.Command, args []string) error {
		ctx, cancel := a.timeout(c.Context())
		defer cancel()
		name, err := a.table(append(args, ".")[0])
		if err != nil {
			return err
		}
		env, err := a.env(ctx)
		if err != nil {
			return err
		}
		if gone {
			return a.waitGone(ctx, env, name)
		}
		_, err = a.waitActive(ctx, env, name)
		return err
	}
	return c
}
