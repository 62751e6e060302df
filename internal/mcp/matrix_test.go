package mcp

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/client"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops"
)

// gates are those every operation is tried through, with what each must answer. arguments name the table shop where the
// operation takes one.
var gates = []struct {
	name string
	gate op.Gate
	code string
	// refuses says whether the gate refuses a call.
	refuses func(o op.Operation, effect op.Effect, arguments string) bool
}{
	{"read-only", op.Gate{ReadOnly: true}, op.CodeReadOnly, func(_ op.Operation, e op.Effect, _ string) bool { return e != op.Read }},
	{"reads only", op.Gate{Effects: []op.Effect{op.Read}}, op.CodeEffectNotAllowed, func(_ op.Operation, e op.Effect, _ string) bool { return e != op.Read }},
	{"nothing that destroys", op.Gate{Effects: []op.Effect{op.Read, op.Write}}, op.CodeEffectNotAllowed, func(_ op.Operation, e op.Effect, _ string) bool { return e == op.Destroy }},
	{"other tables", op.Gate{Tables: []string{"other-*"}}, op.CodeTableNotAllowed, func(o op.Operation, _ op.Effect, arguments string) bool {
		return o.DeclaresTables() && strings.Contains(arguments, "shop")
	}},
	{"other regions", op.Gate{Regions: []string{"eu-*"}}, op.CodeRegionNotAllowed, func(o op.Operation, _ op.Effect, _ string) bool {
		_, ok := o.NewInput().(interface{ CallRegion() string })
		return ok && !o.Spec().AnyRegion
	}},
}

// matrixArguments are those of operations whose schema's example names no table.
var matrixArguments = map[string]string{
	"import_table":              `{"s3_bucket_source":{"S3Bucket":"b"},"input_format":"CSV","table_creation_parameters":{"TableName":"shop","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]}}`,
	"batch_get_item":            `{"request_items":{"shop":{"Keys":[{"pk":{"S":"a"},"sk":{"N":"1"}}]}}}`,
	"batch_execute_statement":   `{"statements":[{"Statement":"SELECT * FROM shop WHERE pk='a' AND sk=1"},{"Statement":"DELETE FROM shop WHERE pk='a' AND sk=1"}]}`,
	"execute_transaction":       `{"transact_statements":[{"Statement":"DELETE FROM shop WHERE pk='a' AND sk=1"}]}`,
	"list_exports":              `{"table_arn":"arn:aws:dynamodb:us-west-2:000000000000:table/shop"}`,
	"list_imports":              `{"table_arn":"arn:aws:dynamodb:us-west-2:000000000000:table/shop"}`,
	"get_records":               `{"shard_iterator":"arn:aws:dynamodb:us-west-2:000000000000:table/shop/stream/2026-01-01T00:00:00.000|1|AAAA"}`,
	"describe_stream":           `{"stream_arn":"arn:aws:dynamodb:us-west-2:000000000000:table/shop/stream/2026-01-01T00:00:00.000"}`,
	"update_table":              `{"table_name":"shop","global_secondary_index_updates":[{"Delete":{"IndexName":"i"}}]}`,
	"update_continuous_backups": `{"table_name":"shop","point_in_time_recovery_enabled":false}`,
	"update_global_table":       `{"global_table_name":"shop","replica_updates":[{"Delete":{"RegionName":"us-east-1"}}]}`,
	"describe_backup":           `{"backup_arn":"arn:aws:dynamodb:us-west-2:000000000000:table/shop/backup/01"}`,
	"delete_backup":             `{"backup_arn":"arn:aws:dynamodb:us-west-2:000000000000:table/shop/backup/01"}`,
}

// TestEveryToolThroughEveryGate tries them over stdio, where the gate is the server's, and over HTTP, where it is a token's.
func TestEveryToolThroughEveryGate(t *testing.T) {
	for _, g := range gates {
		t.Run(g.name, func(t *testing.T) {
			const token = "a-token-of-more-than-twenty-characters"
			s := localServer(t, func(o *Options) { o.Toolsets, o.Env.Gate = []string{toolsetAll}, g.gate })
			send, receive := servePipes(t, s)
			send(initializeLine)
			receive()
			http := serveOverHTTP(t, "", func(o *Options, h *HTTPOptions) {
				o.Toolsets = []string{toolsetAll}
				h.Grants = []Grant{{Name: "narrow", Digest: digestOf(token), Gate: g.gate}}
			}).connect(t, token)
			refused := 0
			for _, o := range ops.All {
				tool := o.Spec().Tool
				arguments := matrixArguments[tool]
				if arguments == "" {
					arguments = readOnlyArguments[tool]
				}
				if arguments == "" {
					arguments = argumentsFor(t, o)
				}
				in, err := o.Decode(json.RawMessage(arguments))
				if err != nil {
					t.Fatalf("%s %s: %v", tool, arguments, err)
				}
				want := g.refuses(o, o.EffectOf(in), arguments)
				send(fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":%q,"arguments":%s}}`, tool, arguments))
				over := map[string]string{"stdio": fmt.Sprint(receive()), "HTTP": textOver(t, http, tool, arguments)}
				for transport, text := range over {
					if got := strings.Contains(text, `"code": "`+g.code+`"`); got != want {
						t.Errorf("%s over %s: refused %v, want %v: %.300s", tool, transport, got, want, text)
					}
				}
				if want {
					refused++
				}
			}
			if refused < 12 {
				t.Errorf("%d calls refused: the test tries too little", refused)
			}
		})
	}
}

func textOver(t *testing.T, c *client.Client, tool, arguments string) string {
	t.Helper()
	return textOf(t, callTool(t.Context(), t, c, tool, arguments))
}
