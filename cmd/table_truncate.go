package cmd

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/backup"
	"github.com/ddb-cli/ddb/internal/ops/loss"
	"github.com/ddb-cli/ddb/internal/ops/query"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/tablefile"
)

func tableTruncate(a *app) *cobra.Command {
	var (
		recreate bool
		segments int
		w        waiting
	)
	c := &cobra.Command{
		Use: "truncate TABLE", Short: "Delete all items of a table, and keep the table [API: Scan, BatchWriteItem]",
		Long: `Delete all items of a table. Each is read and deleted, which costs a read and a write; the table stays in use meanwhile, and items that are
written while it runs may stay. On the embedded engine a snapshot is kept. --recreate deletes the table and makes it anew with all its settings instead, which is quick whatever the table
holds: for that time there is no table, its streams end, and backups of point-in-time recovery before it belong to the old one.
On a terminal ddb asks for the table's name first; in a script --yes is needed.

[API: Scan, BatchWriteItem]`,
		Example: example("ddb table truncate Orders --yes\nddb table truncate Orders --recreate --yes"), Args: cobra.MaximumNArgs(1), ValidArgsFunction: completeTables(a),
	}
	c.Flags().BoolVar(&recreate, "recreate", false, "delete the table and make it anew, with all its settings")
	c.Flags().IntVar(&segments, "segments", 4, "read and delete in this many `parts` at once")
	w.always(c.Flags(), "with --recreate, wait no longer than this `time` for a step")
	c.RunE = func(c *cobra.Command, args []string) error {
		ctx, cancel := a.timeout(c.Context())
		defer cancel()
		name, err := a.table(append(args, ".")[0])
		if err != nil {
			return err
		}
		if segments < 1 || segments > 1000 {
			return usage(fmt.Sprintf("--segments %d is not possible", segments), "it is a number from 1 to 1000")
		}
		env, err := a.env(ctx)
		if err != nil {
			return err
		}
		l, err := live(ctx, env, name)
		if err != nil {
			return err
		}
		if a.flags.dryRun {
			return a.show(map[string]any{"table": name, "items": l.desc.ItemCount, "recreate": recreate}, nil)
		}
		if err := env.Admits(op.Destroy, op.Spec{Tool: "table truncate", Use: "table truncate"}, name); err != nil {
			return err
		}
		if !a.flags.yes {
			if _, err := a.loss(ctx, func(ctx context.Context, env *op.Env) (string, error) {
				if recreate {
					return loss.Describe(ctx, env, table.Delete.Spec(), []string{name}, &table.DeleteInput{TableName: name})
				}
				return "Deletes all items of the table " + name + ". " + loss.Table(ctx, env, name), nil
			}); err != nil {
				return err
			}
		}
		if err := a.confirm(ctx, op.Spec{Tool: "delete_table", Title: "Deleting all items"}, []string{name}, nil); err != nil {
			return err
		}
		if recreate {
			return a.recreate(ctx, env, l, w)
		}
		return a.truncate(ctx, env, l, segments)
	}
	return c
}

// recreate deletes a table and makes it again. Everything that cannot be made again is checked before.
func (a *app) recreate(ctx context.Context, env *op.Env, l *liveTable, w waiting) error {
	for name, err := range l.unknown {
		if errors.Is(err, errNoScaling) { // what Application Auto Scaling has of a table stays with its name
			a.io.notef("ddb: warning: auto scaling of %s, where it has some, is Application Auto Scaling's: see that it still holds afterwards", l.model.Name)
			continue
		}
		return &op.Error{Code: "CannotChange", Message: fmt.Sprintf("%s of %s cannot be read, and would be lost", name, l.model.Name), Hint: "truncate without --recreate", Cause: err}
	}
	if l.model.Protection == tablefile.On {
		return &op.Error{Code: "CannotChange", Message: "the table " + l.model.Name + " is protected from deletion", Hint: "truncate without --recreate, or take the protection off: ddb table update " + l.model.Name + " --deletion-protection=false"}
	}
	if len(l.model.Replicas) > 0 {
		return &op.Error{Code: "CannotChange", Message: "the table " + l.model.Name + " has replicas", Hint: "truncate without --recreate"}
	}
	c := a.carrier(env, w)
	out, err := table.Delete.Call(ctx, c.env, &table.DeleteInput{TableName: l.model.Name})
	if err != nil {
		return err
	}
	a.sayUndo(l.model.Name, out)
	if err := a.waitGone(ctx, c.env, l.model.Name, w); err != nil {
		return err
	}
	p, err := tablefile.MakePlan(nil, l.model)
	if err == nil {
		err = c.carry(ctx, p)
	}
	if err != nil {
		a.io.notef("ddb: the table was deleted, and is not wholly there again; this is its file, for ddb table apply:\n%s", tablefile.Write(l.model))
	}
	return err
}

// keepItems makes a snapshot on the embedded engine, if what it holds outlives the command.
func (a *app) keepItems(ctx context.Context, env *op.Env, name string) (bool, error) {
	if a.cfg.Memory && a.session == nil {
		return false, nil
	}
	arn, err := backup.Keep(ctx, env, name)
	if err != nil || arn == "" {
		return false, err
	}
	_, err = a.waitBackup(ctx, env, arn, waiting{})
	return err == nil, err
}

// truncate reads keys in several parts and deletes what they stand for.
func (a *app) truncate(ctx context.Context, env *op.Env, l *liveTable, segments int) error {
	asked := *env
	asked.Confirm = nil
	var deleted atomic.Int64
	kept, err := a.keepItems(ctx, &asked, l.model.Name)
	if err != nil {
		return err
	}
	defer func() {
		if kept && deleted.Load() > 0 {
			a.hint("undo it with: ddb local snapshots restore " + l.model.Name + " --as " + l.model.Name + "Before")
		}
	}()
	var (
		wg    sync.WaitGroup
		first error
		once  sync.Once
	)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	in := query.ScanInput{TableName: l.model.Name, ExpressionAttributeNames: map[string]string{}}
	for i, k := range l.model.Keys {
		holder := fmt.Sprintf("#k%d", i)
		in.ExpressionAttributeNames[holder] = k.Name
		if i > 0 {
			in.ProjectionExpression += ", "
		}
		in.ProjectionExpression += holder
	}
	for i := range segments {
		wg.Go(func() {
			part := in
			if segments > 1 {
				segment, total := int32(i), int32(segments)
				part.Segment, part.TotalSegments = &segment, &total
			}
			if err := a.truncatePart(ctx, &asked, &part, &deleted); err != nil {
				once.Do(func() { first = err; cancel(err) })
			}
		})
	}
	wg.Wait()
	if first != nil {
		a.io.notef("ddb: %s deleted from %s before that; run it again to go on", counted(int(deleted.Load()), "item"), l.model.Name)
		if s := interruption(ctx); s != nil {
			return s
		}
		return first
	}
	a.io.notef("ddb: %s deleted from %s", counted(int(deleted.Load()), "item"), l.model.Name)
	return nil
}

func (a *app) truncatePart(ctx context.Context, env *op.Env, in *query.ScanInput, deleted *atomic.Int64) error {
	w := &batchWriter{ctx: ctx, env: env, table: in.TableName}
	flush := func() error {
		before := w.written
		err := w.flush()
		n := deleted.Add(int64(w.written - before))
		if err == nil && a.io.redraws() {
			_, _ = fmt.Fprintf(a.io.Err, "\r%s\x1b[K", a.paint("2", fmt.Sprintf("%s: %d items deleted", in.TableName, n)))
		}
		return err
	}
	_, err := query.Scan.Each(ctx, env, in, func(it map[string]types.AttributeValue) error {
		w.requests = append(w.requests, types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: it}})
		if len(w.requests) == batchItems {
			return flush()
		}
		return nil
	})
	if err == nil && len(w.requests) > 0 {
		err = flush()
	}
	if a.io.redraws() {
		_, _ = fmt.Fprint(a.io.Err, "\r\x1b[K")
	}
	return err
}
