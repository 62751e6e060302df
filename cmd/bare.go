package cmd

import (
	"context"
	"slices"

	"github.com/ddb-cli/ddb/internal/attr"
)

// bareWords tells of words in a condition that stand where a value is usual, without quotes, and are read as attributes that nobody has seen in the
// table: status = open. Two attributes may be meant to be compared, so it is a hint and the command goes on.
func (a *app) bareWords(ctx context.Context, table string, holders *attr.Placeholders) {
	if len(holders.Bare) == 0 {
		return
	}
	env, err := a.env(ctx)
	if err != nil {
		return // the call itself will say so
	}
	known, err := wordsIn(ctx, env, table, a.cfg.Local)
	if err != nil {
		return
	}
	seen, _ := rememberedFor(a.seenFile(table), seenKept)
	for _, w := range holders.Bare {
		if !slices.Contains(known.attributes, w.Name) && !slices.Contains(seen, w.Name) {
			a.hint(w.Name + " is read as an attribute; a text is written " + w.Term)
		}
	}
	holders.Bare = nil
}
