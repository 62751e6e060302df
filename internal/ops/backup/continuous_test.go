package backup

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/item"
	"github.com/ddb-cli/ddb/internal/optest"
)

func TestContinuousBackups(t *testing.T) {
	env := orders(t)
	got := optest.Call(t, env, UpdateContinuous, `{"table_name":"Orders","point_in_time_recovery_enabled":"true","recovery_period_in_days":7}`)
	recovery, _ := got["PointInTimeRecoveryDescription"].(map[string]any)
	if recovery["PointInTimeRecoveryStatus"] != "ENABLED" || recovery["RecoveryPeriodInDays"] != float64(7) {
		t.Errorf("update: %s", optest.JSON(t, got))
	}
	got = optest.Call(t, env, DescribeContinuous, `{"table_name":"Orders"}`)
	if got["ContinuousBackupsStatus"] != "ENABLED" {
		t.Errorf("describe: %s", optest.JSON(t, got))
	}
	if got := optest.Call(t, env, RestoreToTime, `{"source_table_name":"Orders","target_table_name":"Then","use_latest_restorable_time":true}`); got["TableName"] != "Then" {
		t.Errorf("restore: %s", optest.JSON(t, got))
	}
	got = optest.Call(t, env, item.Get, `{"table_name":"Then","key":{"pk":{"S":"a"}}}`)
	if text := optest.JSON(t, got["Item"]); text != `{"pk":{"S":"a"},"v":{"N":"1"}}` {
		t.Errorf("restored item %s", text)
	}
}

// The one 1.0.3 forgot.
func TestContinuousBackupsReadOnly(t *testing.T) {
	env := orders(t)
	env.ReadOnly = true
	e := optest.Fail(t, env, UpdateContinuous, `{"table_name":"Orders","point_in_time_recovery_enabled":true}`)
	if e.Code != op.CodeReadOnly || e.Message != "Mutation not allowed: DDB-MCP-READONLY is set to true." {
		t.Errorf("error %#v", e)
	}
}

func TestContinuousEffect(t *testing.T) {
	for arguments, want := range map[string]op.Effect{
		`{"table_name":"Orders","point_in_time_recovery_enabled":true}`:  op.Write,
		`{"table_name":"Orders","point_in_time_recovery_enabled":false}`: op.Destroy,
	} {
		in, err := UpdateContinuous.Decode([]byte(arguments))
		if err != nil {
			t.Fatal(err)
		}
		if got := UpdateContinuous.EffectOf(in); got != want {
			t.Errorf("%s: %s, want %s", arguments, got, want)
		}
	}
}

func TestRestoreToTimeWithoutRecovery(t *testing.T) {
	env := orders(t)
	e := optest.Fail(t, env, RestoreToTime, `{"source_table_name":"Orders","target_table_name":"Then","use_latest_restorable_time":true}`)
	if e.Code != "PointInTimeRecoveryUnavailableException" || e.Hint == "" {
		t.Errorf("error %#v", e)
	}
}
