package cmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/table"
)

func doctorCommand(a *app) *cobra.Command {
	var (
		failOn, least string
		skip          []string
		sample, many  int
	)
	c := &cobra.Command{
		Use: "doctor [TABLE…]", Short: "Look for what endangers tables or costs too much [API: DescribeTable, …]",
		Long: `Look at all tables, or at those named (globs are taken), for what endangers them or costs too much: no point-in-time recovery, no deletion
protection, policies open to everyone, keys that cannot be used, indexes that hold nothing or repeat each other, time to live without a stream,
on demand without a maximum, provisioned without auto scaling, and more. CloudWatch is asked for throttled requests, indexes that nobody reads,
the cheaper billing mode, and, where contributor insights are on, the busiest keys; what it does not answer is listed as unknown. --sample N
reads N items of each table for partition keys that hold too much. --profile and --region take several, separated by commas, and --region all.
The exit code is 7 when something is found that is as grave as --fail-on, high unless given: info, low, medium, high or never.

[API: ListTables, DescribeTable, DescribeContinuousBackups, DescribeTimeToLive, ListTagsOfResource, GetResourcePolicy, …; CloudWatch GetMetricData, GetInsightRuleReport]`,
		Example:           example("ddb doctor\nddb doctor Orders --fail-on medium\nddb doctor 'prod-*' --region eu-west-1,us-east-1 -o json\nddb doctor --skip no-tags,no-insights --sample 1000"),
		ValidArgsFunction: completeTablesMany(a),
	}
	f := c.Flags()
	f.StringVar(&failOn, "fail-on", "high", "exit with 7 from this `severity` on: info, low, medium, high, never")
	f.StringVar(&least, "min", "info", "show findings from this `severity` on")
	f.StringSliceVar(&skip, "skip", nil, "leave these `checks` out")
	f.IntVar(&sample, "sample", 0, "read `N` items of each table, to find partition keys that hold too much")
	f.IntVar(&many, "parallel", 8, "look at this many tables at `once`")
	_ = c.RegisterFlagCompletionFunc("fail-on", fixedCompletion(append([]string{"never"}, severities...)...))
	_ = c.RegisterFlagCompletionFunc("min", fixedCompletion(severities...))
	_ = c.RegisterFlagCompletionFunc("skip", fixedCompletion(checkNames()...))
	c.RunE = func(c *cobra.Command, args []string) error {
		ctx, cancel := a.timeout(c.Context())
		defer cancel()
		if failOn != "never" && !slices.Contains(severities, failOn) {
			return usage("--fail-on "+failOn+" is not known", "it is "+strings.Join(severities, ", ")+" or never")
		}
		if !slices.Contains(severities, least) {
			return usage("--min "+least+" is not known", "it is "+strings.Join(severities, ", "))
		}
		for _, s := range skip {
			if !slices.Contains(checkNames(), s) {
				return usage("--skip "+s+": there is no such check", orNearest(s, checkNames(), "there are "+strings.Join(checkNames(), ", ")))
			}
		}
		if many < 1 {
			return usage(fmt.Sprintf("--parallel %d looks at nothing", many), "it is how many tables at once, 1 or more")
		}
		if sample < 0 {
			return usage(fmt.Sprintf("--sample %d is no number of items", sample), "leave it out to read none")
		}
		d := &doctor{a: a, names: args, skip: skip, sample: sample, slots: make(chan struct{}, many)}
		if err := d.run(ctx); err != nil {
			return err
		}
		return d.finish(least, failOn)
	}
	return spread(c, placesOwn, "")
}

// completeTablesMany completes every position with the names of tables.
func completeTablesMany(a *app) completion {
	return a.accountCompletion("tables", allTables)
}

// A doctor looks at tables, several at once.
type doctor struct {
	a      *app
	names  []string
	skip   []string
	sample int
	slots  chan struct{}

	visits []visit
	errs   []error // of the visits
	w      *several

	mu     sync.Mutex
	report doctorReport
}

func (d *doctor) run(ctx context.Context) error {
	w, err := d.a.wanted()
	if err != nil {
		return err
	}
	d.w = w
	if d.visits, err = d.places(ctx, w); err != nil {
		return err
	}
	var (
		wg    sync.WaitGroup
		found = make([]bool, len(d.names))
		all   []string
	)
	d.errs = make([]error, len(d.visits))
	for i, v := range d.visits {
		all = append(all, cmp.Or(v.site.String(), "this place"))
		wg.Go(func() { d.errs[i] = d.region(ctx, v, found) })
	}
	wg.Wait()
	if w == nil {
		if err := d.errs[0]; err != nil {
			return err
		}
	}
	if s := interruption(ctx); s != nil {
		return s
	}
	if w != nil && w.every {
		for i, err := range d.errs {
			if err != nil && codeOf(err) == exitDenied { // regions that an account has not turned on
				d.unknown(fmt.Sprintf("region %s: %v", all[i], err))
				d.errs[i] = nil
			}
		}
	}
	if slices.ContainsFunc(d.errs, func(err error) bool { return err != nil }) {
		return nil // a table may be in the place that gave no answer
	}
	for i, name := range d.names {
		if !found[i] && !strings.ContainsAny(name, "*?[") {
			return &op.Error{Code: "TableNotFoundException", Message: fmt.Sprintf("table %q not found in %s", name, strings.Join(all, ", ")), Hint: "see: ddb table list"}
		}
	}
	return nil
}

// places are where to look: the one place of the command, or those of its lists.
func (d *doctor) places(ctx context.Context, w *several) ([]visit, error) {
	if w != nil {
		return d.a.visits(ctx, w)
	}
	env, err := d.a.env(ctx)
	if err != nil {
		return nil, err
	}
	clients, err := env.Clients(ctx, "")
	if err != nil {
		return nil, err
	}
	return []visit{{site: site{region: clients.Region}, env: env}}, nil
}

// region looks at the tables of one place.
func (d *doctor) region(ctx context.Context, v visit, found []bool) error {
	clients, err := v.env.Clients(ctx, "")
	if err != nil {
		return err
	}
	at := site{v.shown.profile, clients.Region}
	var (
		wg   sync.WaitGroup
		once sync.Once
		fail error
	)
	_, err = table.List.Each(ctx, v.env, &table.ListInput{}, func(name string) error {
		if !d.named(name, found) {
			return nil
		}
		select {
		case d.slots <- struct{}{}:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		wg.Go(func() {
			defer func() { <-d.slots }()
			if err := d.table(ctx, v.env, at, name); err != nil && !missingNow(err) { // gone meanwhile
				once.Do(func() { fail = err })
			}
		})
		return nil
	})
	wg.Wait()
	return errors.Join(err, fail)
}

func (d *doctor) named(name string, found []bool) bool {
	if len(d.names) == 0 {
		return true
	}
	hit := false
	for i, pattern := range d.names {
		if ok, err := path.Match(pattern, name); pattern == name || err == nil && ok {
			d.mu.Lock()
			found[i] = true
			d.mu.Unlock()
			hit = true
		}
	}
	return hit
}
