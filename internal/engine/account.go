package engine

var accountActions = map[string]action{
	"DescribeLimits":    handle(describeLimits),
	"DescribeEndpoints": handle(describeEndpoints),
}

// The default quotas of an account in one Region (developer guide, "Quotas in Amazon DynamoDB").
const (
	accountUnits = 80_000
	tableUnits   = 40_000
)

type noInput struct{}

type limitsOutput struct {
	AccountMaxReadCapacityUnits  int64 `wire:"AccountMaxReadCapacityUnits"`
	AccountMaxWriteCapacityUnits int64 `wire:"AccountMaxWriteCapacityUnits"`
	TableMaxReadCapacityUnits    int64 `wire:"TableMaxReadCapacityUnits"`
	TableMaxWriteCapacityUnits   int64 `wire:"TableMaxWriteCapacityUnits"`
}

func describeLimits(*call, *noInput) (*limitsOutput, error) {
	return &limitsOutput{accountUnits, accountUnits, tableUnits, tableUnits}, nil
}

type endpointShape struct {
	Address              string `wire:"Address"`
	CachePeriodInMinutes int64  `wire:"CachePeriodInMinutes"`
}

type endpointsOutput struct {
	Endpoints []endpointShape `wire:"Endpoints,keep"`
}

// endpointCache is how long the service lets a client keep the answer, in minutes.
const endpointCache = 1440

// describeEndpoints answers the address the caller used: a client that discovers endpoints must come back here and not
// be sent to AWS. In process that is the name the SDK made of the region.
func describeEndpoints(c *call, _ *noInput) (*endpointsOutput, error) {
	address := c.host
	if address == "" {
		address = "dynamodb." + c.region + ".amazonaws.com"
	}
	return &endpointsOutput{Endpoints: []endpointShape{{Address: address, CachePeriodInMinutes: endpointCache}}}, nil
}
