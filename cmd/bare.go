package cmd

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/partiql"
)

// bareWords tells of words in a condition that stand where a value is usual, without quotes, and are read as attributes that nobody has seen in the
// table: status = open. Two attributes may be meant to be compared, so it is a hint and the command goes on.
func (a *app) bareWords(ctx context.Context, table string, holders *attr.Placeholders) {
	if len(holders.Bare) == 0 {
		return
	}
	var names []string
	for _, w := range holders.Bare {
		names = append(names, w.Name)
	}
	for _, i := range a.unseen(ctx, table, names) {
		w := holders.Bare[i]
		a.hint(w.Name + " is read as an attribute; a text is written " + w.Term)
	}
	holders.Bare = nil
}

// bareSQL tells the same of a PartiQL statement, in which a name in double quotes is an attribute too: customer = "c#1".
func (a *app) bareSQL(ctx context.Context, text string) {
	s, err := partiql.Parse(text)
	if err != nil {
		return
	}
	paths := partiql.InPlaceOfValues(s)
	tables := partiql.Tables(s)
	if len(paths) == 0 || len(tables) == 0 {
		return
	}
	names := make([]string, len(paths))
	for i, p := range paths {
		names[i] = p.Parts[0].Name
	}
	for _, i := range a.unseen(ctx, tables[0], names) {
		what := names[i] + " is read as an attribute"
		if quotedAt(text, paths[i].Pos) {
			what = fmt.Sprintf("%q is read as an attribute, for its double quotes", names[i])
		}
		a.hint(what + "; a text is written '" + strings.ReplaceAll(names[i], "'", "''") + "'")
	}
}

// quotedAt says whether a name in a statement stands in double quotes.
func quotedAt(text string, at partiql.Pos) bool {
	lines := strings.Split(text, "\n")
	if at.Line < 1 || at.Line > len(lines) {
		return false
	}
	line := []rune(lines[at.Line-1])
	return at.Col >= 1 && at.Col <= len(line) && line[at.Col-1] == '"'
}

// unseen are the places of those names that are no attributes anybody has seen in the table. There are none where that cannot be told.
func (a *app) unseen(ctx context.Context, table string, names []string) []int {
	env, err := a.env(ctx)
	if err != nil {
		return nil // the call itself will say so
	}
	known, err := a.knownWords(ctx, env, table)
	if err != nil {
		return nil
	}
	seen, _ := rememberedFor(a.seenFile(table), seenKept)
	var places []int
	for i, n := range names {
		if !slices.Contains(known.attributes, n) && !slices.Contains(seen, n) && !slices.Contains(names[:i], n) {
			places = append(places, i)
		}
	}
	return places
}
