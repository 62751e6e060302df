package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/MakeNowJust/heredoc/v2"
	"github.com/aws/aws-sdk-go-v2/aws"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/stream"
	"github.com/ddb-cli/ddb/internal/ops/table"
)

// tailing is a run of stream tail: what was asked for.
type tailing struct {
	table      string
	from       string
	checkpoint string
	limit      int
	noFollow   bool
	diff       bool
	poll       time.Duration
}

func tailCommand(a *app) *cobra.Command {
	var t tailing
	c := &cobra.Command{
		Use: "tail TABLE", Short: "Print the changes of a table as they come [API: GetRecords]",
		Long: heredoc.Doc(`
			Print the change records of a table's stream as they come, from all its shards, the changes of an item in the order in which they were
			made. The table needs a stream: ddb table update TABLE --stream new-and-old. In the place of TABLE a stream's ARN is taken too.

			On a terminal each change is shown as the attributes that differ; in a pipe it is a line of JSON with time, event, key, old, new,
			sequence and shard, in plain JSON or with --typed in DynamoDB JSON. "expired": true marks what time to live deleted.

			With --checkpoint FILE the place reached in each shard is kept in FILE, and the next run with that file goes on from there; it is
			written behind what was printed, so after a power cut records may come twice but none is lost. A stream keeps 24 hours.

			[API: DescribeStream, GetShardIterator, GetRecords]
		`),
		Example: example(`
			ddb stream tail Orders
			ddb stream tail Orders --from start --no-follow
			ddb stream tail Orders --from '2h ago' --limit 100 --jq 'select(.event == "REMOVE") | .key'
			ddb stream tail Orders --checkpoint orders.place -o jsonl --no-follow
		`),
		Args: cobra.MaximumNArgs(1), ValidArgsFunction: completeTables(a),
	}
	f := c.Flags()
	f.StringVar(&t.from, "from", "now", "begin at now, start (the oldest record kept), or a `TIME` such as 10:00 or \"2h ago\"")
	f.StringVar(&t.checkpoint, "checkpoint", "", "keep the place reached in `FILE`, and go on from it; --from counts where it is not there yet")
	f.Var((*positive)(&t.limit), "limit", "stop after `N` changes")
	f.BoolVar(&t.noFollow, "no-follow", false, "stop at the end of what is there now")
	f.BoolVar(&t.diff, "diff", false, "show the attributes that differ, as on a terminal")
	f.DurationVar(&t.poll, "poll", time.Second, "how long to `wait` after a round of reads that found nothing")
	_ = c.RegisterFlagCompletionFunc("from", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return []string{"now", "start", "yesterday"}, cobra.ShellCompDirectiveNoFileComp
	})
	c.RunE = func(c *cobra.Command, args []string) error {
		ctx, cancel := a.timeout(c.Context())
		defer cancel()
		var err error
		if t.table, err = a.table(append(args, ".")[0]); err != nil {
			return err
		}
		return a.tail(ctx, &t)
	}
	c.RunE = a.whileRead(c.RunE)
	return c
}

// tail prints changes until there are no more, or somebody ends it.
func (a *app) tail(ctx context.Context, t *tailing) error {
	if t.poll < 10*time.Millisecond {
		return usage("--poll is shorter than 10ms", "the API allows five reads a second and shard: leave it at 1s")
	}
	var from time.Time
	if t.from != "start" {
		var err error
		if from, err = moment(t.from, time.Now()); err != nil {
			return usage(fmt.Sprintf("--from %q is no place to begin", t.from), "now, start, or a time: "+momentHint)
		}
		if from.After(time.Now()) {
			return usage("--from "+t.from+" has not come yet", "a stream is read from now on, from its start, or from a time that has passed")
		}
	}
	p, err := a.printer()
	if err != nil {
		return err
	}
	env, err := a.env(ctx)
	if err != nil {
		return err
	}
	arn, err := streamOf(ctx, env, t.table)
	if err != nil {
		return err
	}
	places, err := readCheckpoint(t.checkpoint, arn)
	if err != nil {
		return err
	}
	show := a.changePrinter(p, t.diff)
	n := 0
	f := &stream.Follower{
		StreamArn: arn, Places: places, From: from, Stop: t.noFollow, Poll: t.poll,
		Take: func(shard string, r *streamtypes.Record) error {
			if err := show.record(shard, r); err != nil {
				return err
			}
			if n++; n == t.limit {
				return op.ErrStop
			}
			return nil
		},
		Note: func(text string) { a.io.notef("ddb: %s", text) },
	}
	f.Taken = func() error {
		if err := show.flush(); err != nil {
			return err
		}
		return writeCheckpoint(t.checkpoint, arn, f.Places)
	}
	if a.io.ErrTerminal && !t.noFollow {
		a.io.notef("%s", a.paint("2", "following "+t.table+"; Ctrl-C ends it"))
	}
	err = f.Follow(ctx, env)
	if errors.Is(err, errPipe) {
		return err
	}
	if closing := errors.Join(show.close(), writeCheckpoint(t.checkpoint, arn, f.Places)); err == nil {
		err = closing
	}
	if s := interruption(ctx); s != nil {
		a.io.notef("ddb: %s after %s", s.name, counted(n, "change"))
		return &errQuiet{s.code}
	}
	return err
}

// streamOf gives the ARN of a table's stream; a stream's ARN stands for itself.
func streamOf(ctx context.Context, env *op.Env, name string) (string, error) {
	if strings.HasPrefix(name, "arn:") && strings.Contains(name, "/stream/") {
		return name, nil
	}
	d, err := table.Describe.Call(ctx, env, &table.DescribeInput{TableName: name})
	if err != nil {
		return "", err
	}
	if arn := aws.ToString(d.LatestStreamArn); arn != "" {
		return arn, nil
	}
	return "", &op.Error{
		Code: "ResourceNotFoundException", Message: fmt.Sprintf("table %q has no stream", aws.ToString(d.TableName)),
		Hint: "turn one on: ddb table update " + aws.ToString(d.TableName) + " --stream new-and-old",
	}
}

// streamARN finds the stream of a table by the table's name; a stream's ARN is taken as it is.
func (a *app) streamARN(ctx context.Context, text string) (string, error) {
	if strings.HasPrefix(text, "arn:") && !strings.Contains(text, ":table/") {
		return text, nil // the service says what is wrong with it
	}
	if !strings.HasPrefix(text, "arn:") {
		name, err := a.table(text)
		if err != nil {
			return "", err
		}
		text = name
	}
	env, err := a.env(ctx)
	if err != nil {
		return "", err
	}
	return streamOf(ctx, env, text)
}
