// Package wire turns the AWS SDK's Go values into the JSON that DynamoDB itself speaks, and back, by one walk over
// their types. Outputs become wire JSON: no ResultMetadata, attribute values as DynamoDB JSON, times RFC 3339 with Z,
// binary as base64, absent values left out unless a caller lists them as explicit nulls. Inputs are read from wire
// JSON, strictly or with the tolerance that programs driven by language models need. Nobody writes the shape of an
// operation by hand, so a new member of the SDK appears everywhere on the day it is pinned.
package wire
