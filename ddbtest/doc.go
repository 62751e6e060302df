// Package ddbtest gives Go tests a DynamoDB of their own: an engine in memory, started in well under a millisecond, and the
// AWS SDK's own client to it. There is no port, no container and no network, nothing to install and nothing to clean up.
//
//	func TestOrders(t *testing.T) {
//		client := ddbtest.New(t, ddbtest.Table(&dynamodb.CreateTableInput{ … }))
//		store := orders.NewStore(client)
//		…
//	}
//
// Every New is another DynamoDB, so tests may run in parallel and use the same table names. The engine is the one of
// `ddb local`: it answers all operations of DynamoDB and DynamoDB Streams as the service does, word for word, including the
// errors.
//
// Four ways in:
//
//   - New(t) gives a *dynamodb.Client and ends with the test. It is what most tests need.
//   - Start(t) gives a *DB that ends with the test: for several clients, for streams, for a clock to be set.
//   - Open gives a *DB to be closed by its owner: for TestMain, examples and demonstrations.
//   - Handler gives an http.Handler that lasts as long as the program, for whatever wants an endpoint:
//     httptest.NewServer(ddbtest.Handler()). One that ends with its test is httptest.NewServer(ddbtest.Start(t)).
//
// Options set the region and the clock, seed tables, let tables take their time to become ACTIVE, and produce failures that
// an honest engine cannot: throttling, expired credentials, slow answers and connections cut before or after the call was
// carried out.
package ddbtest
