package ddbtest_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/ddbtest"
)

// songs is the table of the examples: songs by artist.
func songs() *dynamodb.CreateTableInput {
	return &dynamodb.CreateTableInput{
		TableName: aws.String("Music"),
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String("Artist"), AttributeType: types.ScalarAttributeTypeS},
			{AttributeName: aws.String("Song"), AttributeType: types.ScalarAttributeTypeS},
		},
		KeySchema: []types.KeySchemaElement{
			{AttributeName: aws.String("Artist"), KeyType: types.KeyTypeHash},
			{AttributeName: aws.String("Song"), KeyType: types.KeyTypeRange},
		},
	}
}

// song makes an item by the tags of a struct, as programs do.
func song(artist, name string, year int) map[string]types.AttributeValue {
	item, err := attributevalue.MarshalMap(struct {
		Artist, Song string
		Year         int
	}{artist, name, year})
	if err != nil {
		panic(err)
	}
	return item
}

// countSongs is a function one might want to test.
func countSongs(ctx context.Context, client *dynamodb.Client, artist string) (int, error) {
	out, err := client.Query(ctx, &dynamodb.QueryInput{
		TableName:                 aws.String("Music"),
		KeyConditionExpression:    aws.String("Artist = :a"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":a": &types.AttributeValueMemberS{Value: artist}},
		Select:                    types.SelectCount,
	})
	if err != nil {
		return 0, err
	}
	return int(out.Count), nil
}

// In a test, New is all it takes; the DynamoDB ends with the test.
func TestCountSongs(t *testing.T) {
	client := ddbtest.New(t, ddbtest.Table(songs(), song("Arturus", "Dawn", 1999), song("Arturus", "Dusk", 2003)))
	n, err := countSongs(t.Context(), client, "Arturus")
	if err != nil || n != 2 {
		t.Errorf("%d songs, %v; want 2", n, err)
	}
}

func ExampleNew() {
	t := new(testing.T) // in a test, the one of func TestCountSongs(t *testing.T)
	client := ddbtest.New(t, ddbtest.Table(songs(), song("Arturus", "Dawn", 1999), song("Arturus", "Dusk", 2003)))
	n, err := countSongs(t.Context(), client, "Arturus")
	if err != nil || n != 2 {
		t.Errorf("%d songs, %v; want 2", n, err)
	}
}

// Outside of a test the DB is closed by whoever opened it.
func ExampleOpen() {
	ctx := context.Background()
	db, err := ddbtest.Open(ddbtest.Table(songs(), song("Arturus", "Dawn", 1999), song("Belinda", "Noon", 2010)))
	if err != nil {
		panic(err)
	}
	defer db.Close()
	n, err := countSongs(ctx, db.Client(), "Belinda")
	fmt.Println(n, err)
	// Output: 1 <nil>
}

// A program that wants an endpoint gets one from any HTTP server.
func ExampleHandler() {
	server := httptest.NewServer(ddbtest.Handler(ddbtest.Table(songs(), song("Arturus", "Dawn", 1999))))
	defer server.Close()
	client := dynamodb.New(dynamodb.Options{
		Region: "us-west-2", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("any", "any", ""),
	})
	n, err := countSongs(context.Background(), client, "Arturus")
	fmt.Println(n, err)
	// Output: 1 <nil>
}

// A fault makes the first Query fail as an overloaded table does; the SDK tries again, and the second succeeds.
func ExampleFaults() {
	db, err := ddbtest.Open(ddbtest.Table(songs()),
		ddbtest.Faults(`{"faults": [{"operation": "Query", "exception": "ProvisionedThroughputExceededException"}]}`))
	if err != nil {
		panic(err)
	}
	defer db.Close()
	n, err := countSongs(context.Background(), db.Client(), "Arturus")
	fmt.Println(n, err)
	// Output: 0 <nil>
}
