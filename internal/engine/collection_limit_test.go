package engine_test

import (
	"strconv"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

// TestCollectionLimit fills item collections, with a limit of 10,000 bytes for the service's 10 GB. An item of 1,000 bytes
// takes 1,008 with its entry in the local index.
func TestCollectionLimit(t *testing.T) {
	e, c := open(t, engine.Options{})
	e.LimitCollections(10_000)
	sizedTable(t, c)
	put := func(pk string, sk, size int) error {
		_, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("Sized"), Item: sized(pk, sk, size)})
		return err
	}
	const code, message = "ItemCollectionSizeLimitExceededException", "Collection size exceeded"
	for sk := range 9 {
		for _, pk := range []string{"a", "b"} {
			if err := put(pk, sk+1, 1000); err != nil {
				t.Fatalf("item %d of %s: %v", sk+1, pk, err)
			}
		}
	}
	wantError(t, put("a", 10, 1000), code, message)
	if err := put("a", 10, 500); err != nil {
		t.Errorf("a smaller item: %v", err)
	}
	wantError(t, put("a", 1, 1500), code, message)
	if err := put("a", 1, 900); err != nil {
		t.Errorf("an item that shrinks: %v", err)
	}
	put10 := types.Put{TableName: aws.String("Sized"), Item: sized("b", 10, 1000)}
	other := types.Put{TableName: aws.String("Sized"), Item: sized("c", 1, 1000)}
	_, err := transact(t, c, "", types.TransactWriteItem{Put: &other}, types.TransactWriteItem{Put: &put10})
	_ = wantReasons(t, err, []string{"None", "ItemCollectionSizeLimitExceeded"}, []string{"", message})
	for sk := range 4 {
		_, err := c.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: aws.String("Sized"), Key: item{"pk": str("a"), "sk": num(strconv.Itoa(sk + 1))}})
		if err != nil {
			t.Fatal(err)
		}
	}
	for sk := range 4 {
		if err := put("a", sk+20, 1000); err != nil {
			t.Errorf("item %d after deletions: %v", sk+1, err)
		}
	}
	wantError(t, put("a", 30, 1000), code, message)
}
