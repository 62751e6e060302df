package op

import (
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// shapes says which members of the SDK's structures a schema shows, and with "!" which are required; "~" drops an
// enumeration's values. It is the shape awslabs.dynamodb-mcp-server 1.0.3 showed where that has one, so that nothing
// more is required than was there. Members that are not shown are accepted all the same: the whole API stays within
// reach, and only what is asked for every day costs tokens. A structure that is not listed shows all its members.
var shapes = map[reflect.Type][]string{
	reflect.TypeFor[types.AttributeDefinition]():                members("AttributeName! AttributeType!"),
	reflect.TypeFor[types.KeySchemaElement]():                   members("AttributeName! KeyType!"),
	reflect.TypeFor[types.GlobalSecondaryIndex]():               members("IndexName KeySchema Projection ProvisionedThroughput OnDemandThroughput"),
	reflect.TypeFor[types.LocalSecondaryIndex]():                members("IndexName KeySchema Projection"),
	reflect.TypeFor[types.Projection]():                         members("ProjectionType NonKeyAttributes"),
	reflect.TypeFor[types.ProvisionedThroughput]():              members("ReadCapacityUnits! WriteCapacityUnits!"),
	reflect.TypeFor[types.OnDemandThroughput]():                 members("MaxReadRequestUnits MaxWriteRequestUnits"),
	reflect.TypeFor[types.WarmThroughput]():                     members("ReadUnitsPerSecond WriteUnitsPerSecond"),
	reflect.TypeFor[types.GlobalSecondaryIndexUpdate]():         members("Create Delete Update"),
	reflect.TypeFor[types.CreateGlobalSecondaryIndexAction]():   members("IndexName KeySchema Projection ProvisionedThroughput OnDemandThroughput"),
	reflect.TypeFor[types.DeleteGlobalSecondaryIndexAction]():   members("IndexName!"),
	reflect.TypeFor[types.UpdateGlobalSecondaryIndexAction]():   members("IndexName ProvisionedThroughput OnDemandThroughput WarmThroughput"),
	reflect.TypeFor[types.ReplicationGroupUpdate]():             members("Create Update Delete"),
	reflect.TypeFor[types.CreateReplicationGroupMemberAction](): members("RegionName KMSMasterKeyId"),
	reflect.TypeFor[types.UpdateReplicationGroupMemberAction](): members("KMSMasterKeyId OnDemandThroughputOverride ProvisionedThroughputOverride RegionName TableClassOverride"),
	reflect.TypeFor[types.DeleteReplicationGroupMemberAction](): members("RegionName!"),
	reflect.TypeFor[types.OnDemandThroughputOverride]():         members("MaxReadRequestUnits!"),
	reflect.TypeFor[types.ProvisionedThroughputOverride]():      members("ReadCapacityUnits!"),
	reflect.TypeFor[types.SSESpecification]():                   members("Enabled SSEType~ KMSMasterKeyId"),
	reflect.TypeFor[types.StreamSpecification]():                members("StreamEnabled StreamViewType"),
	reflect.TypeFor[types.TimeToLiveSpecification]():            members("AttributeName! Enabled!"),
	reflect.TypeFor[types.Tag]():                                members("Key! Value!"),
	reflect.TypeFor[types.KeysAndAttributes]():                  members("Keys! ConsistentRead ProjectionExpression ExpressionAttributeNames"),
	reflect.TypeFor[types.WriteRequest]():                       members("PutRequest DeleteRequest"),
	reflect.TypeFor[types.PutRequest]():                         members("Item!"),
	reflect.TypeFor[types.DeleteRequest]():                      members("Key!"),
	reflect.TypeFor[types.TransactGetItem]():                    members("Get!"),
	reflect.TypeFor[types.Get]():                                members("TableName! Key! ProjectionExpression ExpressionAttributeNames"),
}

func members(list string) []string { return strings.Fields(list) }
