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

// policyOf is the policy of the resource an ARN names: the table, or one of its streams. One without a document has been deleted, and tells when; for
// as long as the next change has to wait on the service, it is told of (DDB-TABLE-205, 246).
func (c *call) policyOf(t *catalog.Table, p arnParts) (*catalog.Policy, error) {
	policy := t.Policy
	if p.rest != "" {
		policy = &catalog.Policy{}
		ok, err := t.Setting(streamPolicy+"/"+p.rest, policy)
		if err != nil || !ok {
			return nil, err
		}
	}
	if policy != nil && policy.Document == "" && !c.now.Before(policyChanged(policy).Add(policyInterval)) {
		return nil, nil
	}
	return policy, nil
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
	switch {
	case !p.of(c.region):
		return nil, p, invalidParameter("Invalid resource Arn: " + arn)
	case c.foreign(p.account):
		return nil, p, c.errForeign(arn)
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
	check := checkLastingPolicy
	if in.ConfirmRemoveSelfResourceAccess {
		check = checkPolicy
	}
	if err := check(in.Policy, in.ResourceArn); err != nil {
		return nil, err
	}
	document, err := canonicalPolicy(in.Policy)
	if err != nil {
		return nil, err
	}
	out := &policyOutput{}
	return out, c.changePolicy(t, p, in.ExpectedRevisionID, func(t *catalog.Table, have *catalog.Policy) error {
		if have != nil && have.Document == document { // the same policy keeps its revision (API reference)
			out.RevisionID = have.Revision
			return nil
		}
		if err := c.mayChangePolicy(t, p, have); err != nil {
			return err
		}
		policy := c.nextPolicy(document, have)
		out.RevisionID = policy.Revision
		return setPolicy(t, p, policy)
	})
}

// changePolicy calls f with the policy there is, nil for none, in a change of the table, unless the caller expects another revision.
func (c *call) changePolicy(t *catalog.Table, p arnParts, expected string, f func(t *catalog.Table, have *catalog.Policy) error) error {
	_, err := c.e.catalog.Update(t.Ref, func(t *catalog.Table) error {
		have, err := c.policyOf(t, p)
		if err != nil {
			return err
		}
		if err := expectRevision(expected, have, t.Name); err != nil {
			return err
		}
		return f(t, have)
	})
	return err
}

// Under a realistic life cycle a change of a policy is pending for a moment, and the next one is refused for some time (DDB-TABLE-206, 348).
const (
	policyPending  = 2 * time.Second
	policyInterval = 15 * time.Second
)

// nextPolicy is the policy that follows have, nil for none; an empty document is a deletion.
func (c *call) nextPolicy(document string, have *catalog.Policy) *catalog.Policy {
	next := &catalog.Policy{Document: document, Revision: nextRevision(c.now, have)}
	if c.e.realistic() {
		next.Before = &catalog.Policy{}
		if have != nil {
			next.Before.Document, next.Before.Revision = have.Document, have.Revision
		}
	}
	return next
}

// policyChanged is when a policy was changed or deleted last, which its revision tells.
func policyChanged(have *catalog.Policy) time.Time {
	if have == nil {
		return time.Time{}
	}
	ms, err := strconv.ParseInt(have.Revision, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// pendingPolicy reports whether a change of the table's policy is not through yet.
func (c *call) pendingPolicy(t *catalog.Table) bool {
	return c.e.realistic() && c.now.Before(policyChanged(t.Policy).Add(policyPending))
}

// mayChangePolicy refuses a change while the table comes or goes, and so soon after the last one.
func (c *call) mayChangePolicy(t *catalog.Table, p arnParts, have *catalog.Policy) error {
	if err := settled(t); err != nil || !c.e.realistic() {
		return err
	}
	kind, name := "Table", t.Name
	if p.rest != "" {
		kind, name = "Stream", strings.TrimPrefix(p.rest, "stream/")
	}
	at := policyChanged(have)
	switch {
	case c.now.Before(at.Add(policyPending)):
		return errInUse(stillInUse + kind + " is pending previous resource-based policy update: " + name)
	case c.now.Before(at.Add(policyInterval)):
		return &apiError{Type: "ThrottlingException", Message: "Resource-based policy for " + strings.ToLower(kind) + " " + name + " modified within the previous " +
			strconv.FormatInt(policyInterval.Milliseconds(), 10) + " milliseconds. Please try again after " + at.Add(policyInterval).Format(stamp) + "."}
	}
	return nil
}

// expectRevision compares the revision a caller expects with the one there is.
func expectRevision(expected string, have *catalog.Policy, table string) error {
	const begin = "Resource-based policy not found for the provided ResourceArn: Requested "
	refuse := func(words string) error { return &apiError{Type: "PolicyNotFoundException", Message: begin + words} }
	there := have != nil && have.Document != ""
	switch {
	case expected == "", expected == noPolicy && !there:
		return nil
	case expected == noPolicy:
		return refuse("policy update expecting none to be present for table " + table + ", but a policy exists with revision id " + have.Revision + ".")
	case have == nil:
		return refuse("update for policy with revision id " + expected + ", but table " + table + " has no associated policy.")
	case have.Revision != expected || !there:
		return refuse("update for policy with revision id " + expected + ", but the policy associated to target table " + table + " has revision id " + have.Revision + ".")
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
	policy, err := c.policyOf(t, p)
	if err != nil {
		return nil, err
	}
	if policy != nil && policy.Before != nil && c.now.Before(policyChanged(policy).Add(policyPending)) {
		policy = policy.Before // GetResourcePolicy is eventually consistent (API reference)
	}
	if policy == nil || policy.Document == "" {
		return nil, errNoPolicy(in.ResourceArn)
	}
	return &policyOutput{Policy: shownPolicy(policy.Document), RevisionID: policy.Revision}, nil
}

// deleteResourcePolicy answers the revision of the policy it removed. Without an expected revision it may be called again with no error (API
// reference, DeleteResourcePolicy), and answers the revision of the deletion then.
func deleteResourcePolicy(c *call, in *policyInput) (*policyOutput, error) {
	t, p, err := c.policyResource(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	out := &policyOutput{}
	return out, c.changePolicy(t, p, in.ExpectedRevisionID, func(t *catalog.Table, have *catalog.Policy) error {
		if have != nil {
			out.RevisionID = have.Revision
		}
		if have == nil || have.Document == "" {
			return nil
		}
		if err := c.mayChangePolicy(t, p, have); err != nil {
			return err
		}
		return setPolicy(t, p, c.nextPolicy("", have))
	})
}
