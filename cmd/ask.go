package cmd

import (
	"bufio"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/loss"
)

// confirm asks before an operation that destroys; it is op.Env.Confirm. Without a terminal nobody can answer, and nothing is done.
func (a *app) confirm(ctx context.Context, spec op.Spec, tables []string, in any) error {
	name := ""
	if spec.Tool == "delete_table" && len(tables) == 1 && !a.cfg.Local {
		name = tables[0]
	}
	if in != nil && !a.flags.yes {
		if err := a.checkSQL(ctx, in); err != nil {
			return err
		}
		lost, err := a.loss(ctx, func(ctx context.Context, env *op.Env) (string, error) {
			return loss.Describe(ctx, env, spec, tables, in)
		})
		if err != nil {
			return err
		}
		if a.there = new(lost != ""); !*a.there {
			return nil
		}
		if ad := a.adornments()[spec.Tool]; ad.unasked && !a.io.canAsk() {
			a.io.notef("%s", lost)
			return nil
		}
	}
	return a.confirmText(ctx, a.question(spec, tables, in), name)
}

// loss says what would be lost, where somebody can be asked, and gives it: "" for nothing, and an error where the call would
// meet one.
func (a *app) loss(ctx context.Context, describe func(context.Context, *op.Env) (string, error)) (string, error) {
	env, err := a.env(ctx)
	if err != nil {
		return "", err
	}
	reading := *env
	reading.Confirm = nil
	lost, err := describe(ctx, &reading)
	if err == nil && lost != "" && a.io.canAsk() {
		a.io.notef("%s", lost)
	}
	return lost, err
}

// confirmText asks whether to go ahead with what is said; where name is given, by having it typed.
func (a *app) confirmText(ctx context.Context, what, name string) error {
	if a.flags.yes {
		return nil
	}
	if !a.io.canAsk() {
		return &op.Error{Code: codeNotConfirmed, Message: what + " was not confirmed, and nobody can be asked here", Hint: "add --yes to go ahead"}
	}
	if name != "" {
		if a.ask(ctx, what+". Type the table's name to go ahead: ") == name {
			return nil
		}
	} else if answer := strings.ToLower(a.ask(ctx, what+"? [y/N] ")); answer == "y" || answer == "yes" {
		return nil
	}
	return &op.Error{Code: codeNotConfirmed, Message: what + " was not confirmed; nothing was changed"}
}

// question says what would be destroyed: the adornment's words, or the operation's.
func (a *app) question(spec op.Spec, tables []string, in any) string {
	if ad, ok := a.adornments()[spec.Tool]; ok && ad.ask != nil {
		if q := ad.ask(in); q != "" {
			return q
		}
	}
	if len(tables) > 0 {
		return spec.Title + " on " + strings.Join(tables, ", ")
	}
	return spec.Title
}

// ask puts a question on standard error and reads one line. An interruption counts as an empty answer.
func (a *app) ask(ctx context.Context, question string) string {
	began := time.Now()
	defer func() { a.asked += time.Since(began) }() // a person's time is none of the command's
	_, _ = fmt.Fprint(a.io.Err, question)
	line := make(chan string, 1)
	go func() {
		text, _ := bufio.NewReader(a.io.In).ReadString('\n')
		line <- strings.TrimSpace(text)
	}()
	select {
	case text := <-line:
		return text
	case <-ctx.Done():
		return ""
	}
}

// askMFA asks for a one-time code, on standard error.
func (a *app) askMFA() (string, error) {
	if !a.io.canAsk() {
		return "", &op.Error{Code: op.CodeNoCredentials, Message: "the profile's role wants a one-time code (MFA), and nobody can be asked here", Hint: "use a profile with session credentials, for example from: aws sts get-session-token"}
	}
	return a.ask(context.Background(), "MFA code: "), nil
}
