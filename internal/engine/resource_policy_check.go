package engine

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// What can be known of a resource policy without IAM: its size, its form, that it is about this resource, and that it
// does not lock its own account out. Who may do what is not enforced: there is one user here.

// policyStatement is one statement of a policy, its lists as IAM takes them: one text or several.
type policyStatement struct {
	Effect       string
	Principal    json.RawMessage
	NotPrincipal json.RawMessage
	Action       texts
	NotAction    texts
	Resource     texts
	NotResource  texts
	Condition    json.RawMessage
}

// texts is a text or a list of texts.
type texts []string

// UnmarshalJSON reads either form.
func (t *texts) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		*t = make(texts, 1)
		return json.Unmarshal(b, &(*t)[0])
	}
	return json.Unmarshal(b, (*[]string)(t))
}

func errPolicy(why string) error {
	return invalidParameter("Invalid policy document: " + why)
}

// checkPolicy checks a policy for the table or stream that arn names. confirmed allows a policy that keeps its own
// account from changing it.
func checkPolicy(document, arn string, confirmed bool) error {
	if len(document) > maxPolicy {
		return invalidParameter("Resource-based policy document exceeds the maximum size of 20 KB: it has " + strconv.Itoa(len(document)) + " bytes")
	}
	var policy struct {
		Version   string
		Statement json.RawMessage
	}
	if err := json.Unmarshal([]byte(document), &policy); err != nil {
		return errPolicy("This policy contains invalid Json")
	}
	if policy.Version != "" && policy.Version != "2012-10-17" && policy.Version != "2008-10-17" {
		return errPolicy("The policy must contain a valid version string")
	}
	raw := policy.Statement
	if len(raw) > 0 && raw[0] == '{' {
		raw = slices.Concat([]byte("["), raw, []byte("]"))
	}
	var statements []policyStatement
	if err := json.Unmarshal(raw, &statements); err != nil || len(statements) == 0 {
		return errPolicy("The policy must contain a valid Statement")
	}
	for i := range statements {
		if err := statements[i].check(arn); err != nil {
			return err
		}
		if !confirmed && statements[i].locksOut() {
			return errPolicy("The new resource policy will not allow you to change this policy in the future: set ConfirmRemoveSelfResourceAccess to put it nevertheless")
		}
	}
	return nil
}

// streamReads are the actions that a stream's policy can name (developer guide, "API operations supported by
// resource-based policies").
var streamReads = []string{
	"DescribeStream", "GetRecords", "GetShardIterator", "GetResourcePolicy", "PutResourcePolicy", "DeleteResourcePolicy",
}

func (s *policyStatement) check(arn string) error {
	switch {
	case s.Effect != "Allow" && s.Effect != "Deny":
		return errPolicy("Effect must be Allow or Deny")
	case len(s.Principal) == 0 && len(s.NotPrincipal) == 0:
		return errPolicy("Missing required field Principal")
	case len(s.Action) == 0 && len(s.NotAction) == 0:
		return errPolicy("Missing required field Action")
	case len(s.Resource) == 0 && len(s.NotResource) == 0:
		return errPolicy("Missing required field Resource")
	}
	var bad []string
	for _, a := range slices.Concat(s.Action, s.NotAction) {
		service, name, _ := strings.Cut(a, ":")
		known := a == "*" || strings.EqualFold(service, "dynamodb") && name != ""
		if known && strings.Contains(arn, "/stream/") && !strings.ContainsAny(name, "*?") && a != "*" {
			known = slices.Contains(streamReads, name)
		}
		if !known {
			bad = append(bad, strconv.Quote(a))
		}
	}
	if bad != nil {
		return errPolicy("The following action names are invalid: " + strings.Join(bad, ", "))
	}
	for _, r := range slices.Concat(s.Resource, s.NotResource) {
		if r != "*" && !strings.HasPrefix(r, arn) && !wildMatch(r, arn) {
			return errPolicy("The Resource of the policy must be the resource it is attached to or below it: " + r)
		}
	}
	return nil
}

// locksOut reports whether a statement keeps everybody, the account's own root included, from putting another policy.
func (s *policyStatement) locksOut() bool {
	if s.Effect != "Deny" || len(s.Condition) > 0 || !strings.Contains(string(s.Principal), `"*"`) &&
		!strings.Contains(string(s.Principal), `:iam::`+catalog.Account+`:root"`) && !strings.Contains(string(s.Principal), `"`+catalog.Account+`"`) {
		return false
	}
	return slices.ContainsFunc(s.Action, func(a string) bool { return a == "*" || wildMatch(a, "dynamodb:PutResourcePolicy") })
}

// wildMatch matches text with a pattern in which * is any text and ? any character, as IAM does. It goes back to the
// latest * only, so that no pattern takes long.
func wildMatch(pattern, text string) bool {
	star, from := -1, 0
	i, j := 0, 0
	for j < len(text) {
		switch {
		case i < len(pattern) && pattern[i] == '*':
			star, from = i, j
			i++
		case i < len(pattern) && (pattern[i] == '?' || pattern[i] == text[j]):
			i, j = i+1, j+1
		case star >= 0:
			from++
			i, j = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(pattern[i:], "*") == ""
}
