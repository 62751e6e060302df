package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

// statementTables makes Simple (pk) and Sorted (pk, sk), both with three items and an index ByGroup on g.
func statementTables(t *testing.T) *dynamodb.Client {
	t.Helper()
	_, c := open(t, engine.Options{})
	for _, name := range []string{"Simple", "Sorted"} {
		in := &dynamodb.CreateTableInput{
			TableName: &name, BillingMode: "PAY_PER_REQUEST",
			AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("pk"), AttributeType: "S"}, {AttributeName: aws.String("g"), AttributeType: "S"}},
			KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: "HASH"}},
			GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
				IndexName: aws.String("ByGroup"), KeySchema: []types.KeySchemaElement{{AttributeName: aws.String("g"), KeyType: "HASH"}},
				Projection: &types.Projection{ProjectionType: "INCLUDE", NonKeyAttributes: []string{"n"}},
			}},
		}
		if name == "Sorted" {
			in.AttributeDefinitions = append(in.AttributeDefinitions, types.AttributeDefinition{AttributeName: aws.String("sk"), AttributeType: "N"})
			in.KeySchema = append(in.KeySchema, types.KeySchemaElement{AttributeName: aws.String("sk"), KeyType: "RANGE"})
		}
		if _, err := c.CreateTable(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			_, _ = mustExecute(t, c, fmt.Sprintf(`INSERT INTO %s VALUE {'pk': 'p%d', 'sk': %d, 'g': 'g', 'n': %d, 'l': [1, 'x'], 'm': {'a': 1}, 'ss': <<'a', 'b'>>, 's': 'hello', 'nil': NULL}`, name, i, i, i))
		}
		if name == "Sorted" {
			_, _ = mustExecute(t, c, `INSERT INTO Sorted VALUE {'pk': 'p1', 'sk': 7, 'n': 7}`)
		}
	}
	return c
}

func execute(t *testing.T, c *dynamodb.Client, statement string, params ...types.AttributeValue) (*dynamodb.ExecuteStatementOutput, error) {
	t.Helper()
	return c.ExecuteStatement(t.Context(), &dynamodb.ExecuteStatementInput{Statement: &statement, Parameters: params})
}

func mustExecute(t *testing.T, c *dynamodb.Client, statement string, params ...types.AttributeValue) (*dynamodb.ExecuteStatementOutput, []string) {
	t.Helper()
	out, err := execute(t, c, statement, params...)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	rows := make([]string, len(out.Items))
	for i, it := range out.Items {
		rows[i] = lineOf(it)
	}
	return out, rows
}

// lineOf writes an item in a line, attributes in the order of their names.
func lineOf(it item) string {
	var parts []string
	for name, v := range it {
		parts = append(parts, name+"="+textOf(v))
	}
	slices.Sort(parts)
	return strings.Join(parts, " ")
}

func textOf(v types.AttributeValue) string {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return v.Value
	case *types.AttributeValueMemberM:
		return "{" + lineOf(v.Value) + "}"
	case *types.AttributeValueMemberL:
		parts := make([]string, len(v.Value))
		for i, e := range v.Value {
			parts[i] = textOf(e)
		}
		return "[" + strings.Join(parts, " ") + "]"
	case *types.AttributeValueMemberSS:
		return "<" + strings.Join(v.Value, " ") + ">"
	case *types.AttributeValueMemberNULL:
		return "null"
	}
	return fmt.Sprintf("%T", v)
}

func TestStatementsWrite(t *testing.T) {
	c := statementTables(t)
	cases := []struct{ statement, want string }{
		{"UPDATE Simple SET n = n + 1 + 1 - 5 WHERE pk = 'p1' RETURNING MODIFIED NEW *", "n=-2"},
		{"UPDATE Simple SET n = 10 - n SET zz = 'new' WHERE pk = 'p1' RETURNING MODIFIED OLD *", "n=-2"},
		{"UPDATE Simple SET m.b = 5, l[9] = 2 REMOVE zz WHERE pk = 'p1' RETURNING MODIFIED NEW *", "m={b=5}"},
		{"UPDATE Simple SET l[1] = 'x', l[0] = 1 WHERE pk = 'p1' RETURNING MODIFIED NEW *", "l=[1 x]"},
		{"UPDATE Simple SET l = list_append(l, [7]) SET q = if_not_exists(q, 'd') WHERE pk = 'p1' RETURNING MODIFIED NEW *", "l=[1 x 2 7] q=d"},
		{"UPDATE Simple SET ss = set_add(ss, <<'z'>>) WHERE pk = 'p1' RETURNING MODIFIED NEW *", "ss=<a b z>"},
		{"UPDATE Simple SET ss = set_delete(ss, <<'z', 'a'>>) WHERE pk = 'p1' AND n = 12 RETURNING MODIFIED NEW *", "ss=<b>"},
		{"UPDATE Simple REMOVE l REMOVE m REMOVE s REMOVE ss REMOVE nil WHERE pk = 'p1' RETURNING ALL NEW *", "g=g n=12 pk=p1 q=d sk=1"},
		{"DELETE FROM Simple WHERE pk = 'p1' AND q = 'd' RETURNING ALL OLD *", "g=g n=12 pk=p1 q=d sk=1"},
	}
	for _, x := range cases {
		_, rows := mustExecute(t, c, x.statement)
		if len(rows) != 1 || rows[0] != x.want {
			t.Errorf("%s\n got %v\nwant %s", x.statement, rows, x.want)
		}
	}
	for _, statement := range []string{"DELETE FROM Simple WHERE pk = 'p1' RETURNING ALL OLD *", "DELETE FROM Simple WHERE pk = 'p1' AND n = 3"} {
		if _, rows := mustExecute(t, c, statement); len(rows) != 0 {
			t.Errorf("%s: %v", statement, rows)
		}
	}
}

func TestStatementRefusals(t *testing.T) {
	c := statementTables(t)
	const v = "ValidationException"
	cases := []struct{ statement, code, message string }{
		{"SLECT * FROM Simple", v, "Statement wasn't well formed, can't be processed: Expected data manipulation"},
		{"SELECT * FROM Nope", "ResourceNotFoundException", "Requested resource not found"},
		{"SELECT * FROM Simple.Nope", v, "The table does not have the specified index"},
		{"SELECT s FROM Simple.ByGroup WHERE g = 'g'", v, "One or more parameter values were invalid: Global secondary index ByGroup does not project [s]"},
		{"SELECT * FROM Simple WHERE pk = ?", v, "Number of parameters in request and statement don't match."},
		{"SELECT m, m.a FROM Simple", v, "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m, a], path two: [m]"},
		{"SELECT m.a, l.a FROM Simple", v, "Duplicate identifiers in select clause: a"},
		{"SELECT * FROM Simple ORDER BY pk", v, "Must have WHERE clause in the statement when using ORDER BY clause."},
		{"SELECT * FROM Simple WHERE n = 1 ORDER BY pk", v, "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause."},
		{"SELECT * FROM Simple WHERE pk = 'a' ORDER BY n", v, "Attribute n in ORDER BY clause must be part of the primary key"},
		{"SELECT * FROM Sorted WHERE pk IN ['a', 'b'] ORDER BY sk", v, "Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause."},
		{"SELECT * FROM Simple WHERE pk IN ['a', 'b', 'a']", v, "Overlapping conditions with range keys are not supported in where clause"},
		{"SELECT * FROM Simple WHERE pk = 1", v, "Key attribute's data type should match its data type in table's schema: Key pk"},
		{"SELECT * FROM Sorted WHERE pk > 1", v, "One or more parameter values were invalid: Condition parameter type does not match schema type"},
		{"SELECT * FROM Simple WHERE pk = ''", v, "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk"},
		{"SELECT * FROM Simple WHERE n", v, "WHERE clause must contain an expression that resolves to a boolean"},
		{"SELECT * FROM Simple WHERE n = MISSING", v, "MISSING must be compared using IS operator"},
		{"SELECT * FROM Simple WHERE n IN 1", v, "IN operator must have a left hand argument of type Variable Reference and right hand argument of type Seq with at least one member"},
		{"SELECT * FROM Simple WHERE n + 1 = 2", v, "Unsupported operator in Condition Expression. Operator: +"},
		{"SELECT * FROM Simple WHERE s LIKE 'h%'", v, "Unsupported operator in Condition Expression. Operator: like"},
		{"SELECT * FROM Simple WHERE foo(n)", v, "Unrecognized function: foo at 1:28:3"},
		{"SELECT * FROM Simple WHERE begins_with(pk)", v, "Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1"},
		{"SELECT * FROM Simple WHERE s > TRUE", v, "Incorrect operand type for operator or function; operator or function: >, operand type: BOOL"},
		{"SELECT * FROM Simple WHERE n BETWEEN 2 AND 1", v, "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}"},
		{"INSERT INTO Simple VALUE {'pk': 'p1'}", "DuplicateItemException", "Duplicate primary key exists in table"},
		{"INSERT INTO Simple VALUE {'a': 1}", v, "Key attribute should be present in the item: Key pk"},
		{"INSERT INTO Simple VALUE {'pk': 1}", v, "Key attribute's data type should match its data type in table's schema: Key pk"},
		{"INSERT INTO Simple VALUE {'pk':'n','a':1,'a':2}", v, "Duplicate keys in tuple. Key: a under root at 1:42:3"},
		{"INSERT INTO Simple VALUE {'pk':'n','ss':<<>>}", v, "Empty bags are not supported at 1:41:2"},
		{"INSERT INTO Simple VALUE {'pk':'n','ss':<<'a',1>>}", v, "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags at 1:47:1"},
		{"INSERT INTO Simple VALUE {pk:'n'}", v, "Tuple keys must be of type String. Actual type: VariableReference under root at 1:27:2"},
		{"INSERT INTO Simple VALUE {'pk':s}", v, "Unsupported data type: s under key root at 1:32:1"},
		{"INSERT INTO Simple VALUE []", v, "Unsupported format in item expression. Please use struct format {...} to express item values for insert statement. at 1:26:1"},
		{"UPDATE Simple SET a = 1 WHERE pk = 'nope'", "ConditionalCheckFailedException", "The conditional request failed"},
		{"UPDATE Simple SET a = 1 WHERE pk = 'p1' AND n = 9", "ConditionalCheckFailedException", "The conditional request failed"},
		{"UPDATE Simple SET a = 1", v, "Where clause does not contain a mandatory equality on all key attributes"},
		{"UPDATE Sorted SET a = 1 WHERE pk = 'p1' AND sk > 0", v, "Where clause does not contain a mandatory equality on all key attributes"},
		{"UPDATE Simple SET a = 1 WHERE pk IN ['p1']", v, "Where clause does not contain a mandatory equality on all key attributes"},
		{"UPDATE Simple SET pk = 'x' WHERE pk = 'p1'", v, "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key"},
		{"UPDATE Simple SET n = n * 2 WHERE pk = 'p1'", v, "Unsupported operator in Update Expression. Operator: *"},
		{"UPDATE Simple SET n = zz WHERE pk = 'p1'", v, "The provided expression refers to an attribute that does not exist in the item"},
		{"UPDATE Simple SET zz.b = 5 WHERE pk = 'p1'", v, "The document path provided in the update expression is invalid for update"},
		{"UPDATE Simple SET m = 5 SET m.b = 3 WHERE pk = 'p1'", v, "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m], path two: [m, b]"},
		{"UPDATE Simple SET x = set_add(ss, <<'z'>>) WHERE pk = 'p1'", v, "The first argument to SET_ADD must equal the assignment value"},
		{"UPDATE Simple SET ss = set_add(ss, 'z') WHERE pk = 'p1'", v, "The second argument to SET_ADD must be a value with type SET at 1:32:2"},
		{"UPDATE Simple SET q = size(s) WHERE pk = 'p1'", v, "The function is not allowed in an update expression; function: size"},
		{"DELETE FROM Simple WHERE pk = 'p1' AND n = 9", "ConditionalCheckFailedException", "The conditional request failed"},
		{"DELETE FROM Simple WHERE s = 'x'", v, "Where clause does not contain a mandatory equality on all key attributes"},
		{"EXISTS(SELECT * FROM Simple WHERE pk = 'p1')", v, "EXISTS can only be used in ExecuteTransaction write requests."},
	}
	for _, x := range cases {
		t.Run(x.statement, func(t *testing.T) {
			_, err := execute(t, c, x.statement)
			wantError(t, err, x.code, x.message)
		})
	}
	if _, rows := mustExecute(t, c, "SELECT n FROM Simple WHERE pk = 'p1'"); rows[0] != "n=1" {
		t.Errorf("a refused statement left %v", rows)
	}
}
