// Package dynamo builds the clients that operations call: from the AWS SDK's configuration chain for the service, or
// on the embedded engine in process. It keeps one set of clients per profile, region, endpoint and state of the shared
// files, renews credentials that the service no longer accepts, and translates the SDK's errors, once, into op.Error.
// Nothing of the chain is touched before the first call that needs it.
package dynamo
