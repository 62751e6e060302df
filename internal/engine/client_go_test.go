package engine_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/engine"
)

// movie is a program's own type, written and read by the SDK's attributevalue package.
type movie struct {
	Year    int               `dynamodbav:"year"`
	Title   string            `dynamodbav:"title"`
	Rating  float64           `dynamodbav:"rating"`
	Genres  []string          `dynamodbav:"genres,stringset"`
	Poster  []byte            `dynamodbav:"poster"`
	Cast    []person          `dynamodbav:"cast"`
	Notes   map[string]string `dynamodbav:"notes"`
	Ends    time.Time         `dynamodbav:"ends,unixtime"`
	Seen    *bool             `dynamodbav:"seen"`
	Comment string            `dynamodbav:"comment,omitempty"`
}

type person struct{ Name, Role string }

// movies makes a table of n movies: five a year, with an index by rating.
func movies(t *testing.T, n int) *dynamodb.Client {
	t.Helper()
	_, c := open(t, engine.Options{})
	_, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String("Movies"), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String("year"), AttributeType: "N"},
			{AttributeName: aws.String("title"), AttributeType: "S"},
			{AttributeName: aws.String("rating"), AttributeType: "N"},
		},
		KeySchema: []types.KeySchemaElement{{AttributeName: aws.String("year"), KeyType: "HASH"}, {AttributeName: aws.String("title"), KeyType: "RANGE"}},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName:  aws.String("ByRating"),
			KeySchema:  []types.KeySchemaElement{{AttributeName: aws.String("year"), KeyType: "HASH"}, {AttributeName: aws.String("rating"), KeyType: "RANGE"}},
			Projection: &types.Projection{ProjectionType: "ALL"},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := dynamodb.NewTableExistsWaiter(c).Wait(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String("Movies")}, time.Minute); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		item, err := attributevalue.MarshalMap(movieNumber(i))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Movies"), Item: item}); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func movieNumber(i int) movie {
	return movie{
		Year: 2000 + i/5, Title: fmt.Sprintf("Movie %02d", i), Rating: float64(i%10) + 0.5, Genres: []string{"drama", "war"}, Poster: []byte{0, 255},
		Cast: []person{{"A", "hero"}, {"B", ""}}, Notes: map[string]string{"x": "ý"}, Ends: time.Unix(1_900_000_000, 0),
	}
}

func TestGoAttributeValues(t *testing.T) {
	c := movies(t, 1)
	key, err := attributevalue.MarshalMap(map[string]any{"year": 2000, "title": "Movie 00"})
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("Movies"), Key: key})
	if err != nil {
		t.Fatal(err)
	}
	var got movie
	if err := attributevalue.UnmarshalMap(out.Item, &got); err != nil {
		t.Fatal(err)
	}
	slices.Sort(got.Genres)
	if diff := cmp.Diff(movieNumber(0), got); diff != "" {
		t.Errorf("(-put +got)\n%s", diff)
	}
}

// TestGoExpressionBuilder runs one expression of each kind as the SDK's builder writes it: names #0, #1, values :0, :1, and
// parentheses around everything.
func TestGoExpressionBuilder(t *testing.T) {
	c := movies(t, 10)
	e, err := expression.NewBuilder().
		WithKeyCondition(expression.Key("year").Equal(expression.Value(2001)).And(expression.Key("rating").Between(expression.Value(5.5), expression.Value(8.5)))).
		WithFilter(expression.Name("cast[0].Name").Equal(expression.Value("A")).
			And(expression.Or(expression.Name("title").BeginsWith("Movie"), expression.Name("nothing").AttributeExists())).
			And(expression.Not(expression.Name("title").In(expression.Value("Movie 06"), expression.Value("Movie 99")))).
			And(expression.Name("genres").Contains("war"), expression.Name("poster").Size().Equal(expression.Value(2)))).
		WithProjection(expression.NamesList(expression.Name("title"), expression.Name("cast[1]"), expression.Name("notes.x"))).
		Build()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.Query(t.Context(), &dynamodb.QueryInput{
		TableName: aws.String("Movies"), IndexName: aws.String("ByRating"), KeyConditionExpression: e.KeyCondition(), FilterExpression: e.Filter(),
		ProjectionExpression: e.Projection(), ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(), ScanIndexForward: aws.Bool(false),
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []movie
	if err := attributevalue.UnmarshalListOfMaps(out.Items, &got); err != nil {
		t.Fatal(err)
	}
	want := []movie{
		{Title: "Movie 08", Cast: []person{{"B", ""}}, Notes: map[string]string{"x": "ý"}},
		{Title: "Movie 07", Cast: []person{{"B", ""}}, Notes: map[string]string{"x": "ý"}},
		{Title: "Movie 05", Cast: []person{{"B", ""}}, Notes: map[string]string{"x": "ý"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}

	e, err = expression.NewBuilder().
		WithUpdate(expression.Set(expression.Name("rating"), expression.Name("rating").Plus(expression.Value(1))).
			Set(expression.Name("cast"), expression.Name("cast").ListAppend(expression.Value([]person{{"C", "villain"}}))).
			Set(expression.Name("views"), expression.IfNotExists(expression.Name("views"), expression.Value(10))).
			Remove(expression.Name("notes.x")).
			Add(expression.Name("count"), expression.Value(2)).
			Delete(expression.Name("genres"), expression.Value(&types.AttributeValueMemberSS{Value: []string{"war"}}))).
		WithCondition(expression.Name("rating").LessThan(expression.Value(1))).Build()
	if err != nil {
		t.Fatal(err)
	}
	updated, err := c.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: aws.String("Movies"), Key: item{"year": num("2000"), "title": str("Movie 00")}, UpdateExpression: e.Update(), ConditionExpression: e.Condition(),
		ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(), ReturnValues: types.ReturnValueUpdatedNew,
	})
	if err != nil {
		t.Fatal(err)
	}
	var after map[string]any
	if err := attributevalue.UnmarshalMap(updated.Attributes, &after); err != nil {
		t.Fatal(err)
	}
	if after["rating"] != 1.5 || after["views"] != 10.0 || after["count"] != 2.0 || len(after["cast"].([]any)) != 3 {
		t.Errorf("the update left %v", after)
	}
}

func TestGoPaginators(t *testing.T) {
	c := movies(t, 10)
	var titles []string
	pages := dynamodb.NewQueryPaginator(c, &dynamodb.QueryInput{
		TableName: aws.String("Movies"), KeyConditionExpression: aws.String("#y = :y"), ExpressionAttributeNames: map[string]string{"#y": "year"},
		ExpressionAttributeValues: item{":y": num("2001")}, Limit: aws.Int32(2),
	})
	n := 0
	for ; pages.HasMorePages(); n++ {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range page.Items {
			titles = append(titles, i["title"].(*types.AttributeValueMemberS).Value)
		}
	}
	if diff := cmp.Diff([]string{"Movie 05", "Movie 06", "Movie 07", "Movie 08", "Movie 09"}, titles); diff != "" || n != 3 {
		t.Errorf("%d pages of Query (-want +got)\n%s", n, diff)
	}

	seen, n := 0, 0
	for scan := dynamodb.NewScanPaginator(c, &dynamodb.ScanInput{TableName: aws.String("Movies"), Limit: aws.Int32(3)}); scan.HasMorePages(); n++ {
		page, err := scan.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		seen += len(page.Items)
	}
	if seen != 10 || n != 4 {
		t.Errorf("a scan gave %d items in %d pages, want 10 in 4", seen, n)
	}

	simpleTable(t, c, "Another")
	var tables []string
	for list := dynamodb.NewListTablesPaginator(c, &dynamodb.ListTablesInput{Limit: aws.Int32(1)}); list.HasMorePages(); {
		page, err := list.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		tables = append(tables, page.TableNames...)
	}
	if diff := cmp.Diff([]string{"Another", "Movies"}, tables); diff != "" {
		t.Errorf("tables (-want +got)\n%s", diff)
	}
}

func TestGoWaiterOfDeletion(t *testing.T) {
	c := movies(t, 0)
	if _, err := c.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: aws.String("Movies")}); err != nil {
		t.Fatal(err)
	}
	if err := dynamodb.NewTableNotExistsWaiter(c).Wait(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String("Movies")}, time.Minute); err != nil {
		t.Error(err)
	}
}
