package cmd

import (
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/tablefile"
)

// What a table file says, in the API's structures.

func definitionsOf(attributes []tablefile.Key) []types.AttributeDefinition {
	var all []types.AttributeDefinition
	for _, k := range attributes {
		all = append(all, types.AttributeDefinition{AttributeName: &k.Name, AttributeType: types.ScalarAttributeType(k.Type)})
	}
	return all
}

func schemaOf(keys []tablefile.Key) []types.KeySchemaElement {
	var all []types.KeySchemaElement
	for _, k := range keys {
		role := types.KeyTypeHash
		if k.Sort {
			role = types.KeyTypeRange
		}
		all = append(all, types.KeySchemaElement{AttributeName: &k.Name, KeyType: role})
	}
	return all
}

func projectionOf(p tablefile.Projection) *types.Projection {
	return &types.Projection{ProjectionType: types.ProjectionType(tablefile.APIWord("projection", p.Kind)), NonKeyAttributes: p.Include}
}

func throughputOf(u *tablefile.Units) *types.ProvisionedThroughput {
	if u == nil {
		return nil
	}
	return &types.ProvisionedThroughput{ReadCapacityUnits: &u.Read, WriteCapacityUnits: &u.Write}
}

// maximumOf sends -1 for no maximum, as the API wants it.
func maximumOf(u *tablefile.Units) *types.OnDemandThroughput {
	if u == nil {
		return nil
	}
	return &types.OnDemandThroughput{MaxReadRequestUnits: &u.Read, MaxWriteRequestUnits: &u.Write}
}

// newMaximumOf leaves out what is no maximum: a new table has none.
func newMaximumOf(u *tablefile.Units) *types.OnDemandThroughput {
	if u == nil || *u == (tablefile.Units{Read: tablefile.Unlimited, Write: tablefile.Unlimited}) {
		return nil
	}
	return maximumOf(u)
}

func warmOf(u *tablefile.Units) *types.WarmThroughput {
	if u == nil {
		return nil
	}
	return &types.WarmThroughput{ReadUnitsPerSecond: &u.Read, WriteUnitsPerSecond: &u.Write}
}

func vectorOf(v tablefile.Vector) types.VectorIndex {
	x := types.VectorIndex{
		IndexName: &v.Name, Dimensions: &v.Dimensions, DistanceFunction: types.VectorDistanceFunction(tablefile.APIWord("distance", v.Distance)),
		Projection: projectionOf(v.Projection), VectorAttribute: &types.VectorAttributeDefinition{AttributeName: &v.Attribute},
	}
	for _, k := range v.Partition {
		x.SearchSchema = append(x.SearchSchema, types.SearchSchemaElement{AttributeName: &k.Name, SearchSchemaElementType: types.SearchSchemaElementTypeHash})
	}
	for _, k := range v.Filters {
		x.SearchSchema = append(x.SearchSchema, types.SearchSchemaElement{AttributeName: &k.Name, SearchSchemaElementType: types.SearchSchemaElementTypeInlineFilter})
	}
	return x
}

// createVectorOf is the same index as UpdateTable makes it.
func createVectorOf(v tablefile.Vector) *types.CreateVectorIndexAction {
	x := vectorOf(v)
	return &types.CreateVectorIndexAction{
		IndexName: x.IndexName, Dimensions: x.Dimensions, DistanceFunction: x.DistanceFunction, Projection: x.Projection, VectorAttribute: x.VectorAttribute, SearchSchema: x.SearchSchema,
	}
}

func streamSpec(word string) *types.StreamSpecification {
	on := word != tablefile.Off
	s := &types.StreamSpecification{StreamEnabled: &on}
	if on {
		s.StreamViewType = types.StreamViewType(tablefile.APIWord("stream", word))
	}
	return s
}

func encryptionOf(word string) *types.SSESpecification {
	on := word != tablefile.AWSOwned
	s := &types.SSESpecification{Enabled: &on}
	if on {
		s.SSEType = types.SSETypeKms
	}
	if on && word != tablefile.AWSManaged {
		s.KMSMasterKeyId = &word
	}
	return s
}

// createOf is the request that makes a table: all but its policy.
func createOf(t *tablefile.Table) *table.CreateInput {
	in := &table.CreateInput{
		TableName: t.Name, AttributeDefinitions: definitionsOf(t.Attributes()), KeySchema: schemaOf(t.Keys), BillingMode: types.BillingModePayPerRequest,
		ProvisionedThroughput: throughputOf(t.Capacity), OnDemandThroughput: newMaximumOf(t.Max), WarmThroughput: warmOf(t.Warm),
		TableClass: types.TableClass(tablefile.APIWord("class", t.Class)),
	}
	if t.Billing != "" {
		in.BillingMode = types.BillingMode(tablefile.APIWord("billing", t.Billing))
	}
	for _, x := range t.Indexes {
		index := types.GlobalSecondaryIndex{
			IndexName: &x.Name, KeySchema: schemaOf(x.Keys), Projection: projectionOf(x.Projection),
			ProvisionedThroughput: throughputOf(x.Capacity), OnDemandThroughput: newMaximumOf(x.Max), WarmThroughput: warmOf(x.Warm),
		}
		if index.ProvisionedThroughput == nil && in.BillingMode == types.BillingModeProvisioned {
			index.ProvisionedThroughput = in.ProvisionedThroughput
		}
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, index)
	}
	for _, x := range t.Local {
		in.LocalSecondaryIndexes = append(in.LocalSecondaryIndexes, types.LocalSecondaryIndex{IndexName: &x.Name, KeySchema: schemaOf(x.Keys), Projection: projectionOf(x.Projection)})
	}
	for _, v := range t.Vectors {
		in.VectorIndexes = append(in.VectorIndexes, vectorOf(v))
	}
	if t.Stream != "" && t.Stream != tablefile.Off {
		in.StreamSpecification = streamSpec(t.Stream)
	}
	if t.Encryption != "" && t.Encryption != tablefile.AWSOwned {
		in.SSESpecification = encryptionOf(t.Encryption)
	}
	if t.Protection == tablefile.On {
		on := true
		in.DeletionProtectionEnabled = &on
	}
	for _, k := range slices.Sorted(maps.Keys(t.Tags)) {
		v := t.Tags[k]
		in.Tags = append(in.Tags, types.Tag{Key: &k, Value: &v})
	}
	return in
}

// updateOf is one UpdateTable of a plan.
func updateOf(name string, u *tablefile.Update) *table.UpdateInput {
	in := &table.UpdateInput{
		TableName: name, ProvisionedThroughput: throughputOf(u.Capacity), OnDemandThroughput: maximumOf(u.Max), WarmThroughput: warmOf(u.Warm),
		AttributeDefinitions: definitionsOf(u.Attributes), TableClass: types.TableClass(tablefile.APIWord("class", u.Class)),
	}
	if u.Billing != "" {
		in.BillingMode = types.BillingMode(tablefile.APIWord("billing", u.Billing))
	}
	if u.Stream != "" {
		in.StreamSpecification = streamSpec(u.Stream)
	}
	if u.Protection != "" {
		on := u.Protection == tablefile.On
		in.DeletionProtectionEnabled = &on
	}
	if u.Encryption != "" {
		in.SSESpecification = encryptionOf(u.Encryption)
	}
	for _, x := range u.Indexes {
		in.GlobalSecondaryIndexUpdates = append(in.GlobalSecondaryIndexUpdates, types.GlobalSecondaryIndexUpdate{Update: &types.UpdateGlobalSecondaryIndexAction{
			IndexName: &x.Name, ProvisionedThroughput: throughputOf(x.Capacity), OnDemandThroughput: maximumOf(x.Max), WarmThroughput: warmOf(x.Warm),
		}})
	}
	if x := u.CreateIndex; x != nil {
		in.GlobalSecondaryIndexUpdates = append(in.GlobalSecondaryIndexUpdates, types.GlobalSecondaryIndexUpdate{Create: &types.CreateGlobalSecondaryIndexAction{
			IndexName: &x.Name, KeySchema: schemaOf(x.Keys), Projection: projectionOf(x.Projection),
			ProvisionedThroughput: throughputOf(x.Capacity), OnDemandThroughput: newMaximumOf(x.Max), WarmThroughput: warmOf(x.Warm),
		}})
	}
	if u.DeleteIndex != "" {
		in.GlobalSecondaryIndexUpdates = append(in.GlobalSecondaryIndexUpdates, types.GlobalSecondaryIndexUpdate{Delete: &types.DeleteGlobalSecondaryIndexAction{IndexName: &u.DeleteIndex}})
	}
	if u.CreateVector != nil {
		in.VectorIndexUpdates = append(in.VectorIndexUpdates, types.VectorIndexUpdate{Create: createVectorOf(*u.CreateVector)})
	}
	if u.DeleteVector != "" {
		in.VectorIndexUpdates = append(in.VectorIndexUpdates, types.VectorIndexUpdate{Delete: &types.DeleteVectorIndexAction{IndexName: &u.DeleteVector}})
	}
	replicasInto(in, u)
	return in
}

func replicasInto(in *table.UpdateInput, u *tablefile.Update) {
	read := func(r *tablefile.Replica) *types.ProvisionedThroughputOverride {
		if r.Read == 0 {
			return nil
		}
		return &types.ProvisionedThroughputOverride{ReadCapacityUnits: &r.Read}
	}
	key := func(r *tablefile.Replica) *string {
		if r.Key == "" {
			return nil
		}
		return &r.Key
	}
	if r := u.CreateReplica; r != nil {
		in.ReplicaUpdates = append(in.ReplicaUpdates, types.ReplicationGroupUpdate{Create: &types.CreateReplicationGroupMemberAction{
			RegionName: &r.Region, KMSMasterKeyId: key(r), ProvisionedThroughputOverride: read(r), TableClassOverride: types.TableClass(tablefile.APIWord("class", r.Class)),
		}})
	}
	if r := u.EditReplica; r != nil {
		in.ReplicaUpdates = append(in.ReplicaUpdates, types.ReplicationGroupUpdate{Update: &types.UpdateReplicationGroupMemberAction{
			RegionName: &r.Region, KMSMasterKeyId: key(r), ProvisionedThroughputOverride: read(r), TableClassOverride: types.TableClass(tablefile.APIWord("class", r.Class)),
		}})
	}
	for _, r := range u.ReplicaKeys {
		in.ReplicaUpdates = append(in.ReplicaUpdates, types.ReplicationGroupUpdate{Update: &types.UpdateReplicationGroupMemberAction{
			RegionName: &r.Region, KMSMasterKeyId: key(&r),
		}})
	}
	if u.DeleteReplica != "" {
		in.ReplicaUpdates = append(in.ReplicaUpdates, types.ReplicationGroupUpdate{Delete: &types.DeleteReplicationGroupMemberAction{RegionName: &u.DeleteReplica}})
	}
}
