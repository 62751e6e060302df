package ops

import (
	"context"
	"errors"
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
)

// guarded calls an operation in an environment without a service: what passes the gate fails for want of one.
func guarded(t *testing.T, o op.Operation, env op.Env, arguments string) *op.Error {
	t.Helper()
	env.Clients = func(context.Context, string) (*op.Clients, error) { return nil, &op.Error{Code: "PastTheGate"} }
	in, err := o.Decode([]byte(arguments))
	if err != nil {
		t.Fatal(err)
	}
	_, err = o.Invoke(t.Context(), &env, in)
	if streaming, ok := o.(op.Streaming); ok {
		_, again := streaming.Stream(t.Context(), &env, in, func(any) error { return nil })
		if (again == nil) != (err == nil) || again != nil && again.Error() != err.Error() {
			t.Errorf("page by page the gate says %v, else %v", again, err)
		}
	}
	var e *op.Error
	if !errors.As(err, &e) {
		return &op.Error{}
	}
	return e
}

func TestEveryOperationMeetsTheReadOnlyGate(t *testing.T) {
	for _, o := range All {
		s := o.Spec()
		in, err := o.Decode([]byte(argumentsOf(s)))
		if err != nil {
			t.Fatal(err)
		}
		e := guarded(t, o, op.Env{Gate: op.Gate{ReadOnly: true}}, argumentsOf(s))
		if refused := e.Code == op.CodeReadOnly; refused != (o.EffectOf(in) != op.Read) {
			t.Errorf("%s, which is a %s: %s", s.Tool, o.EffectOf(in), e.Code)
		}
		if o.EffectOf(in) > s.Effect {
			t.Errorf("%s: this input is a %s, the operation at worst a %s", s.Tool, o.EffectOf(in), s.Effect)
		}
	}
}

func TestEveryOperationMeetsTheAllowList(t *testing.T) {
	for _, o := range All {
		if !o.DeclaresTables() {
			continue
		}
		s := o.Spec()
		if s.Tool == "list_exports" || s.Tool == "list_imports" {
			continue // without a table they list those of the allowed tables
		}
		for _, allowed := range []string{"Orders", "New", "*"} {
			e := guarded(t, o, op.Env{Gate: op.Gate{Tables: []string{allowed}}}, argumentsOf(s))
			pair := s.API == "RestoreTableFromBackup" || s.API == "RestoreTableToPointInTime"
			passes := allowed == "*" || allowed == "Orders" && !pair
			if (e.Code == "PastTheGate") != passes {
				t.Errorf("%s where %s is allowed: %s", s.Tool, allowed, e.Code)
			}
		}
	}
}

func TestTheGateReadsWhatIsInside(t *testing.T) {
	readOnly, limited := op.Env{Gate: op.Gate{ReadOnly: true}}, op.Env{Gate: op.Gate{Tables: []string{"dev-*"}}}
	tests := []struct {
		name, tool, arguments string
		env                   op.Env
		code                  string
	}{
		{"a SELECT", "execute_statement", `{"statement":"SELECT * FROM \"dev-x\" WHERE pk = ?","parameters":[{"S":"a"}]}`, readOnly, "PastTheGate"},
		{"an INSERT", "execute_statement", `{"statement":"INSERT INTO \"dev-x\" VALUE {'pk': 'a'}"}`, readOnly, op.CodeReadOnly},
		{"an UPDATE", "execute_statement", `{"statement":"update \"dev-x\" set a = 1 where pk = 'a'"}`, readOnly, op.CodeReadOnly},
		{"a DELETE in a comment's shadow", "execute_statement", `{"statement":"-- SELECT\nDELETE FROM \"dev-x\" WHERE pk = 'a'"}`, readOnly, op.CodeReadOnly},
		{"what is no PartiQL", "execute_statement", `{"statement":"SELEKT"}`, readOnly, op.CodeReadOnly},
		{"a table of PartiQL", "execute_statement", `{"statement":"SELECT * FROM \"dev-x\".\"idx\""}`, limited, "PastTheGate"},
		{"another table of PartiQL", "execute_statement", `{"statement":"SELECT * FROM \"prod-x\""}`, limited, op.CodeTableNotAllowed},
		{"what is no PartiQL under an allow-list", "execute_statement", `{"statement":"SELEKT"}`, limited, op.CodeTableNotAllowed},
		{
			"one of two tables of a batch", "batch_get_item",
			`{"request_items":{"dev-x":{"Keys":[{"pk":{"S":"a"}}]},"prod-x":{"Keys":[{"pk":{"S":"a"}}]}}}`, limited, op.CodeTableNotAllowed,
		},
		{
			"a check in a transaction", "transact_write_items",
			`{"transact_items":[{"ConditionCheck":{"TableName":"dev-x","Key":{"pk":{"S":"a"}},"ConditionExpression":"attribute_exists(pk)"}}]}`, readOnly, "PastTheGate",
		},
		{
			"a write in a transaction", "transact_write_items",
			`{"transact_items":[{"ConditionCheck":{"TableName":"dev-x"}},{"Update":{"TableName":"dev-x"}}]}`, readOnly, op.CodeReadOnly,
		},
		{
			"another table in a transaction", "transact_write_items",
			`{"transact_items":[{"Put":{"TableName":"dev-x"}},{"ConditionCheck":{"TableName":"prod-x"}}]}`, limited, op.CodeTableNotAllowed,
		},
		{"another table's export", "describe_export", `{"export_arn":"arn:aws:dynamodb:r:1:table/prod-x/export/1"}`, limited, op.CodeTableNotAllowed},
		{"another table's exports", "list_exports", `{"table_arn":"arn:aws:dynamodb:r:1:table/prod-x"}`, limited, op.CodeTableNotAllowed},
		{
			"a SELECT beside a DELETE", "batch_execute_statement",
			`{"statements":[{"Statement":"SELECT * FROM \"dev-x\" WHERE pk = 'a'"},{"Statement":"DELETE FROM \"dev-x\" WHERE pk = 'a'"}]}`, readOnly, op.CodeReadOnly,
		},
		{
			"one of two tables of statements", "batch_execute_statement",
			`{"statements":[{"Statement":"SELECT * FROM \"dev-x\" WHERE pk = 'a'"},{"Statement":"SELECT * FROM \"prod-x\" WHERE pk = 'a'"}]}`, limited, op.CodeTableNotAllowed,
		},
		{"a transaction of reads", "execute_transaction", `{"transact_statements":[{"Statement":"SELECT * FROM \"dev-x\" WHERE pk = 'a'"}]}`, readOnly, "PastTheGate"},
		{"another table in a transaction of statements", "execute_transaction", `{"transact_statements":[{"Statement":"DELETE FROM prod WHERE pk = 'a'"}]}`, limited, op.CodeTableNotAllowed},
		{"another table's records", "get_records", `{"shard_iterator":"arn:aws:dynamodb:r:1:table/prod-x/stream/2026|1|AAA"}`, limited, op.CodeTableNotAllowed},
		{"records of nobody knows what", "get_records", `{"shard_iterator":"AAAAAAAAAA"}`, limited, op.CodeTableNotAllowed},
		{"another table's shards", "describe_stream", `{"stream_arn":"arn:aws:dynamodb:r:1:table/prod-x/stream/2026-01-01T00:00:00.000"}`, limited, op.CodeTableNotAllowed},
		{"another table's stream", "get_resource_policy", `{"resource_arn":"arn:aws:dynamodb:r:1:table/prod-x/stream/2026"}`, limited, op.CodeTableNotAllowed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o, ok := ByTool(tt.tool)
			if !ok {
				t.Fatalf("no operation %s", tt.tool)
			}
			if e := guarded(t, o, tt.env, tt.arguments); e.Code != tt.code {
				t.Errorf("%s: %s, want %s", e.Code, e.Message, tt.code)
			}
		})
	}
}
