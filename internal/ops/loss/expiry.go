package loss

import (
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/query"
	"github.com/ddb-cli/ddb/internal/ops/ttl"
)

const (
	// sampled is how many items are looked at to tell how many would expire: a count of all would read the whole table.
	sampled = 100
	// sampledEmbedded is that of the embedded engine, where reading costs nothing.
	sampledEmbedded = 10_000
	// tooOld is when a time is so long ago that the service leaves the item (developer guide, Time to Live: five years).
	tooOld = 5 * 365 * 24 * time.Hour
)

// expiry says what goes when items begin to expire. It is nothing where time to live is on already, which the service refuses,
// and where no item of the whole table has a time.
func (a asker) expiry(in *ttl.UpdateInput) (string, error) {
	d, err := ttl.Describe.Call(a.ctx, a.env, &ttl.DescribeInput{TableName: in.TableName, Region: in.Region})
	if hopeless(err) {
		return "", err
	}
	if err == nil && (d.TimeToLiveStatus == types.TimeToLiveStatusEnabled || d.TimeToLiveStatus == types.TimeToLiveStatusEnabling) {
		return "", nil
	}
	name := ""
	if in.TimeToLiveSpecification != nil {
		name = aws.ToString(in.TimeToLiveSpecification.AttributeName)
	}
	counts, nothing := a.expired(in.TableName, name, in.Region)
	if nothing {
		return "", nil
	}
	return "Makes items of the table " + quoted(in.TableName) + " expire by the attribute " + quoted(name) +
		": those in which it is a time that has passed, in seconds, are deleted within days and cannot be had back. " + counts + " " + a.recovery(in.TableName, in.Region) + " " + a.backups(in.TableName, in.Region), nil
}

// expired counts, among as many items as are read cheaply, those whose time has passed and those whose time comes. nothing says
// that all items were read and none has a time.
func (a asker) expired(name, attribute string, region op.Region) (text string, nothing bool) {
	const unknown = "How many that are is not known: counting them reads the whole table."
	if attribute == "" {
		return unknown, false
	}
	most := int64(sampled)
	if a.clients(region).Embedded {
		most = sampledEmbedded
	}
	in := query.ScanInput{TableName: name, ProjectionExpression: "#t", ExpressionAttributeNames: map[string]string{"#t": attribute}, Region: region}
	now := time.Now()
	var read, past, coming int64
	for {
		in.Limit = aws.Int32(int32(most - read))
		page, err := query.Scan.Call(a.ctx, a.env, &in)
		if err != nil {
			return unknown, false
		}
		for _, it := range page.Items {
			at, ok := timeOf(it[attribute])
			switch {
			case !ok || at.Before(now.Add(-tooOld)):
			case at.Before(now):
				past++
			default:
				coming++
			}
		}
		read += int64(page.ScannedCount)
		if len(page.LastEvaluatedKey) == 0 {
			return fmt.Sprintf("Of its %s %d have a time that has passed, and %d one that comes.", counted(read), past, coming), past+coming == 0
		}
		if read >= most {
			return fmt.Sprintf("Of the first %s looked at %d have a time that has passed, and %d one that comes; how many of all is not known, since counting reads the whole table.", counted(read), past, coming), false
		}
		in.ExclusiveStartKey = op.FromSDK(page.LastEvaluatedKey)
	}
}

// timeOf is the time a number stands for.
func timeOf(v types.AttributeValue) (time.Time, bool) {
	n, ok := v.(*types.AttributeValueMemberN)
	if !ok {
		return time.Time{}, false
	}
	seconds, err := strconv.ParseFloat(n.Value, 64)
	if err != nil || seconds < 0 || seconds > 1e11 {
		return time.Time{}, false
	}
	return time.Unix(int64(seconds), 0), true
}
