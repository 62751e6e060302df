package ops

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ddb-cli/ddb/internal/dynamo"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/wire"
)

const (
	arn       = "arn:aws:dynamodb:us-west-2:000000000000:table/Orders"
	streamARN = arn + "/stream/2026-01-01T00:00:00.000"
)

// arguments are enough to call each operation.
var arguments = map[string]string{
	"":                          `{}`, // operations of our own
	"BatchGetItem":              `{"request_items":{"Orders":{"Keys":[{"pk":{"S":"a"}}]}}}`,
	"BatchWriteItem":            `{"request_items":{"Orders":[{"PutRequest":{"Item":{"pk":{"S":"a"}}}}]}}`,
	"CreateBackup":              `{"table_name":"Orders","backup_name":"b"}`,
	"CreateTable":               `{"table_name":"Orders","attribute_definitions":[{"AttributeName":"pk","AttributeType":"S"}],"key_schema":[{"AttributeName":"pk","KeyType":"HASH"}]}`,
	"DeleteBackup":              `{"backup_arn":"` + arn + `/backup/1"}`,
	"DeleteItem":                `{"table_name":"Orders","key":{"pk":{"S":"a"}}}`,
	"DeleteResourcePolicy":      `{"resource_arn":"` + arn + `"}`,
	"DeleteTable":               `{"table_name":"Orders"}`,
	"DescribeBackup":            `{"backup_arn":"` + arn + `/backup/1"}`,
	"DescribeContinuousBackups": `{"table_name":"Orders"}`,
	"DescribeEndpoints":         `{}`,
	"DescribeExport":            `{"export_arn":"` + arn + `/export/1"}`,
	"DescribeImport":            `{"import_arn":"` + arn + `/import/1"}`,
	"DescribeLimits":            `{}`,
	"DescribeTable":             `{"table_name":"Orders"}`,
	"DescribeTimeToLive":        `{"table_name":"Orders"}`,
	"ExecuteStatement":          `{"statement":"SELECT * FROM Orders"}`,
	"ExportTableToPointInTime":  `{"table_arn":"` + arn + `","s3_bucket":"bucket"}`,
	"GetItem":                   `{"table_name":"Orders","key":{"pk":{"S":"a"}}}`,
	"GetResourcePolicy":         `{"resource_arn":"` + arn + `"}`,
	"ImportTable": `{"s3_bucket_source":{"S3Bucket":"b"},"input_format":"CSV","table_creation_parameters":{"TableName":"Orders",` +
		`"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]}}`,
	"ListBackups":                         `{"table_name":"Orders"}`,
	"ListExports":                         `{}`,
	"ListImports":                         `{}`,
	"ListTables":                          `{}`,
	"ListTagsOfResource":                  `{"resource_arn":"` + arn + `"}`,
	"PutItem":                             `{"table_name":"Orders","item":{"pk":{"S":"a"}}}`,
	"PutResourcePolicy":                   `{"resource_arn":"` + arn + `","policy":{"Version":"2012-10-17"}}`,
	"Query":                               `{"table_name":"Orders","key_condition_expression":"pk = :p","expression_attribute_values":{":p":{"S":"a"}}}`,
	"RestoreTableFromBackup":              `{"backup_arn":"` + arn + `/backup/1","target_table_name":"New"}`,
	"RestoreTableToPointInTime":           `{"source_table_name":"Orders","target_table_name":"New","use_latest_restorable_time":true}`,
	"Scan":                                `{"table_name":"Orders"}`,
	"TagResource":                         `{"resource_arn":"` + arn + `","tags":[{"Key":"k","Value":"v"}]}`,
	"TransactGetItems":                    `{"transact_items":[{"Get":{"TableName":"Orders","Key":{"pk":{"S":"a"}}}}]}`,
	"TransactWriteItems":                  `{"transact_items":[{"Put":{"TableName":"Orders","Item":{"pk":{"S":"a"}}}}]}`,
	"UntagResource":                       `{"resource_arn":"` + arn + `","tag_keys":["k"]}`,
	"UpdateContinuousBackups":             `{"table_name":"Orders","point_in_time_recovery_enabled":true}`,
	"UpdateItem":                          `{"table_name":"Orders","key":{"pk":{"S":"a"}}}`,
	"UpdateTable":                         `{"table_name":"Orders"}`,
	"UpdateTimeToLive":                    `{"table_name":"Orders","time_to_live_specification":{"AttributeName":"ttl","Enabled":true}}`,
	"BatchExecuteStatement":               `{"statements":[{"Statement":"SELECT * FROM Orders WHERE pk = 'a'"}]}`,
	"ExecuteTransaction":                  `{"transact_statements":[{"Statement":"DELETE FROM Orders WHERE pk = 'a'"}]}`,
	"ListStreams":                         `{"table_name":"Orders"}`,
	"DescribeStream":                      `{"stream_arn":"` + streamARN + `"}`,
	"GetShardIterator":                    `{"stream_arn":"` + streamARN + `","shard_id":"shardId-00000001","shard_iterator_type":"LATEST"}`,
	"GetRecords":                          `{"shard_iterator":"` + streamARN + `|1|AAAA"}`,
	"SearchVectors":                       `{"table_name":"Orders","index_name":"v","search_vector":[{"N":"1"}],"top_k":3}`,
	"StartBulkPutItems":                   `{"table_name":"Orders","input_s3_configuration":{"S3Bucket":"b","InputFormat":"DYNAMODB_JSON"},"output_s3_configuration":{"S3Bucket":"b","OutputType":["ERROR"]}}`,
	"DescribeBulkOperation":               `{"bulk_operation_arn":"` + arn + `/bulk/1"}`,
	"CancelBulkOperation":                 `{"bulk_operation_arn":"` + arn + `/bulk/1"}`,
	"ListBulkOperations":                  `{}`,
	"DescribeKinesisStreamingDestination": `{"table_name":"Orders"}`,
	"EnableKinesisStreamingDestination":   `{"table_name":"Orders","stream_arn":"arn:aws:kinesis:us-west-2:000000000000:stream/s"}`,
	"DisableKinesisStreamingDestination":  `{"table_name":"Orders","stream_arn":"arn:aws:kinesis:us-west-2:000000000000:stream/s"}`,
	"UpdateKinesisStreamingDestination":   `{"table_name":"Orders","stream_arn":"arn:aws:kinesis:us-west-2:000000000000:stream/s"}`,
	"ListContributorInsights":             `{"table_name":"Orders"}`,
	"DescribeContributorInsights":         `{"table_name":"Orders"}`,
	"UpdateContributorInsights":           `{"table_name":"Orders","contributor_insights_action":"ENABLE"}`,
	"DescribeTableReplicaAutoScaling":     `{"table_name":"Orders"}`,
	"UpdateTableReplicaAutoScaling":       `{"table_name":"Orders"}`,
	"ListGlobalTables":                    `{}`,
	"DescribeGlobalTable":                 `{"global_table_name":"Orders"}`,
	"CreateGlobalTable":                   `{"global_table_name":"Orders","replication_group":[{"RegionName":"us-east-1"}]}`,
	"UpdateGlobalTable":                   `{"global_table_name":"Orders","replica_updates":[{"Delete":{"RegionName":"us-east-1"}}]}`,
	"DescribeGlobalTableSettings":         `{"global_table_name":"Orders"}`,
	"UpdateGlobalTableSettings":           `{"global_table_name":"Orders"}`,
}

// answering is an environment whose service gives one answer.
func answering(t *testing.T, body []byte) *op.Env {
	t.Helper()
	f := dynamo.New(t.Context(), dynamo.Config{MaxAttempts: 1, Local: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		_, _ = w.Write(body)
	})})
	return &op.Env{Clients: f.Clients, Explain: f.Explain}
}

func invoke(t *testing.T, o op.Operation, body []byte) []byte {
	t.Helper()
	in, err := o.Decode([]byte(arguments[o.Spec().API]))
	if err != nil {
		t.Fatal(err)
	}
	out, err := o.Invoke(t.Context(), answering(t, body), in)
	if err != nil {
		t.Fatal(err)
	}
	text, err := wire.Marshal(out, o.Spec().Nulls...)
	if err != nil {
		t.Fatal(err)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, text, "", "  "); err != nil {
		t.Fatal(err)
	}
	return indented.Bytes()
}

// Each answer of the service, with every member there is, comes out whole: times as RFC 3339, and without the wrapping
// where the contract says "itself". testdata/wire holds the bodies, testdata/results what is expected of them.
func TestResultsAgainstTheWire(t *testing.T) {
	for _, o := range All {
		api := o.Spec().API
		if api == "" {
			continue
		}
		t.Run(api, func(t *testing.T) {
			body, err := os.ReadFile(filepath.Join("testdata", "wire", api+".json"))
			if err != nil {
				t.Fatal(err)
			}
			golden, err := os.ReadFile(filepath.Join("testdata", "results", api+".json"))
			if err != nil {
				t.Fatal(err)
			}
			got := invoke(t, o, body)
			if diff := cmp.Diff(parse(t, golden), parse(t, got)); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
			agrees(t, o, got)
		})
	}
}

// An empty answer has nulls where the contract lists them, and nothing else but counts.
func TestEmptyAnswersHaveTheirNulls(t *testing.T) {
	for _, o := range All {
		s := o.Spec()
		if s.API == "" || len(s.Nulls) == 0 {
			continue
		}
		t.Run(s.API, func(t *testing.T) {
			got := invoke(t, o, []byte("{}"))
			members, ok := parse(t, got).(map[string]any)
			if !ok {
				t.Fatalf("result %s", got)
			}
			for _, name := range s.Nulls {
				if v, there := members[name]; !there || v != nil {
					t.Errorf("%s is %v, want null", name, v)
				}
			}
			for name, v := range members {
				if v == nil && !slices.Contains(s.Nulls, name) {
					t.Errorf("%s is null", name)
				}
			}
			agrees(t, o, got)
		})
	}
}

func parse(t *testing.T, text []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// agrees checks a result against the operation's output schema.
func agrees(t *testing.T, o op.Operation, result []byte) {
	t.Helper()
	if err := validate(t, o.Output(), result); err != nil {
		t.Errorf("the result does not fit the output schema: %v", err)
	}
}

// validate checks a JSON value against a schema as a client would.
func validate(t *testing.T, schema any, value []byte) error {
	t.Helper()
	text, err := json.Marshal(schema)
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", document); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("schema.json")
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(value))
	if err != nil {
		t.Fatal(err)
	}
	return compiled.Validate(parsed)
}

// argumentsOf are arguments that a call of the operation may have; those of ddb's own operations go by the tool's name.
func argumentsOf(s op.Spec) string {
	switch s.Tool {
	case "table_overview":
		return `{"table_name":"Orders"}`
	case "report_contributor_insights":
		return `{"table_name":"Orders","hours":1}`
	case "wait_for":
		return `{"kind":"table","table_name":"Orders","timeout_seconds":1}`
	case "dynamodb_guide":
		return `{"topic":"limits"}`
	}
	return arguments[s.API]
}

// A client that validates arguments before it sends them must let through what Decode takes, and nothing without what
// is required.
func TestArgumentsAgainstTheInputSchemas(t *testing.T) {
	for _, o := range All {
		s := o.Spec()
		if err := validate(t, o.Input(), []byte(argumentsOf(s))); err != nil {
			t.Errorf("%s: %v", s.Tool, err)
		}
		if err := validate(t, o.Input(), []byte("{}")); (err == nil) != (len(o.Input().Required) == 0) {
			t.Errorf("%s requires %v, and {} gives %v", s.Tool, o.Input().Required, err)
		}
	}
}
