package engine_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

// TestRealisticIndexes walks an index through the phases of its life and tries in each what the service refuses.
func TestRealisticIndexes(t *testing.T) {
	for _, kind := range []indexKind{globalKind, vectorKind} {
		t.Run(kind.name, func(t *testing.T) { indexPhases(t, kind) })
	}
}

// indexKind is a way to add, read and remove an index named by.
type indexKind struct {
	name                string
	create              func(string) *dynamodb.UpdateTableInput
	remove              *dynamodb.UpdateTableInput
	state               func(*types.TableDescription) (status types.IndexStatus, backfilling *bool)
	read                func(*testing.T, *dynamodb.Client) (int, error)
	allocating, filling string // what a read is told in these phases
}

var globalKind = indexKind{
	name: "global",
	create: func(name string) *dynamodb.UpdateTableInput {
		return &dynamodb.UpdateTableInput{
			TableName: aws.String("Slow"), AttributeDefinitions: defs("pk", "S", "color", "S"),
			GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{{Create: &types.CreateGlobalSecondaryIndexAction{
				IndexName: &name, KeySchema: schema("color"), Projection: allOf(),
			}}},
		}
	},
	remove: &dynamodb.UpdateTableInput{
		TableName: aws.String("Slow"),
		GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{{
			Delete: &types.DeleteGlobalSecondaryIndexAction{IndexName: aws.String("added")},
		}},
	},
	state: func(d *types.TableDescription) (types.IndexStatus, *bool) {
		if len(d.GlobalSecondaryIndexes) == 0 {
			return "gone", nil
		}
		return d.GlobalSecondaryIndexes[0].IndexStatus, d.GlobalSecondaryIndexes[0].Backfilling
	},
	read: func(t *testing.T, c *dynamodb.Client) (int, error) {
		out, err := c.Query(t.Context(), &dynamodb.QueryInput{
			TableName: aws.String("Slow"), IndexName: aws.String("added"), KeyConditionExpression: aws.String("color = :c"),
			ExpressionAttributeValues: item{":c": str("red")},
		})
		if err != nil {
			return 0, err
		}
		return len(out.Items), nil
	},
	allocating: "Cannot read from backfilling global secondary index: added",
	filling:    "Cannot read from backfilling global secondary index: added",
}

var vectorKind = indexKind{
	name: "vector",
	create: func(name string) *dynamodb.UpdateTableInput {
		return &dynamodb.UpdateTableInput{
			TableName: aws.String("Slow"),
			VectorIndexUpdates: []types.VectorIndexUpdate{{Create: &types.CreateVectorIndexAction{
				IndexName: &name, VectorAttribute: &types.VectorAttributeDefinition{AttributeName: aws.String("v")},
				Dimensions: aws.Int64(2), DistanceFunction: "COSINE", Projection: allOf(),
			}}},
		}
	},
	remove: &dynamodb.UpdateTableInput{
		TableName:          aws.String("Slow"),
		VectorIndexUpdates: []types.VectorIndexUpdate{{Delete: &types.DeleteVectorIndexAction{IndexName: aws.String("added")}}},
	},
	state: func(d *types.TableDescription) (types.IndexStatus, *bool) {
		if len(d.VectorIndexes) == 0 {
			return "gone", nil
		}
		return d.VectorIndexes[0].IndexStatus, d.VectorIndexes[0].Backfilling
	},
	read: func(t *testing.T, c *dynamodb.Client) (int, error) {
		out, err := c.SearchVectors(t.Context(), &dynamodb.SearchVectorsInput{
			TableName: aws.String("Slow"), IndexName: aws.String("added"), TopK: aws.Int32(5), SearchVector: vectorOf(1, 1),
		})
		if err != nil {
			return 0, err
		}
		return len(out.SearchResults), nil
	},
	allocating: "The table does not have the specified index: added",
	filling:    "Cannot search backfilling vector index: added",
}

func indexPhases(t *testing.T, kind indexKind) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	e, c := open(t, engine.Options{Lifecycle: "realistic", Clock: func() time.Time { return now }})
	simpleTable(t, c, "Slow")
	now = now.Add(time.Minute)
	_, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{
		TableName: aws.String("Slow"), Item: item{"pk": str("a"), "color": str("red"), "v": &types.AttributeValueMemberL{Value: vectorOf(3, 4)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	update := func(in *dynamodb.UpdateTableInput) (*types.TableDescription, error) {
		out, err := c.UpdateTable(t.Context(), in)
		e.Idle()
		if err != nil {
			return nil, err
		}
		return out.TableDescription, nil
	}
	is := func(d *types.TableDescription, table types.TableStatus, index types.IndexStatus, backfilling string) {
		t.Helper()
		status, b := kind.state(d)
		shown := "none"
		if b != nil {
			shown = map[bool]string{false: "false", true: "true"}[*b]
		}
		if d.TableStatus != table || status != index || shown != backfilling {
			t.Errorf("table %s, index %s, backfilling %s; want %s, %s, %s", d.TableStatus, status, shown, table, index, backfilling)
		}
	}
	d, err := update(kind.create("added"))
	if err != nil {
		t.Fatal(err)
	}
	is(d, "UPDATING", "CREATING", "false")
	is(describe(t, c, "Slow"), "UPDATING", "CREATING", "false")
	_, err = kind.read(t, c)
	wantError(t, err, "ValidationException", kind.allocating)
	const inUse = "Attempt to change a resource which is still in use: "
	const busy = inUse + "Cannot delete table while indexes are being created, updated, or deleted."
	_, err = update(kind.remove)
	wantError(t, err, "ResourceInUseException", inUse+
		"Index creation is in resource allocation phase. Retry deletion during backfilling phase or when the index is active. Table: Slow Index: added")
	_, err = c.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: aws.String("Slow")})
	wantError(t, err, "ResourceInUseException", busy)

	now = now.Add(4 * time.Second)
	is(describe(t, c, "Slow"), "ACTIVE", "CREATING", "true")
	_, err = kind.read(t, c)
	wantError(t, err, "ValidationException", kind.filling)
	_, err = update(kind.create("other"))
	wantError(t, err, "LimitExceededException", "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table")
	_, err = c.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: aws.String("Slow")})
	wantError(t, err, "ResourceInUseException", busy)

	now = now.Add(2 * time.Second)
	is(describe(t, c, "Slow"), "ACTIVE", "ACTIVE", "none")
	if n, err := kind.read(t, c); err != nil || n != 1 {
		t.Errorf("the index answers %d items, %v; want 1", n, err)
	}
	if d, err = update(kind.remove); err != nil {
		t.Fatal(err)
	}
	is(d, "UPDATING", "DELETING", "none")
	_, err = kind.read(t, c)
	wantError(t, err, "ValidationException", "The table does not have the specified index: added")
	now = now.Add(time.Minute)
	is(describe(t, c, "Slow"), "ACTIVE", "gone", "none")

	// An index may be removed while it is filled.
	if _, err := update(kind.create("added")); err != nil {
		t.Fatal(err)
	}
	now = now.Add(4 * time.Second)
	if _, err := update(kind.remove); err != nil {
		t.Fatal(err)
	}
	is(describe(t, c, "Slow"), "UPDATING", "DELETING", "none")
	now = now.Add(time.Minute)
	is(describe(t, c, "Slow"), "ACTIVE", "gone", "none")
}
