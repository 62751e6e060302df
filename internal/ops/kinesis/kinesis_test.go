package kinesis

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/optest"
)

// TestDestinationFromEnableToDisable follows a destination from its beginning to its end.
func TestDestinationFromEnableToDisable(t *testing.T) {
	env := optest.Orders(t)
	const destination = `"table_name":"Orders","stream_arn":"arn:aws:kinesis:us-west-2:000000000000:stream/orders"`
	state := func() map[string]any {
		list := optest.Call(t, env, Describe, `{"table_name":"Orders"}`)["KinesisDataStreamDestinations"].([]any)
		if len(list) != 1 {
			t.Fatalf("destinations: %v", list)
		}
		return list[0].(map[string]any)
	}
	optest.Call(t, env, Enable, `{`+destination+`}`)
	if s := state(); s["DestinationStatus"] != "ACTIVE" {
		t.Errorf("enabled: %v", s)
	}
	optest.Call(t, env, Update, `{`+destination+`,"update_kinesis_streaming_configuration":{"ApproximateCreationDateTimePrecision":"MICROSECOND"}}`)
	if s := state(); s["ApproximateCreationDateTimePrecision"] != "MICROSECOND" {
		t.Errorf("updated: %v", s)
	}
	optest.Call(t, env, Disable, `{`+destination+`}`)
	if s := state(); s["DestinationStatus"] != "DISABLED" {
		t.Errorf("disabled: %v", s)
	}
}
