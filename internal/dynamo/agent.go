package dynamo

import (
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
)

// userAgent adds who calls: the program, and over MCP the name that awslabs.dynamodb-mcp-server used.
func (f *Factory) userAgent() []func(*middleware.Stack) error {
	var add []func(*middleware.Stack) error
	if f.cfg.UserAgent != "" {
		name, version := cutProduct(f.cfg.UserAgent)
		add = append(add, awsmiddleware.AddUserAgentKeyValue(name, version))
	}
	if f.cfg.MCP {
		add = append(add, awsmiddleware.AddUserAgentKeyValue("MCP", "DynamoDBServer"))
	}
	return add
}
