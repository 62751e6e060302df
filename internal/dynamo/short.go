package dynamo

import (
	"context"
	"io"
	"net/http"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/schemas"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/ddb-cli/ddb/internal/op"
)

// short is the SDK's client on the embedded engine, with a shorter way for the calls of single items and pages: the SDK's own encoder
// and decoder, and none of the forty middlewares between them, which find an endpoint, sign, time and retry, and are built anew for each call. In
// process they have nothing to do, and took a third of the time of a read.
//
// What the engine answers with anything but 200 goes the long way: the SDK is given that very answer as the one of its first attempt, so
// its errors and its retries are the same.
type short struct {
	*dynamodb.Client
	protocol smithyhttp.ClientProtocol
	retryer  aws.RetryerV2
	engine   aws.HTTPClient
}

// shorten gives the client its shorter way, where it can have one.
func shorten(c op.DynamoDBAPI, engine aws.HTTPClient) op.DynamoDBAPI {
	client, ok := c.(*dynamodb.Client)
	if !ok {
		return c
	}
	o := client.Options()
	retryer, ok := o.Retryer.(aws.RetryerV2)
	if !ok || o.Protocol == nil {
		return c
	}
	return &short{client, o.Protocol, retryer, engine}
}

// The calls that have the shorter way.
var (
	shortGet    = smithy.NewOperationSchema(schemas.GetItem, schemas.GetItemInput, schemas.GetItemOutput)
	shortPut    = smithy.NewOperationSchema(schemas.PutItem, schemas.PutItemInput, schemas.PutItemOutput)
	shortUpdate = smithy.NewOperationSchema(schemas.UpdateItem, schemas.UpdateItemInput, schemas.UpdateItemOutput)
	shortDelete = smithy.NewOperationSchema(schemas.DeleteItem, schemas.DeleteItemInput, schemas.DeleteItemOutput)
	shortQuery  = smithy.NewOperationSchema(schemas.Query, schemas.QueryInput, schemas.QueryOutput)
	shortScan   = smithy.NewOperationSchema(schemas.Scan, schemas.ScanInput, schemas.ScanOutput)
)

// GetItem calls GetItem. What the SDK would refuse before it sends anything is left to it, here and below.
func (c *short) GetItem(ctx context.Context, in *dynamodb.GetItemInput, opts ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	if in == nil || in.TableName == nil || in.Key == nil || len(opts) > 0 {
		return c.Client.GetItem(ctx, in, opts...)
	}
	return call(ctx, c, shortGet, in, new(dynamodb.GetItemOutput), c.Client.GetItem)
}

// PutItem is as GetItem above.
func (c *short) PutItem(ctx context.Context, in *dynamodb.PutItemInput, opts ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	if in == nil || in.TableName == nil || in.Item == nil || len(opts) > 0 {
		return c.Client.PutItem(ctx, in, opts...)
	}
	return call(ctx, c, shortPut, in, new(dynamodb.PutItemOutput), c.Client.PutItem)
}

// UpdateItem is as GetItem above.
func (c *short) UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput, opts ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	if in == nil || in.TableName == nil || in.Key == nil || len(opts) > 0 {
		return c.Client.UpdateItem(ctx, in, opts...)
	}
	return call(ctx, c, shortUpdate, in, new(dynamodb.UpdateItemOutput), c.Client.UpdateItem)
}

// DeleteItem is as GetItem above.
func (c *short) DeleteItem(ctx context.Context, in *dynamodb.DeleteItemInput, opts ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput, error) {
	if in == nil || in.TableName == nil || in.Key == nil || len(opts) > 0 {
		return c.Client.DeleteItem(ctx, in, opts...)
	}
	return call(ctx, c, shortDelete, in, new(dynamodb.DeleteItemOutput), c.Client.DeleteItem)
}

// Query is as GetItem above; legacy conditions go through the SDK.
func (c *short) Query(ctx context.Context, in *dynamodb.QueryInput, opts ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
	if in == nil || in.TableName == nil || in.KeyConditions != nil || in.QueryFilter != nil || len(opts) > 0 {
		return c.Client.Query(ctx, in, opts...)
	}
	return call(ctx, c, shortQuery, in, new(dynamodb.QueryOutput), c.Client.Query)
}

// Scan is as GetItem above; legacy conditions go through the SDK.
func (c *short) Scan(ctx context.Context, in *dynamodb.ScanInput, opts ...func(*dynamodb.Options)) (*dynamodb.ScanOutput, error) {
	if in == nil || in.TableName == nil || in.ScanFilter != nil || len(opts) > 0 {
		return c.Client.Scan(ctx, in, opts...)
	}
	return call(ctx, c, shortScan, in, new(dynamodb.ScanOutput), c.Client.Scan)
}

// call sends one request to the engine and decodes its answer into out; where that is no success, long has it as its first attempt.
func call[In smithy.Serializable, Out smithy.Deserializable](
	ctx context.Context, c *short, operation *smithy.OperationSchema, in In, out Out, long func(context.Context, In, ...func(*dynamodb.Options)) (Out, error),
) (Out, error) {
	request, err := c.request(ctx, operation, in)
	if err != nil {
		return long(ctx, in)
	}
	answer, err := c.engine.Do(request)
	if err != nil || answer.StatusCode != http.StatusOK {
		return long(context.WithValue(ctx, attemptKey{}, &attempt{answer: answer, err: err}), in)
	}
	defer func() { _ = answer.Body.Close() }()
	if err := c.protocol.DeserializeResponse(ctx, operation, dynamodb.TypeRegistry, &smithyhttp.Response{Response: answer}, out); err != nil {
		var none Out
		return none, &smithy.OperationError{ServiceID: dynamodb.ServiceID, OperationName: operation.ID().Name, Err: err}
	}
	// A success earns the next retries, as the SDK's own middleware accounts for it.
	if release, err := c.retryer.GetAttemptToken(ctx); err == nil {
		_ = release(nil)
	}
	return out, nil
}

var engineURL = url.URL{Scheme: "http", Host: "ddb.local", Path: "/"}

// request is what the SDK would send, without what only a network wants.
func (c *short) request(ctx context.Context, operation *smithy.OperationSchema, in smithy.Serializable) (*http.Request, error) {
	made, _ := smithyhttp.NewStackRequest().(*smithyhttp.Request)
	made.URL.Path = engineURL.Path
	if err := c.protocol.SerializeRequest(ctx, operation, in, made); err != nil {
		return nil, err
	}
	request := made.Request.WithContext(ctx)
	*request.URL = engineURL
	request.Host = engineURL.Host
	request.Body = io.NopCloser(made.GetStream())
	if size, known, err := made.StreamLength(); err == nil && known {
		request.ContentLength = size
	}
	return request, nil
}

// attempt is an answer that was there before the SDK was asked.
type attempt struct {
	answer *http.Response
	err    error
	taken  bool
}

type attemptKey struct{}

// earlier gives the answer of the first attempt, once. The SDK's attempts come one after the other.
func earlier(ctx context.Context) (*attempt, bool) {
	first, ok := ctx.Value(attemptKey{}).(*attempt)
	if !ok || first.taken {
		return nil, false
	}
	first.taken = true
	return first, true
}
