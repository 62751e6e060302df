package batch

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/optest"
)

func orders(t *testing.T) *op.Env {
	t.Helper()
	env := optest.Env(t)
	for _, name := range []string{"Orders", "Customers"} {
		optest.Table(t, env, name, "pk:S")
	}
	return env
}

func TestWriteAndGet(t *testing.T) {
	env := orders(t)
	got := optest.Call(t, env, Write, `{"request_items":{"Orders":[{"PutRequest":{"Item":{"pk":{"S":"a"},"n":{"N":"1"}}}},
		{"DeleteRequest":{"Key":{"pk":{"S":"b"}}}}],"Customers":"[{\"PutRequest\":{\"Item\":{\"pk\":{\"S\":\"c\"}}}}]"}}`)
	if text := optest.JSON(t, got["UnprocessedItems"]); text != `{}` || got["ConsumedCapacity"] == nil {
		t.Errorf("write: %s", optest.JSON(t, got))
	}
	got = optest.Call(t, env, Get, `{"request_items":{"Orders":{"Keys":[{"pk":{"S":"a"}},{"pk":{"S":"zz"}}],"ProjectionExpression":"n"},
		"Customers":{"Keys":[{"pk":{"S":"c"}}],"ConsistentRead":true}}}`)
	if text := optest.JSON(t, got["Responses"]); text != `{"Customers":[{"pk":{"S":"c"}}],"Orders":[{"n":{"N":"1"}}]}` {
		t.Errorf("get: %s", optest.JSON(t, got))
	}
}

func TestWriteEffect(t *testing.T) {
	for arguments, want := range map[string]op.Effect{
		`{"request_items":{"Orders":[{"PutRequest":{"Item":{"pk":{"S":"a"}}}}]}}`:                                            op.Write,
		`{"request_items":{"Orders":[{"PutRequest":{"Item":{"pk":{"S":"a"}}}},{"DeleteRequest":{"Key":{"pk":{"S":"b"}}}}]}}`: op.Destroy,
	} {
		in, err := Write.Decode([]byte(arguments))
		if err != nil {
			t.Fatal(err)
		}
		if got := Write.EffectOf(in); got != want {
			t.Errorf("%s: %s, want %s", arguments, got, want)
		}
	}
}
