package op

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// TableARN gives the ARN of a table named either way: operations whose API takes only an ARN take a name here too. It
// asks the service where it is given a name.
func TableARN(ctx context.Context, c *Clients, nameOrARN string) (string, error) {
	if strings.HasPrefix(nameOrARN, "arn:") {
		return nameOrARN, nil
	}
	service := c.DynamoDB
	if c.Lookup != nil {
		var err error
		if service, err = c.Lookup(ctx); err != nil {
			return "", err
		}
	}
	out, err := service.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &nameOrARN})
	if err != nil {
		return "", err
	}
	if out.Table == nil || out.Table.TableArn == nil {
		return "", Invalid("the service gives no ARN for table "+quote(nameOrARN), "name it by its ARN")
	}
	return *out.Table.TableArn, nil
}
