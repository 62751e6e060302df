package cmd

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/records"
	"github.com/ddb-cli/ddb/internal/render"
)

// A report is an error ready to be shown. Its JSON form is that of the MCP server's errors, with the exit code.
type report struct {
	Code      string          `json:"code"`
	Message   string          `json:"message"`
	Hint      string          `json:"hint,omitempty"`
	Retryable bool            `json:"retryable"`
	RequestID string          `json:"request_id,omitempty"`
	Item      json.RawMessage `json:"item,omitempty"`
	Reasons   []reason        `json:"reasons,omitempty"`
	Exit      int             `json:"exit_code"`
}

type reason struct {
	Code    string          `json:"code"`
	Message string          `json:"message,omitempty"`
	Item    json.RawMessage `json:"item,omitempty"`
}

func reportOf(err error) report {
	r := report{Code: op.CodeInternal, Message: err.Error(), Exit: int(codeOf(err))}
	var (
		known  *op.Error
		use    *usageError
		syntax *attr.SyntaxError
		plain  *attr.PlainError
		output *render.UsageError
		source *records.Error
	)
	switch {
	case errors.As(err, &known):
		r.Code, r.Hint, r.Retryable, r.RequestID = known.Code, known.Hint, known.Retryable, known.RequestID
		if known.Code == op.CodeReadOnly && known.Brief != "" { // the long form is the MCP server's, and names a variable of its own
			r.Message, r.Hint = known.Brief, "leave --read-only out to allow it"
		}
		if known.Item != nil {
			r.Item = attr.AppendPlainItem(nil, op.FromSDK(known.Item))
		}
		for _, why := range known.Reasons {
			x := reason{Code: why.Code, Message: why.Message}
			if why.Item != nil {
				x.Item = attr.AppendPlainItem(nil, op.FromSDK(why.Item))
			}
			r.Reasons = append(r.Reasons, x)
		}
	case errors.As(err, &use):
		r.Code, r.Hint = codeUsage, use.hint
	case errors.As(err, &syntax):
		r.Code, r.Hint = codeUsage, syntax.Hint
	case errors.As(err, &plain):
		r.Code, r.Hint = codeUsage, plain.Hint
	case errors.As(err, &output):
		r.Code, r.Hint = codeUsage, output.Hint
	case errors.As(err, &source):
		r.Code, r.Hint = codeUsage, source.Hint
	}
	if r.Code == "ResourceInUseException" && strings.HasPrefix(r.Message, "Table already exists") {
		r.Hint = "with --if-not-exists that is no error; ddb table apply FILE changes a table that is there"
	}
	r.Message, r.Hint = op.ForTerminal(r.Message), op.ForTerminal(r.Hint)
	return r
}

// fail prints an error: what happened, then what to do.
func (a *app) fail(err error) {
	if _, ok := errors.AsType[*errQuiet](err); ok {
		return
	}
	r := reportOf(err)
	if a.errorsAsJSON() {
		if line, err := json.Marshal(map[string]report{"error": r}); err == nil {
			a.io.notef("%s", line)
			return
		}
	}
	message := r.Message
	var known *op.Error
	if errors.As(err, &known) && known.Brief != "" {
		message = known.Brief
	}
	a.io.notef("%s %s", a.paint("31;1", "ddb: error:"), message)
	for i, why := range r.Reasons {
		if why.Code != "None" {
			a.io.notef("  action %d: %s", i+1, strings.TrimSuffix(why.Code+": "+why.Message, ": "))
			if why.Item != nil {
				a.io.notef("    the item is: %s", why.Item)
			}
		}
	}
	if r.Item != nil {
		a.io.notef("  the item is: %s", r.Item)
	}
	if r.Hint != "" {
		a.hint(r.Hint)
	}
}

func (a *app) hint(text string) { a.io.notef("%s %s", a.paint("36", "ddb: hint:"), text) }

// interrupted says what a signal cut short. The command itself has said what was done.
func (a *app) interrupted(by string, err error) {
	if _, ok := errors.AsType[*errQuiet](err); ok {
		return
	}
	a.io.notef("ddb: %s", by)
}

// paint colours text on standard error.
func (a *app) paint(sgr, text string) string {
	if !a.colorErr() {
		return text
	}
	return "\x1b[" + sgr + "m" + text + "\x1b[0m"
}
