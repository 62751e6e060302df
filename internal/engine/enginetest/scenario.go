package enginetest

import (
	"context"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
)

// Run runs every scenario file of dir, each against a Target of its own. With datadriven's -rewrite flag the answers in the
// files are replaced by those of the target: read the difference before you believe it.
func Run(t *testing.T, dir string, open Open) {
	datadriven.Walk(t, dir, func(t *testing.T, file string) {
		if path.Ext(file) != ".txt" {
			return
		}
		s := scenario{target: open(t), kept: map[string]string{}}
		datadriven.RunTest(t, file, func(t *testing.T, d *datadriven.TestData) string {
			return s.step(t.Context(), t, d)
		})
	})
}

// scenario is the state of one file as it runs: the target, and what let= has kept.
type scenario struct {
	target    *Target
	elsewhere map[string]*Target // the same endpoint in other regions
	kept      map[string]string  // name → the text it stands for
	lenient   bool               // go on where the target does something else than the file says
}

func (s *scenario) step(ctx context.Context, t *testing.T, d *datadriven.TestData) string {
	input := s.expand(d.Input)
	if strings.TrimSpace(input) == "" {
		input = "{}"
	}
	answer, err := s.ask(ctx, t, d, []byte(input))
	if err != nil {
		text := words(err)
		if d.HasArg("reasons") {
			text += reasons(err)
		}
		return s.fold(text) + "\n"
	}
	if err := s.settle(ctx, s.targetOf(t, d), d.Cmd, answer); err != nil && !s.lenient {
		t.Fatalf("%s: %s: %v", d.Pos, d.Cmd, err)
	}
	if d.HasArg("let") {
		var name, member string
		d.ScanArgs(t, "let", &name, &member)
		text, ok := find(answer, strings.Split(member, ".")).(string)
		switch {
		case ok:
			s.kept[name] = text
		case !s.lenient:
			t.Fatalf("%s: let=(%s,%s): the answer has no such text", d.Pos, name, member)
		}
	}
	if d.HasArg("sort") {
		var list string
		d.ScanArgs(t, "sort", &list)
		sortList(answer, list)
	}
	var shown any = answer
	for _, arg := range d.CmdArgs {
		if arg.Key == "only" {
			part := map[string]any{}
			for _, member := range arg.Vals {
				part[member] = find(answer, strings.Split(member, "."))
			}
			shown = part
		}
	}
	return s.fold(print(shown)) + "\n"
}

// settle waits until what an answer began is done, so that a scenario holds on a service that takes its time as on one that does not.
func (s *scenario) settle(ctx context.Context, target *Target, operation string, answer map[string]any) error {
	member := map[string]string{
		"CreateTable": "TableDescription", "UpdateTable": "TableDescription", "DeleteTable": "TableDescription",
		"RestoreTableFromBackup": "TableDescription", "RestoreTableToPointInTime": "TableDescription",
	}[operation]
	if member == "" {
		return nil
	}
	name, _ := find(answer, []string{member, "TableName"}).(string)
	input, _ := json.Marshal(map[string]string{"TableName": name})
	for deadline := time.Now().Add(s.patience(5 * time.Minute)); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		out, err := target.call(ctx, "DescribeTable", input)
		if err != nil && operation == "DeleteTable" {
			return nil
		}
		if err != nil {
			return err
		}
		if settled(out) && operation != "DeleteTable" {
			return nil
		}
	}
	return fmt.Errorf("table %q did not settle within five minutes", name)
}

// patience is how long to wait for what may take so long; a lenient run does not wait for what may never come.
func (s *scenario) patience(most time.Duration) time.Duration {
	if s.lenient {
		return min(most, 5*time.Second)
	}
	return most
}

func settled(description map[string]any) bool {
	if find(description, []string{"Table", "TableStatus"}) != "ACTIVE" {
		return false
	}
	indexes, _ := find(description, []string{"Table", "GlobalSecondaryIndexes"}).([]any)
	return !slices.ContainsFunc(indexes, func(index any) bool { return find(index, []string{"IndexStatus"}) != "ACTIVE" })
}

// allPages follows LastEvaluatedKey to the end and joins Items, Count and ScannedCount.
func allPages(ctx context.Context, target *Target, operation string, input []byte) (map[string]any, error) {
	in, err := decode(input)
	if err != nil {
		return nil, err
	}
	var items []any
	for pages := 1; ; pages++ {
		body, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		out, err := target.call(ctx, operation, body)
		if err != nil {
			return nil, err
		}
		page, _ := out["Items"].([]any)
		items = append(items, page...)
		last, more := out["LastEvaluatedKey"].(map[string]any)
		if !more || len(last) == 0 {
			return map[string]any{"Items": items, "Pages": pages}, nil
		}
		in["ExclusiveStartKey"] = last
	}
}

func (s *scenario) expand(text string) string {
	for name, value := range s.kept {
		text = strings.ReplaceAll(text, "$"+name, value)
	}
	return text
}

var generated = []struct {
	form *regexp.Regexp
	word string
}{
	{regexp.MustCompile(`"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"`), `"<time>"`},
	{regexp.MustCompile(`'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ'`), `'<time>'`},
	{regexp.MustCompile(`at [A-Z][a-z]+day, [A-Z][a-z]+ \d+, \d{4} at \d+:\d\d:\d\d [AP]M`), `at <time>`},
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), `<id>`},
	{regexp.MustCompile(`/(backup|export|import)/[0-9]{10,}-[0-9a-f]{8}`), `/$1/<id>`},
	{regexp.MustCompile(`/stream/\d{4}-\d\d-\d\dT[0-9:.]+`), `/stream/<time>`},
	{regexp.MustCompile(`(DynamoDBContributorInsights-[^"]*)-\d{13}`), `$1-<time>`},
	{regexp.MustCompile(`(StreamLabel)": ?"[^"]+"`), `$1":"<time>"`},
	{regexp.MustCompile(`"(ApproximateCreationDateTime)":\d+(\.\d+)?`), `"$1":"<time>"`},
	{regexp.MustCompile(`"((?:Starting|Ending)?SequenceNumber)":"\d{21,40}"`), `"$1":"<number>"`},
	{regexp.MustCompile(`"((?:Next)?ShardIterator)":"[^"]+"`), `"$1":"<iterator>"`},
	{regexp.MustCompile(`shardId-\d{20}-[0-9a-f]{8}`), `<shard>`},
	{regexp.MustCompile(`"eventID":"[0-9a-f]{32}"`), `"eventID":"<id>"`},
}

// fold puts $name where a kept text stands, and placeholders where the answer carries something made up for this run.
func (s *scenario) fold(text string) string {
	for name, value := range s.kept {
		text = strings.ReplaceAll(text, value, "$"+name)
	}
	for _, g := range generated {
		text = g.form.ReplaceAllString(text, g.word)
	}
	return text
}
