package query

import (
	"testing"

	"github.com/ddb-cli/ddb/internal/optest"
)

func TestScan(t *testing.T) {
	env := orders(t)
	got := optest.Call(t, env, Scan, `{"table_name":"Orders","filter_expression":"n > :n","expression_attribute_values":"{\":n\":{\"N\":\"7\"}}","projection_expression":"n"}`)
	if got["Count"] != float64(2) || got["ScannedCount"] != float64(11) || got["LastEvaluatedKey"] != nil {
		t.Errorf("result %s", optest.JSON(t, got))
	}
	if _, there := got["LastEvaluatedKey"]; !there {
		t.Error("LastEvaluatedKey is missing, want null")
	}
}

func TestScanInSegments(t *testing.T) {
	env := orders(t)
	rows := 0
	for segment := range int32(4) {
		one, four := int32(1), int32(4)
		in := &ScanInput{TableName: "Orders", Segment: &segment, TotalSegments: &four, Limit: &one}
		if _, err := Scan.Each(t.Context(), env, in, func(Item) error { rows++; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if rows != 11 {
		t.Errorf("%d rows in all segments, want 11", rows)
	}
}
