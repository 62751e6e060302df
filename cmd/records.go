package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/records"
)

// formatFlag defines --format, which says what a file of items is where its name and first line do not.
func formatFlag(c *cobra.Command, format *string) {
	c.Flags().StringVar(format, "format", "", "what a file of items is: `one` of "+strings.Join(records.Formats, " "))
	_ = c.RegisterFlagCompletionFunc("format", fixedCompletion(records.Formats...))
}

// isSource tells whether the one position of a key names a source of many: - or @file.
func isSource(positions []string) bool {
	return len(positions) == 1 && (positions[0] == "-" || strings.HasPrefix(positions[0], "@"))
}

// openRecords opens "-" or "@name". The names expected are those of the columns where the first row has none of them.
func (a *app) openRecords(text, format string, streaming bool, expected ...string) (*records.Source, error) {
	opts := records.Options{Format: format, Streaming: streaming, Typed: a.flags.typed, Expected: expected}
	if strings.EqualFold(format, "dynamodb") {
		a.flags.typed, opts.Typed = true, true
	}
	if a.flags.noHeader {
		if len(a.flags.columns) == 0 {
			return nil, usage("--no-header says that the first line names no columns", "name them: --columns a,b")
		}
		opts.Columns = a.flags.columns
	}
	name := strings.TrimPrefix(text, "@")
	if text == "-" {
		name = ""
	}
	s, err := records.Open(name, a.io.In, opts)
	if err != nil {
		return nil, err
	}
	if s.Guessed && expected == nil {
		a.io.notef("ddb: %s is read as %s (--format says otherwise)", s.Name(), strings.ToUpper(s.Format))
	}
	return s, nil
}

// itemOf reads a record as an item of the table.
func (a *app) itemOf(s *schema, r records.Record) (attr.Item, error) {
	if r.Err != nil {
		return nil, r.Err
	}
	it, err := a.decodeItem(r.JSON)
	if err != nil {
		return nil, err
	}
	if err := s.checkKey(it); err != nil {
		return nil, err
	}
	if size := attr.ItemSize(it); size > 400<<10 {
		return nil, fmt.Errorf("the item has %s, and may have 400 KB", strings.TrimSpace(counted(size, "byte")))
	}
	return it, nil
}

// keyIn reads a record as a key of the table: the key's attributes out of an item, or a line that is the value of a key of one part.
func (a *app) keyIn(s *schema, r records.Record) (attr.Item, error) {
	switch {
	case r.Err != nil:
		return nil, r.Err
	case !strings.HasPrefix(string(r.JSON), "{"):
		return attr.ParseKeyArgs(strings.Split(string(r.JSON), "\t"), s.key)
	}
	it, err := a.decodeItem(r.JSON)
	if err != nil {
		return nil, err
	}
	if err := s.checkKey(it); err != nil {
		return nil, err
	}
	return s.tableKey(it), nil
}

// tableKey is the table's key out of an item.
func (s *schema) tableKey(it attr.Item) attr.Item {
	key := make(attr.Item, 0, len(s.key))
	for _, part := range s.key {
		v, _ := it.Get(part.Name)
		key = append(key, attr.Attribute{Name: part.Name, Value: v})
	}
	return key
}

// checkKey refuses an item without the table's key in it.
func (s *schema) checkKey(it attr.Item) error {
	for _, part := range s.key {
		v, ok := it.Get(part.Name)
		switch {
		case !ok:
			return fmt.Errorf("the key attribute %q is missing", part.Name)
		case v.Kind != part.Kind:
			return fmt.Errorf("attribute %s: the key of %s wants type %s here, not %s", part.Name, s.table, part.Kind, v.Kind)
		case v.Str == "":
			return fmt.Errorf("attribute %s: a key may not be empty", part.Name)
		}
	}
	return nil
}
