package engine_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ddb-cli/ddb/internal/engine"
)

// object writes an object into my-bucket.
func object(t *testing.T, root, key, content string) {
	t.Helper()
	file := filepath.Join(root, "my-bucket", filepath.FromSlash(key))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func wantCounts(t *testing.T, d *types.ImportTableDescription, processed, imported, errors int64) {
	t.Helper()
	status := types.ImportStatusCompleted
	if errors > 0 {
		status = types.ImportStatusFailed
	}
	if d.ImportStatus != status || (errors > 0) != (aws.ToString(d.FailureCode) == "ItemValidationError") || d.ProcessedItemCount != processed || d.ImportedItemCount != imported || d.ErrorCount != errors {
		t.Errorf("import %s (%s), %d processed, %d imported, %d errors; want %d, %d and %d", d.ImportStatus, aws.ToString(d.FailureMessage),
			d.ProcessedItemCount, d.ImportedItemCount, d.ErrorCount, processed, imported, errors)
	}
}

func csvImport(table, prefix string, o *types.CsvOptions) *dynamodb.ImportTableInput {
	in := placesImport(table, prefix, "NONE")
	in.InputFormat = "CSV"
	if o != nil {
		in.InputFormatOptions = &types.InputFormatOptions{Csv: o}
	}
	return in
}

func TestImportCSV(t *testing.T) {
	root := t.TempDir()
	_, c := open(t, engine.Options{S3Root: root})
	object(t, root, "a.csv", "\uFEFFpk,sk,city,note\r\n"+
		"a,1,Rome,\"with \"\"quotes\"\", a comma\nand a line\"\r\n"+
		"a,2.50,Oslo,\r\n"+
		"\r\n"+ // nothing
		"a,x,Oslo,not a number\r\n"+
		"a,3,Oslo\r\n"+ // a column is missing
		"a,4,,the key of an index is empty\r\n"+
		"b,5,Bonn,7\r\n")
	d := imported(t, c, csvImport("Csv", "a.csv", nil))
	wantCounts(t, d, 6, 3, 3)
	if diff := cmp.Diff(map[string]string{
		"[pk=a sk=1]":   "pk=a sk=1 city=Rome note=with \"quotes\", a comma\nand a line",
		"[pk=a sk=2.5]": "pk=a sk=2.5 city=Oslo note=",
		"[pk=b sk=5]":   "pk=b sk=5 city=Bonn note=7", // a text, for it is no key
	}, contents(t, c, "Csv", "")); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if n := len(contents(t, c, "Csv", "byCity")); n != 3 {
		t.Errorf("the index has %d entries, want 3", n)
	}

	object(t, root, "b.csv", "a|1|Rome\nb|2|Oslo\n")
	d = imported(t, c, csvImport("Headed", "b.csv", &types.CsvOptions{Delimiter: aws.String("|"), HeaderList: []string{"pk", "sk", "city"}}))
	wantCounts(t, d, 2, 2, 0)
	if o := d.InputFormatOptions; o == nil || *o.Csv.Delimiter != "|" || len(o.Csv.HeaderList) != 3 {
		t.Errorf("described options %+v", o)
	}
	object(t, root, "marked.csv", "\uFEFF\"a\"|1|Rome\n")
	wantCounts(t, imported(t, c, csvImport("Marked", "marked.csv", &types.CsvOptions{Delimiter: aws.String("|"), HeaderList: []string{"pk", "sk", "city"}})), 1, 1, 0)
	object(t, root, "quoted.csv", "\uFEFF\"pk\",\"sk\",\"city\"\n\"a\",\"1\",\"Rome\"\n")
	wantCounts(t, imported(t, c, csvImport("Quoted", "quoted.csv", nil)), 1, 1, 0)
	for _, table := range []string{"Marked", "Quoted"} {
		if diff := cmp.Diff(map[string]string{"[pk=a sk=1]": "pk=a sk=1 city=Rome"}, contents(t, c, table, "")); diff != "" {
			t.Errorf("%s after a byte order mark (-want +got):\n%s", table, diff)
		}
	}
	for name, text := range map[string]string{"Nothing": "", "Letter": "p", "MarkAlone": "\uFEFF"} {
		object(t, root, name+".csv", text)
		wantCounts(t, imported(t, c, csvImport(name, name+".csv", nil)), 0, 0, 0)
	}
	object(t, root, "c.csv", "pk,pk\na,1\n")
	wantCounts(t, imported(t, c, csvImport("Twice", "c.csv", nil)), 1, 0, 1)

	_, err := c.ImportTable(t.Context(), csvImport("Bad", "a.csv", &types.CsvOptions{Delimiter: aws.String("x")}))
	wantError(t, err, "ValidationException", "1 validation error detected: Value 'x' at 'inputFormatOptions.csv.delimiter' failed to "+
		`satisfy constraint: Member must satisfy regular expression pattern: [,;:|\t ]`)
}

func TestImportCSVWithBinaryKey(t *testing.T) {
	root := t.TempDir()
	_, c := open(t, engine.Options{S3Root: root})
	object(t, root, "a.csv", "pk,v\naGVsbG8=,1\n!,2\n")
	in := csvImport("Binary", "a.csv", nil)
	p := in.TableCreationParameters
	p.AttributeDefinitions = []types.AttributeDefinition{{AttributeName: aws.String("pk"), AttributeType: "B"}}
	p.KeySchema, p.GlobalSecondaryIndexes = p.KeySchema[:1], nil
	wantCounts(t, imported(t, c, in), 2, 1, 1)
	out, err := c.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("Binary"), Key: map[string]types.AttributeValue{
		"pk": &types.AttributeValueMemberB{Value: []byte("hello")},
	}})
	if err != nil || out.Item == nil {
		t.Errorf("the item under the binary key: %v, %v", out, err)
	}
}

func TestExportInIonAndImport(t *testing.T) {
	clock := newClock(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	root := t.TempDir()
	_, c := open(t, engine.Options{Clock: clock.Now, S3Root: root})
	indexedTable(t, c, "Places")
	enableRecovery(t, c, "Places")
	put(t, c, "Places", row("a", 1, "Rome"))
	all := row("b", 600, "Oslo \"\n'ü")
	all["s"] = &types.AttributeValueMemberSS{Value: []string{"x", "y"}}
	all["n"] = &types.AttributeValueMemberNS{Value: []string{"1.5", "1E+20"}}
	all["bs"] = &types.AttributeValueMemberBS{Value: [][]byte{{0, 255}}}
	all["l"] = &types.AttributeValueMemberL{Value: []types.AttributeValue{&types.AttributeValueMemberBOOL{Value: true}, &types.AttributeValueMemberNULL{Value: true}}}
	all["m"] = &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"a b": &types.AttributeValueMemberB{Value: []byte("raw")}}}
	put(t, c, "Places", all)
	clock.advance(time.Second)
	d := exported(t, c, &dynamodb.ExportTableToPointInTimeInput{TableArn: arnOf("Places"), S3Bucket: aws.String("my-bucket"), ExportFormat: "ION"})
	lines, summary := exportLines(t, root, d)
	if len(lines) != 2 || !strings.HasPrefix(lines[0], `$ion_1_0 {Item:{`) || !strings.Contains(lines[0]+lines[1], `sk:6d2`) || summary["outputFormat"] != "ION" {
		t.Errorf("lines %q, summary %v", lines, summary)
	}
	in := placesImport("Copy", strings.TrimSuffix(*d.ExportManifest, "manifest-summary.json")+"data/", "GZIP")
	in.InputFormat = "ION"
	wantCounts(t, imported(t, c, in), 2, 2, 0)
	for _, key := range []map[string]types.AttributeValue{{"pk": text("a"), "sk": number(1)}, {"pk": text("b"), "sk": number(600)}} {
		var got []map[string]types.AttributeValue
		for _, table := range []string{"Places", "Copy"} {
			out, err := c.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &table, Key: key})
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, out.Item)
		}
		if diff := cmp.Diff(got[0], got[1], cmpopts.IgnoreUnexported(types.AttributeValueMemberS{}, types.AttributeValueMemberN{}, types.AttributeValueMemberB{}, types.AttributeValueMemberSS{}, types.AttributeValueMemberNS{}, types.AttributeValueMemberBS{}, types.AttributeValueMemberL{}, types.AttributeValueMemberM{}, types.AttributeValueMemberBOOL{}, types.AttributeValueMemberNULL{})); diff != "" || got[0] == nil {
			t.Errorf("the item that went through Ion differs (-exported +imported):\n%s", diff)
		}
	}
}

func TestImportIonCountsWhatIsWrong(t *testing.T) {
	root := t.TempDir()
	_, c := open(t, engine.Options{S3Root: root})
	object(t, root, "in/a.ion", "$ion_1_0 {Item:{pk:\"a\",sk:1.,\n city:'''Ro''' '''me'''}} // two lines\n"+
		"{Item:{pk:\"a\"}}\n{Item:{pk:\"a\",sk:word}}\n{Other:1}\n$ion_1_0 {Item:{pk:\"b\",sk:2}}")
	object(t, root, "in/b.10n", "\xE0\x01\x00\xEA\x0f")
	in := placesImport("Ion", "in/", "NONE")
	in.InputFormat = "ION"
	wantCounts(t, imported(t, c, in), 6, 2, 4)
	if diff := cmp.Diff(map[string]string{"[pk=a sk=1]": "pk=a sk=1 city=Rome", "[pk=b sk=2]": "pk=b sk=2"}, contents(t, c, "Ion", "")); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}
