package engine

import (
	"strconv"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// maxPolicy is the size of a resource policy in bytes, spaces included (API reference, PutResourcePolicy).
const maxPolicy = 20 * 1024

// noPolicy as ExpectedRevisionId asks that there be no policy yet.
const noPolicy = "NO_POLICY"

// streamPolicy is the setting that holds the policy of a table's stream.
const streamPolicy = "stream-policy"

var policyActions = map[string]action{
	"PutResourcePolicy":    handle(putResourcePolicy),
	"GetResourcePolicy":    handle(getResourcePolicy),
	"DeleteResourcePolicy": handle(deleteResourcePolicy),
}

type putPolicyInput struct {
	ResourceArn                     string `wire:"ResourceArn,required,min=1,max=1283"`
	Policy                          string `wire:"Policy,required"`
	ExpectedRevisionID              string `wire:"ExpectedRevisionId,min=1,max=255"`
	ConfirmRemoveSelfResourceAccess bool   `wire:"ConfirmRemoveSelfResourceAccess"`
}

type policyInput struct {
	ResourceArn        string `wire:"ResourceArn,required,min=1,max=1283"`
	ExpectedRevisionID string `wire:"ExpectedRevisionId,min=1,max=255"`
}

type policyOutput struct {
	Policy     string `wire:"Policy"`
	RevisionID string `wire:"RevisionId"`
}

func errNoPolicy(arn string) error {
	return &apiError{Type: "PolicyNotFoundException", Message: "Resource-based policy not found for the provided ResourceArn: " + arn}
}

// policyOf is the policy of the resource an ARN names: the table, or one of its streams.
func policyOf(t *catalog.Table, p arnParts) (*catalog.Policy, error) {
	if p.rest == "" {
		return t.Policy, nil
	}
	var policy catalog.Policy
	ok, err := t.Setting(streamPolicy+"/"+p.rest, &policy)
	if err != nil || !ok {
		return nil, err
	}
	return &policy, nil
}

func setPolicy(t *catalog.Table, p arnParts, policy *catalog.Policy) error {
	if p.rest == "" {
		t.Policy = policy
		return nil
	}
	if policy == nil {
		return t.SetSetting(streamPolicy+"/"+p.rest, nil)
	}
	return t.SetSetting(streamPolicy+"/"+p.rest, policy)
}

// policyResource finds what carries the policy: a table or its latest stream. An index has none of its own.
func (c *call) policyResource(arn string) (*catalog.Table, arnParts, error) {
	p, err := checkARN(arn)
	if err != nil {
		return nil, p, err
	}
	if p.region != c.region {
		return nil, p, invalidParameter("Invalid resource Arn: " + arn)
	}
	t, _, err := c.known(p.table)
	if err != nil {
		return nil, p, err
	}
	if p.rest != "" && t.StreamARN() != t.ARN()+"/"+p.rest {
		label := strings.TrimPrefix(p.rest, "stream/")
		return nil, p, &apiError{Type: "ResourceNotFoundException", Message: "Requested resource not found: Stream: " + label + " not found for Table: " + t.Name}
	}
	return t, p, nil
}

func putResourcePolicy(c *call, in *putPolicyInput) (*policyOutput, error) {
	t, p, err := c.policyResource(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	if err := checkPolicy(in.Policy, in.ResourceArn, in.ConfirmRemoveSelfResourceAccess); err != nil {
		return nil, err
	}
	out := &policyOutput{}
	_, err = c.e.catalog.Update(t.Ref, func(t *catalog.Table) error {
		if err := settled(t); err != nil {
			return err
		}
		have, err := policyOf(t, p)
		if err != nil {
			return err
		}
		if err := expectRevision(in.ExpectedRevisionID, have, in.ResourceArn); err != nil {
			return err
		}
		policy := &catalog.Policy{Document: in.Policy, Revision: nextRevision(c.now, have)}
		if have != nil && have.Document == in.Policy {
			policy = have // the same document keeps its revision (API reference)
		}
		out.RevisionID = policy.Revision
		return setPolicy(t, p, policy)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// expectRevision compares the revision a caller expects with the one there is.
func expectRevision(expected string, have *catalog.Policy, arn string) error {
	switch {
	case expected == "", expected == noPolicy && have == nil:
		return nil
	case have == nil || have.Revision != expected:
		return errNoPolicy(arn)
	}
	return nil
}

// nextRevision is a time in milliseconds, as the service's revisions are, and later than the one before.
func nextRevision(now time.Time, have *catalog.Policy) string {
	n := now.UnixMilli()
	if have != nil {
		if last, err := strconv.ParseInt(have.Revision, 10, 64); err == nil && last >= n {
			n = last + 1
		}
	}
	return strconv.FormatInt(n, 10)
}

func getResourcePolicy(c *call, in *policyInput) (*policyOutput, error) {
	t, p, err := c.policyResource(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	policy, err := policyOf(t, p)
	if err != nil {
		return nil, err
	}
	if policy == nil {
		return nil, errNoPolicy(in.ResourceArn)
	}
	return &policyOutput{Policy: policy.Document, RevisionID: policy.Revision}, nil
}

// deleteResourcePolicy answers the revision of the policy it removed. Without an expected revision it may be called
// again with no error (API reference, DeleteResourcePolicy).
func deleteResourcePolicy(c *call, in *policyInput) (*policyOutput, error) {
	t, p, err := c.policyResource(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	out := &policyOutput{}
	_, err = c.e.catalog.Update(t.Ref, func(t *catalog.Table) error {
		if err := settled(t); err != nil {
			return err
		}
		have, err := policyOf(t, p)
		if err != nil {
			return err
		}
		if in.ExpectedRevisionID != "" && (have == nil || have.Revision != in.ExpectedRevisionID) {
			return errNoPolicy(in.ResourceArn)
		}
		if have != nil {
			out.RevisionID = have.Revision
		}
		return setPolicy(t, p, nil)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}
