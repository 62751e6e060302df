package cmd_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/cmd"
)

// exampleFixture is the world in which the examples of the help run: tables, items, files and settings that they speak of.
const exampleFixture = `
ddb table create Orders --keys customer:S,placed:S --index 'ByStatus=status:S,placed:S' --ttl expires --pitr --stream new-and-old --tag env=dev --tag team=shop --wait
ddb table create Copy --keys customer:S,placed:S
ddb table create Scores --keys name:S,n:N
ddb table create Sessions --keys id:S --wait
ddb table create Products --keys pk:S --vector-indexes '[{"IndexName":"ByMeaning","VectorAttribute":{"AttributeName":"v"},"Dimensions":3,"DistanceFunction":"COSINE","Projection":{"ProjectionType":"ALL"}}]' --wait
ddb put Orders '{"customer":"c#1","placed":"2026-01-01","status":"open","total":12.5,"note":"x","lines":[{"sku":"a"}],"tags":{"SS":["new","old"]}}'
ddb put Orders '{"customer":"c#2","placed":"2026-02-05","status":"paid","total":240}'
ddb put Scores '{"name":"alice","n":-5}'
ddb scan Orders > orders.jsonl
ddb scan Orders -o csv > orders.csv
ddb scan Orders -o csv --columns customer,placed > keys.csv
ddb backup create Orders nightly --wait
ddb config set --context dev region us-west-2
ddb config set --context prod region us-west-2
ddb config use prod
ddb config use dev
mkdir .aws && printf '[profile prod]\nregion = us-west-2\n[profile dev]\nregion = us-west-2\n' > .aws/config
printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"dynamodb:GetItem","Resource":"arn:aws:dynamodb:us-west-2:000000000000:table/Orders"}]}' > policy.json
printf '[{"Put":{"TableName":"Orders","Item":{"customer":{"S":"c#5"},"placed":{"S":"x"}}}}]' > actions.json
printf '{"Orders":[{"PutRequest":{"Item":{"customer":{"S":"c#6"},"placed":{"S":"x"}}}}]}' > requests.json
printf '[{"Statement":"UPDATE Orders SET a = 1 WHERE customer = '"'c#1'"' AND placed = '"'2026-01-01'"'"}]' > statements.json
printf "UPDATE Orders SET seen = true WHERE customer = 'c#1' AND placed = '2026-01-01';\n" > changes.sql
printf '{"table_name":"Orders","item":{"customer":{"S":"c#7"},"placed":{"S":"x"}}}' > item.json
`

// An exampleCase is what an example needs beyond the fixture, and how it ends where that is not with 0.
type exampleCase struct {
	prefix  string // of the example
	before  string // shell text that comes first; ARN=… in it stands for the ARN in the example
	code    int
	either  int    // another code that is right, where it depends on what is faster
	outside string // why it is not run: what it needs of the world outside
	signal  bool   // it runs until it is interrupted
	instead string // what is run, where the example is for another shell
}

const (
	exported = `ARN=$(ddb s3-export start Orders backups --wait --query ExportArn)` + "\n"
	stream   = `ARN=$(ddb stream list Orders --query 'Streams[0].StreamArn')` + "\n"
	shard    = stream + `SHARD=$(ddb stream describe $ARN --query 'StreamDescription.Shards[0].ShardId')` + "\n"
	imported = exported + "D=$(ls -d .s3/backups/AWSDynamoDB/*/data | sed 's|^.s3/|s3://|')\n"
	kinesis  = "ddb kinesis enable Orders arn:aws:kinesis:us-west-2:000000000000:stream/orders\n"

	bulkFiles = `mkdir -p .s3/backups/orders && ddb scan Orders --typed | sed 's/^/{"Item":/; s/$/}/' > .s3/backups/orders/a.json` + "\n"
	bulkStart = "ARN=$(ddb bulk start Orders --from s3://backups/orders --errors-to s3://backups/failed --jq '..|.BulkOperationArn? // empty')\n"

	// scaledOrders gives Orders a replica, for only a global table's auto scaling is told.
	scaledOrders = `ddb replica add Orders eu-west-1 --wait` + "\n"

	twoRegions  = "ddb table delete Orders --yes --wait\nfor r in us-west-2 eu-west-1; do ddb table create Orders --keys customer:S,placed:S --index 'ByStatus=status:S,placed:S' --stream new-and-old --capacity 5,5 --region $r --wait; done\n"
	globalTable = twoRegions + "ddb global-table create Orders --replication-group '[{\"RegionName\":\"us-west-2\"},{\"RegionName\":\"eu-west-1\"}]'\n"
)

var exampleCases = []exampleCase{
	{prefix: "ddb wait replica", code: 3}, // there is none
	{prefix: "ddb replica update", before: "ddb replica add Orders eu-west-1 --wait"},
	{prefix: "ddb replica remove", before: "ddb replica add Orders eu-west-1 --wait"},
	{prefix: "ddb wait global-table", before: globalTable},
	{prefix: "ddb wait bulk", code: 3},
	{prefix: "ddb wait import", code: 3},
	{prefix: "ddb wait export", before: exported},
	{prefix: "ddb wait table Orders --gone", before: "ddb table delete Orders --yes"},
	{prefix: "ddb wait index Orders ByStatus --gone", before: "ddb index delete Orders ByStatus --yes"},
	{prefix: "ddb index wait Orders ByStatus --gone", before: "ddb index delete Orders ByStatus --yes"},
	{prefix: "ddb table diff old.yaml", before: "ddb table describe Orders -o yaml > old.yaml; cp old.yaml new.yaml"},
	{prefix: "ddb table diff eu-west-1", before: "ddb table create Orders --keys id:S --region eu-west-1; ddb table create Orders --keys id:S --region us-east-1"},
	{prefix: "ddb table diff orders.yaml", before: "ddb table describe Orders -o yaml > orders.yaml"},
	{prefix: "ddb table copy prod:Orders dev", code: 1}, // here both are the same store
	{prefix: "ddb table apply template.yaml", before: "ddb table describe Orders -o cloudformation > template.yaml"},
	{prefix: "ddb table apply tables.yaml", before: "ddb table describe Orders -o yaml > tables.yaml"},
	{prefix: "ddb table apply orders.yaml", before: "ddb table describe Orders -o yaml > orders.yaml"},
	{prefix: "ddb index delete Orders ByTotal", before: "ddb index create Orders 'ByTotal=status:S,total:N' --wait"},
	{prefix: "ddb index create Orders 'ByNote", before: "ddb table update Orders --capacity 5,5 --wait"},
	{prefix: "ddb doctor 'prod-"}, // there are none
	{prefix: "ddb doctor", code: 7},
	{prefix: "ddb backup restore nightly OrdersRestored --settings=orders.yaml", before: "ddb table describe Orders -o yaml > orders.yaml"},
	{prefix: "ddb ttl disable", before: "ddb ttl enable Sessions expires"},
	{prefix: "ddb demo --keep", before: "ddb local reset --yes"},
	{prefix: "ddb autoscaling describe", before: scaledOrders},
	{prefix: "ddb wait autoscaling", before: scaledOrders},
	{prefix: "ddb autoscaling update", before: "ddb table update Orders --capacity 5,5 --wait"},
	{prefix: "ddb kinesis disable", before: kinesis},
	{prefix: "ddb kinesis update", before: kinesis},
	{prefix: "ddb bulk start", before: bulkFiles},
	{prefix: "ddb bulk describe", before: bulkFiles + bulkStart},
	{prefix: "ddb bulk cancel", before: bulkFiles + bulkStart, either: 1}, // it may be done before it can be stopped
	{prefix: "ddb global-table create", before: twoRegions},
	{prefix: "ddb global-table list"},
	{prefix: "ddb global-table update Orders", before: globalTable + "ddb table create Orders --keys customer:S,placed:S --index 'ByStatus=status:S,placed:S' --stream new-and-old --capacity 5,5 --region us-east-1 --wait"},
	{prefix: "ddb global-table", before: globalTable},
	{prefix: "ddb pitr restore Orders OrdersBefore", code: 1}, // the table was not there ten minutes ago
	{prefix: "ddb mcp install kiro --migrate", before: `mkdir -p .kiro/settings && echo '{"mcpServers":{"d":{"command":"uvx","args":["awslabs.dynamodb-mcp-server@1.0.3"]}}}' > .kiro/settings/mcp.json`},
	{prefix: "ddb table create Orders", before: "ddb table delete Orders --yes --wait"},
	{prefix: "ddb table update Orders --drop-index", before: "ddb table update Orders --add-index 'ByTotal=status:S,total:N' --wait"},
	{prefix: "ddb table update Orders --on-demand", before: "ddb table update Orders --capacity 5,5 --wait"},
	{prefix: "ddb table wait Orders --gone", before: "ddb table delete Orders --yes"},
	{prefix: "ddb policy delete", before: "ddb policy put Orders @policy.json"},
	{prefix: "ddb policy get", before: "ddb policy put Orders @policy.json"},
	{prefix: "ddb s3-export describe", before: exported},
	{prefix: "ddb s3-export wait", before: exported},
	{prefix: "ddb s3-import start", before: imported + "ARN=$D"},
	{prefix: "ddb s3-import", before: imported + `ARN=$(ddb s3-import start $D OrdersCopy --keys customer:S,placed:S --compression gzip --wait --query ImportArn)`},
	{prefix: "ddb insights report Orders --index", before: "ddb insights update Orders --index ByStatus --action ENABLE\nddb scan Orders --index ByStatus"},
	{prefix: "ddb insights report Orders", before: "ddb insights update Orders --action ENABLE\nddb get Orders c#1 2026-01-01"},
	{prefix: "ddb stream describe", before: stream},
	{prefix: "ddb stream iterator", before: shard},
	{prefix: "ddb stream records", before: shard + `ITERATOR=$(ddb stream iterator $ARN $SHARD --type TRIM_HORIZON --query ShardIterator)`},
	{prefix: "ddb stream tail Orders", signal: true},
	{prefix: "ddb delete Orders c#1 2026-01-01 --if", code: 4},
	{prefix: "ddb whoami --profile prod", code: 5}, // the profile has no credentials here
	{prefix: "ddb local start", signal: true},
	{prefix: "ddb version --check", outside: "it asks the project's page of releases"},
	{prefix: "ddb serve-mcp --http 127.0.0.1", signal: true},
	{prefix: "ddb serve-mcp --http 0.0.0.0", code: 1}, // the certificate is the reader's own
	{prefix: "ddb local snapshots restore", before: "ddb table delete Orders --yes"},
	{prefix: "ddb local snapshots delete", before: "ddb table delete Orders --yes"},
	{prefix: "ddb local stop", before: "ddb local start --port 0 >/dev/null 2>&1 &\nddb local status --serving --wait 10s"},
	{prefix: "ddb local status --serving", before: "ddb local start --port 0 >/dev/null 2>&1 &"},
	{prefix: `eval "$(ddb completion bash)"`, instead: `eval "$(ddb completion bash)" || test -z "$BASH"`},
	{prefix: "ddb completion zsh", instead: "ddb completion zsh"},
	{prefix: "ddb completion fish", instead: "ddb completion fish"},
	{prefix: "ddb completion powershell", instead: "ddb completion powershell"},
}

var exampleARN = regexp.MustCompile(`arn:aws:dynamodb:\S+|s3://backups/orders/AWSDynamoDB/01/data`)

func caseOf(line string) exampleCase {
	for _, c := range exampleCases {
		if strings.HasPrefix(line, c.prefix) {
			return c
		}
	}
	return exampleCase{}
}

// helpExamples are the command lines in the help, of every command that is not hidden.
func helpExamples() []string {
	var lines []string
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		for _, sub := range c.Commands() {
			walk(sub)
		}
		if c.Hidden {
			return
		}
		for line := range strings.Lines(c.Example) {
			if line = strings.TrimSpace(line); strings.Contains(line, "ddb ") && !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "{") && !slices.Contains(lines, line) {
				lines = append(lines, line)
			}
		}
	}
	walk(cmd.Root())
	return lines
}

// endsJobs is for servers that an example needs beside it: none outlives its shell.
const endsJobs = "trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT\n"

// Every example of the help works: it is run by a shell on a copy of one prepared store, without a terminal.
func TestExamples(t *testing.T) {
	shell, err := exec.LookPath("bash")
	if err != nil || runtime.GOOS == "windows" {
		t.Skip("the examples are written for a POSIX shell, and there is no bash here")
	}
	template := t.TempDir()
	if out, code := shellIn(t.Context(), shell, template, "set -e\n"+exampleFixture, false); code != 0 {
		t.Fatalf("the fixture: exit code %d\n%s", code, out)
	}
	lines := helpExamples()
	if len(lines) < 100 {
		t.Fatalf("%d examples found", len(lines))
	}
	for _, line := range lines {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			c := caseOf(line)
			if c.outside != "" {
				t.Skip(c.outside)
			}
			text := line
			if c.instead != "" {
				text = c.instead
			}
			text = strings.NewReplacer("--port 8000", "--port 0", ":8808", ":0").Replace(text) // which may be in use
			if strings.Contains(c.before, "SHARD=") {
				text = regexp.MustCompile(`shardId-\S+`).ReplaceAllLiteralString(text, "$SHARD")
			}
			if strings.Contains(c.before, "ARN=") {
				text = exampleARN.ReplaceAllLiteralString(text, "$ARN")
			}
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(template)); err != nil {
				t.Fatal(err)
			}
			out, code := shellIn(t.Context(), shell, dir, endsJobs+"{\n:\n"+c.before+"\n} >/dev/null\n"+text, c.signal)
			if code != c.code && (code != c.either || c.either == 0) && (!c.signal || code != 130) {
				t.Errorf("$ %s\nexit code %d, want %d\n%s", text, code, c.code, out)
			}
		})
	}
}

// shellIn runs a text in a home of its own. With interrupt it gets Ctrl-C once it has had time to begin.
func shellIn(parent context.Context, shell, home, text string, interrupt bool) (out string, code int) {
	ctx, cancel := context.WithTimeout(parent, time.Minute)
	defer cancel()
	if interrupt {
		text = strings.TrimSuffix(text, "\n")
		last := strings.LastIndexByte(text, '\n') + 1
		text = text[:last] + "exec " + text[last:]
	}
	c := exec.CommandContext(ctx, shell, "-c", text)
	c.Dir = home
	c.WaitDelay = 5 * time.Second
	c.Env = append(os.Environ(), "GORACE="+noExitSleep, "HOME="+home, "XDG_DATA_HOME="+filepath.Join(home, ".data"), "XDG_CONFIG_HOME="+filepath.Join(home, ".config"),
		"XDG_CACHE_HOME="+filepath.Join(home, ".cache"), "DDB_LOCAL=1", "TZ=UTC", "AWS_EC2_METADATA_DISABLED=true", "AWS_PROFILE=", "AWS_REGION=", "AWS_DEFAULT_REGION=",
		"DDB_S3_ROOT="+filepath.Join(home, ".s3"))
	var both bytes.Buffer
	c.Stdout, c.Stderr = &both, &both
	if err := c.Start(); err != nil {
		return err.Error(), -1
	}
	if interrupt {
		timer := time.AfterFunc(1500*time.Millisecond, func() { _ = c.Process.Signal(syscall.SIGINT) })
		defer timer.Stop()
	}
	err := c.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return both.String(), exit.ExitCode()
	}
	if err != nil {
		return both.String() + err.Error(), -1
	}
	return both.String(), 0
}
