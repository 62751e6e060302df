package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/nearest"
	"github.com/ddb-cli/ddb/internal/op"
	ops "github.com/ddb-cli/ddb/internal/ops/partiql"
	"github.com/ddb-cli/ddb/internal/partiql"
)

// Parts of the service's messages.
const (
	sqlUnreadable = "Statement wasn't well formed, can't be processed"
	sqlOneItem    = "Where clause does not contain a mandatory equality on all key attributes"
)

// counting is an aggregate, which the service does not know.
var counting = regexp.MustCompile(`(?i)\b(count|sum|avg|min|max)\s*\(`)

// insertedColumns is an INSERT as SQL has it.
var insertedColumns = regexp.MustCompile(`(?is)^\s*insert\s+into\s+\S+\s*\(`)

// isFileName says whether a statement is rather the name of a file that is there.
func isFileName(text string) bool {
	info, err := os.Stat(text)
	return err == nil && info.Mode().IsRegular()
}

// explainSQLError adds to the service's refusal of statements what a person needs: the place where one could not be read, and the likeliest reason.
func explainSQLError(err error, statements ...string) error {
	e, ok := errors.AsType[*op.Error](err)
	if !ok {
		return err
	}
	switch {
	case strings.Contains(e.Message, sqlUnreadable):
		for _, text := range statements {
			if e.Brief = unreadable(text); e.Brief != "" {
				break
			}
		}
		near := ""
		for _, text := range statements {
			if _, _, word := firstWord(text); near == "" && !slices.Contains(firstWords, strings.ToUpper(word)) {
				near = nearest.Name(strings.ToUpper(word), firstWords)
			}
		}
		switch {
		case e.Hint != "":
		case near != "":
			e.Hint = fmt.Sprintf("did you mean %s?", near)
		case slices.ContainsFunc(statements, func(s string) bool { return insertedColumns.MatchString(s) }):
			e.Hint = "INSERT takes an item: INSERT INTO Orders VALUE {'customer': 'c#1', 'placed': '2026-01-03'}"
		case len(statements) == 1 && isFileName(statements[0]):
			e.Hint = "a file is named with @: ddb sql @" + statements[0]
		case strings.Contains(e.Message, "keyword"):
			e.Hint = `a name that is a word of the language, such as user, date or order, stands in double quotes: WHERE "user" = ?`
		case strings.HasSuffix(e.Message, ": "):
			e.Hint = "a quote is not closed there, or a sign has no meaning: texts stand in single quotes, names in double ones"
		}
	case strings.Contains(e.Message, "Tuple keys must be of type String. Actual type: VariableReference"):
		e.Hint = "in PartiQL, names of attributes in braces and texts stand in single quotes: VALUE {'id': 'a'}; double ones name an attribute"
	case strings.Contains(e.Message, "Must have WHERE clause in the statement when using ORDER BY"):
		e.Hint = "ORDER BY is for the sort key of one partition: WHERE customer = 'c#1' ORDER BY placed; others are sorted behind: -o json --query 'sort_by(@, &age)'"
	case strings.Contains(e.Message, "Unsupported operation: ") && e.Hint == "":
		e.Hint = "a statement begins with SELECT, INSERT, UPDATE, DELETE or EXISTS"
	case strings.Contains(e.Message, "Unsupported clause: LIMIT"):
		e.Hint = "PartiQL has no LIMIT here: --limit N returns N items"
	case strings.Contains(e.Message, "Unsupported clause: "):
		e.Hint = "PartiQL of DynamoDB has SELECT … FROM … WHERE … ORDER BY key; what is computed over items is computed behind it: -o csv, --jq"
	case slices.ContainsFunc(statements, func(s string) bool { return counting.MatchString(s) }) && e.Hint == "":
		e.Hint = "PartiQL of DynamoDB counts nothing: ddb scan TABLE --count, or ddb query TABLE --where '…' --count"
	case strings.Contains(e.Message, sqlOneItem) && e.Hint == "":
		e.Hint = "UPDATE and DELETE take one item, by its whole key; ddb update or delete TABLE --where '…' takes every item of a condition"
	}
	return err
}

// firstWords begin statements.
var firstWords = []string{"SELECT", "INSERT", "UPDATE", "DELETE", "EXISTS", "UPSERT", "REPLACE"}

// firstWord is the word a text begins with, its line from 1, and how many characters stand before it there.
func firstWord(text string) (line, before int, word string) {
	for i, l := range strings.Split(text, "\n") {
		if rest := strings.TrimLeft(l, " \t\r"); rest != "" {
			end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) })
			if end < 0 {
				end = len(rest)
			}
			return i + 1, utf8.RuneCountInString(l) - utf8.RuneCountInString(rest), rest[:end]
		}
	}
	return 1, 0, ""
}

// unreadable is what is wrong with a statement that cannot be read, with the line and a caret where reading stopped. It is "" for what can be read.
func unreadable(text string) string {
	_, err := partiql.Parse(text)
	wrong, ok := errors.AsType[*partiql.Error](err)
	if !ok || !wrong.Syntax || wrong.At.Line == 0 {
		return ""
	}
	if at, runes, word := firstWord(text); !slices.Contains(firstWords, strings.ToUpper(word)) { // reading goes on behind a word that begins no statement
		wrong.At.Line, wrong.At.Col = at, runes+1
	}
	line := strings.Split(text, "\n")[wrong.At.Line-1]
	offset := len(string([]rune(line)[:wrong.At.Col-1]))
	message := strings.TrimSuffix(wrong.Message, ": ")
	if wrong.At.Line > 1 {
		message += fmt.Sprintf(" (line %d)", wrong.At.Line)
	}
	line = strings.NewReplacer("\t", " ", "\r", " ").Replace(line)
	return (&attr.SyntaxError{Text: line, Offset: offset, Message: message}).Error()
}

// checkSQL refuses, ahead of a question whether it shall be run, a statement that cannot be read, and a DELETE of more than one item.
func (a *app) checkSQL(ctx context.Context, in any) error {
	var statements []string
	switch in := in.(type) {
	case *ops.ExecuteInput:
		statements = append(statements, in.Statement)
	case *ops.ExecuteTransactionInput:
		for _, s := range in.TransactStatements {
			statements = append(statements, aws.ToString(s.Statement))
		}
	}
	for _, text := range statements {
		if _, err := partiql.Parse(text); err != nil {
			return explainSQLError(&op.Error{Code: "ValidationException", Message: err.Error()}, text)
		}
		env, err := a.env(ctx)
		if err != nil {
			return err
		}
		if p := planSQL(ctx, env, text); p != nil && len(p.lacking) > 0 {
			return explainSQLError(&op.Error{Code: "ValidationException", Message: fmt.Sprintf("%s: %s", sqlOneItem, strings.Join(p.lacking, ", "))})
		}
	}
	return nil
}
