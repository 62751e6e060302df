// Package iam writes the least IAM policy under which a set of operations works: the actions they declare, on the resources
// each action is checked against. Which those are is from the Service Authorization Reference, "Actions, resources, and
// condition keys for Amazon DynamoDB", and the same pages of the other services.
package iam
