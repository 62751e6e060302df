package cmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/MakeNowJust/heredoc/v2"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/partiql"
	"github.com/ddb-cli/ddb/internal/render"
)

// A statement is one ddb sql: its flags, and the run.
type statement struct {
	app         *app
	r           reading
	guard       scanFlags
	params      []string
	transaction bool
}

func sqlCommand(a *app) *cobra.Command {
	q := &statement{app: a}
	c := &cobra.Command{
		Use: "sql STATEMENT [VALUE…]", Short: "Run a PartiQL statement: SELECT, INSERT, UPDATE or DELETE [API: ExecuteStatement]",
		Long: heredoc.Doc(`
			Run a PartiQL statement. Question marks stand for the values behind it, which are plain JSON; what is no JSON is text.
			Every page of a SELECT is followed. A DELETE asks on a terminal, and needs --yes in a script.
			A SELECT whose WHERE names no partition key by = or IN reads everything: where that is more than --scan-budget it is asked
			about, and needs --yes in a script. --explain says what a statement will do, and what it takes.
			With --transaction each argument is a statement, and all of them are done or none; they all read or all write.

			[API: ExecuteStatement, ExecuteTransaction]
		`),
		Example: example(`
			ddb sql 'SELECT * FROM Orders WHERE customer = ?' c#1
			ddb sql 'SELECT total FROM Orders."ByStatus" WHERE status = ?' open -o csv
			ddb sql "UPDATE Orders SET status = 'paid' WHERE customer = 'c#1' AND placed = '2026-01-01'"
			ddb sql "SELECT * FROM Orders WHERE status = 'open'" --explain
			ddb sql --transaction "INSERT INTO Orders VALUE {'customer':'c#9','placed':'1'}" "DELETE FROM Orders WHERE customer='c#8' AND placed='1'" --yes
		`),
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("STATEMENT is missing", "usage: "+c.UseLine())
			}
			return nil
		},
	}
	f := c.Flags()
	q.r.limits(f)
	f.BoolVar(&q.r.consistent, "consistent", false, "see all writes before this moment, at twice the cost")
	f.BoolVar(&q.transaction, "transaction", false, "run all arguments as the statements of one transaction")
	q.guard.defineAsking(f)
	explainFlag(a, f)
	a.flags.returns.define(f)
	f.StringArrayVar(&q.params, "param", nil, "a `value` for a question mark, once for each")
	c.RunE = q.run
	return c
}

func (q *statement) run(c *cobra.Command, args []string) error {
	a := q.app
	ctx, cancel := a.timeout(c.Context())
	defer cancel()
	p, err := a.printer()
	if err != nil {
		return err
	}
	if err := q.r.prepare(a); err != nil {
		return err
	}
	if err := q.guard.check(); err != nil {
		return err
	}
	if q.transaction {
		if len(q.params) > 0 || q.r.consistent || q.r.limit > 0 || q.r.pageSize > 0 || q.r.maxRead > 0 {
			return usage("--transaction takes no parameters, limits or --consistent", "write the values into the statements; item transact-statement takes parameters")
		}
		return a.transactSQL(ctx, p, args)
	}
	statement, err := a.source(args[0])
	if err != nil {
		return err
	}
	in := &partiql.ExecuteInput{Statement: strings.TrimSpace(string(statement))}
	if in.Accounting, err = a.flags.returns.accounting(); err != nil {
		return err
	}
	if in.Parameters, err = a.parameters(append(args[1:], q.params...)); err != nil {
		return err
	}
	if q.r.consistent {
		in.ConsistentRead = &q.r.consistent
	}
	q.r.filterExpr = "?" // what a SELECT filters is not known here: a page's Limit may hold back matches
	env, err := a.callEnv(ctx)
	if err != nil {
		return err
	}
	if err := q.guard.admitSQL(ctx, a, env, in.Statement, q.r.consistent, int64(q.r.maxRead)); err != nil {
		return err
	}
	a.bareSQL(ctx, in.Statement)
	return a.follow(ctx, p, &q.r, func(_ attr.Item, limit *int32) (page, error) {
		in.Limit = limit
		out, err := partiql.Execute.Call(ctx, env, in)
		if err != nil {
			return page{}, explainSQLError(err, in.Statement)
		}
		in.NextToken = aws.ToString(out.NextToken)
		return page{items: out.Items, count: len(out.Items), scanned: len(out.Items), more: in.NextToken != "", capacity: out.ConsumedCapacity}, nil
	})
}

// parameters reads values: plain JSON where it is that, text otherwise.
func (a *app) parameters(texts []string) ([]types.AttributeValue, error) {
	var values []types.AttributeValue
	for i, text := range texts {
		v, err := attr.ParsePlainValue([]byte(text))
		if err != nil {
			if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
				return nil, usage(fmt.Sprintf("value %d: %v", i+1, err), `a value is plain JSON, such as 5, "text" or {"a":1}; what does not begin with a bracket may be bare text`)
			}
			v = attr.String(text)
		}
		values = append(values, op.ToSDK(attr.Item{{Name: "v", Value: v}})["v"])
	}
	return values, nil
}

// transactSQL runs statements as one transaction and prints the items that SELECTs found.
func (a *app) transactSQL(ctx context.Context, p *render.Printer, statements []string) error {
	in := &partiql.ExecuteTransactionInput{}
	for _, text := range statements {
		in.TransactStatements = append(in.TransactStatements, types.ParameterizedStatement{Statement: aws.String(strings.TrimSpace(text))})
	}
	env, err := a.callEnv(ctx)
	if err != nil {
		return err
	}
	for _, text := range statements {
		a.bareSQL(ctx, text)
	}
	out, err := partiql.ExecuteTransaction.Call(ctx, env, in)
	if done, err := a.showDry(err); done {
		return err
	}
	if err != nil {
		return explainSQLError(err, statements...)
	}
	w := p.Items(nil, nil)
	found := 0
	for _, r := range out.Responses {
		if r.Item == nil {
			continue
		}
		found++
		if err := w.Write(op.FromSDK(r.Item)); err != nil {
			return err
		}
	}
	if found > 0 {
		if err := w.Close(); err != nil {
			return err
		}
	}
	if err := p.Flush(); err != nil {
		return err
	}
	a.io.notef("ddb: transaction of %s done", counted(len(statements), "statement"))
	return nil
}
