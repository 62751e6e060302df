package engine_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
)

func TestSelect(t *testing.T) {
	c := statementTables(t)
	cases := []struct {
		statement string
		want      []string // rows; in any order when the statement scans
		params    []types.AttributeValue
	}{
		{"SELECT n FROM Simple WHERE pk = 'p1'", []string{"n=1"}, nil},
		{`SELECT "pk", n FROM "Simple" WHERE "pk" = ?`, []string{"n=2 pk=p2"}, []types.AttributeValue{str("p2")}},
		{"SELECT m.a, l[1], l[9], m.b FROM Simple WHERE 'p1' = pk", []string{"a=1 l[1]=x"}, nil},
		{"SELECT pk FROM Simple", []string{"pk=p0", "pk=p1", "pk=p2"}, nil},
		{"SELECT pk FROM Simple WHERE n > 0 AND NOT n = 2", []string{"pk=p1"}, nil},
		{"SELECT pk FROM Simple WHERE (n = 0 OR n = 2) AND s = 'hello'", []string{"pk=p0", "pk=p2"}, nil},
		{"SELECT pk FROM Simple WHERE n <> 0 AND n != 1", []string{"pk=p2"}, nil},
		{"SELECT pk FROM Simple WHERE n NOT IN (1, 2)", []string{"pk=p0"}, nil},
		{"SELECT pk FROM Simple WHERE n BETWEEN 1 AND 2 AND n NOT BETWEEN 2 AND 3", []string{"pk=p1"}, nil},
		{"SELECT pk FROM Simple WHERE zz IS MISSING AND nil IS NULL AND s IS NOT MISSING AND zz IS NOT NULL AND pk = 'p1'", []string{"pk=p1"}, nil},
		{"SELECT pk FROM Simple WHERE begins_with(pk, 'p1')", []string{"pk=p1"}, nil},
		{"SELECT pk FROM Simple WHERE contains(ss, 'a') AND Contains(s, 'ell') AND size(s) > 4 AND attribute_type(l, 'L') AND n = 1", []string{"pk=p1"}, nil},
		{"SELECT pk FROM Simple WHERE m = {'a': 1} AND l = [1, 'x'] AND ss = <<'b', 'a'>> AND m.a = l[0] AND n = 0", []string{"pk=p0"}, nil},
		{"SELECT pk FROM Simple WHERE pk IN ['p2', 'p0', 'p9']", []string{"pk=p0", "pk=p2"}, nil},
		{"SELECT pk FROM Simple WHERE zz <> 1 AND pk = 'p1'", []string{"pk=p1"}, nil},
		{"SELECT sk FROM Sorted WHERE pk = 'p1'", []string{"sk=1", "sk=7"}, nil},
		{"SELECT sk FROM Sorted WHERE pk = 'p1' ORDER BY sk DESC", []string{"sk=7", "sk=1"}, nil},
		{"SELECT sk FROM Sorted WHERE pk = 'p1' AND sk >= 1 AND sk < 7", []string{"sk=1"}, nil},
		{"SELECT sk FROM Sorted WHERE pk = 'p1' AND sk IN [7, 1] ORDER BY sk", []string{"sk=1", "sk=7"}, nil},
		{"SELECT sk FROM Sorted WHERE pk = 'p1' AND sk BETWEEN 2 AND ?", []string{"sk=7"}, []types.AttributeValue{num("7")}},
		{"SELECT pk, sk FROM Sorted WHERE pk IN ('p0', 'p1') ORDER BY pk DESC, sk", []string{"pk=p1 sk=1", "pk=p1 sk=7", "pk=p0 sk=0"}, nil},
		{`SELECT * FROM Simple.ByGroup WHERE g = 'g' AND n = 1`, []string{"g=g n=1 pk=p1"}, nil},
		{`SELECT n FROM "Sorted"."ByGroup" WHERE g = 'none'`, []string{}, nil},
	}
	for _, x := range cases {
		out, err := execute(t, c, x.statement, x.params...)
		if err != nil {
			t.Errorf("%s: %v", x.statement, err)
			continue
		}
		got := []string{}
		for _, it := range out.Items {
			got = append(got, lineOf(it))
		}
		if !strings.Contains(x.statement, "IN ") && !strings.Contains(x.statement, "Sorted") {
			slices.Sort(got)
		}
		if diff := cmp.Diff(x.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", x.statement, diff)
		}
	}
}

func TestStatementPages(t *testing.T) {
	c := statementTables(t)
	for statement, want := range map[string][]string{
		"SELECT pk FROM Simple": {"pk=p0", "pk=p1", "pk=p2"},
		"SELECT pk, sk FROM Sorted WHERE pk IN ['p2', 'p1', 'p0'] ORDER BY pk DESC, sk": {"pk=p2 sk=2", "pk=p1 sk=1", "pk=p1 sk=7", "pk=p0 sk=0"},
	} {
		var got []string
		in := &dynamodb.ExecuteStatementInput{Statement: &statement, Limit: aws.Int32(1), ReturnConsumedCapacity: "TOTAL"}
		for calls := 0; ; calls++ {
			out, err := c.ExecuteStatement(t.Context(), in)
			if err != nil || calls > 9 {
				t.Fatal(err, calls)
			}
			for _, it := range out.Items {
				got = append(got, lineOf(it))
			}
			if out.NextToken == nil {
				break
			}
			if len(out.Items) > 1 || len(out.LastEvaluatedKey) == 0 || *out.ConsumedCapacity.CapacityUnits < 0.5 {
				t.Errorf("a page of one holds %d items, ends at %v, takes %v", len(out.Items), out.LastEvaluatedKey, *out.ConsumedCapacity.CapacityUnits)
			}
			in.NextToken = out.NextToken
		}
		if statement == "SELECT pk FROM Simple" {
			slices.Sort(got)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", statement, diff)
		}
		_, err := c.ExecuteStatement(t.Context(), &dynamodb.ExecuteStatementInput{Statement: aws.String("SELECT * FROM Simple"), NextToken: in.NextToken})
		wantError(t, err, "ValidationException", "NextToken does not match request")
	}
	_, err := c.ExecuteStatement(t.Context(), &dynamodb.ExecuteStatementInput{Statement: aws.String("SELECT * FROM Simple"), NextToken: aws.String("garbage")})
	wantError(t, err, "ValidationException", "Invalid NextToken")
}
