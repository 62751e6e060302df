package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/ops"
)

// Every operation of the registry has its line in the page, once, and every line is of an operation.
func TestCompatibilityNamesEveryOperation(t *testing.T) {
	page, err := readCompatibility()
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for _, a := range page.Areas {
		for _, o := range a.Operations {
			got = append(got, o.Name)
		}
	}
	for _, o := range ops.All {
		if api := o.Spec().API; api != "" && !slices.Contains(want, api) && !strings.Contains(api, " ") {
			want = append(want, api)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("internal/gen/compatibility.yaml and the registry name different operations (-registry +page):\n%s", diff)
	}
	if len(got) != 66 {
		t.Errorf("%d operations, want 62 of DynamoDB and 4 of DynamoDB Streams", len(got))
	}
}

func TestStepsOfAScenario(t *testing.T) {
	scenario := "# Comment\n\nPutItem raw\n{}\n----\n{}\n\n# Note\nGetItem only=(Item)\n{\"a\":\n1}\n----\n----\nfirst\n\nsecond\n----\n----\n\nScan\n----\nerror: x\n"
	want := []string{"PutItem", "GetItem", "Scan"}
	if diff := cmp.Diff(want, stepsOf(scenario)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
