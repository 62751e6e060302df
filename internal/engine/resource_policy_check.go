package engine

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// What can be known of a resource policy without IAM: its size, its form, that it is about this resource, and that it
// does not lock its own account out. Who may do what is not enforced: there is one user here.

// policyStatement is one statement of a policy, its lists as IAM takes them: one text or several.
type policyStatement struct {
	Sid          string
	Effect       string
	Principal    principals
	NotPrincipal principals
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

// checkLastingPolicy is checkPolicy, and refuses a policy that keeps its own account from changing it.
func checkLastingPolicy(document, arn string) error {
	statements, err := policyOf(document, arn)
	if err == nil && slices.ContainsFunc(statements, func(s policyStatement) bool { return s.locksOut() }) {
		return &apiError{Type: "AccessDeniedException", Message: "The new resource policy will not allow you to update the resource policy in the future."}
	}
	return err
}

// checkPolicy checks a policy for the table or stream that arn names.
func checkPolicy(document, arn string) error {
	_, err := policyOf(document, arn)
	return err
}

// policyOf reads and checks a policy.
func policyOf(document, arn string) ([]policyStatement, error) {
	if len(document) > maxPolicy {
		return nil, invalidParameter("Maximum policy size of " + strconv.Itoa(maxPolicy) + " bytes exceeded")
	}
	if strings.TrimSpace(document) == "null" {
		return nil, errPolicy("This text appears not to be a policy")
	}
	var policy struct {
		Version   string
		Statement json.RawMessage
	}
	if err := json.Unmarshal([]byte(document), &policy); err != nil {
		return nil, errPolicy("This policy contains invalid Json")
	}
	if policy.Version != "" && policy.Version != "2012-10-17" && policy.Version != "2008-10-17" {
		return nil, errPolicy("The policy must contain a valid version string")
	}
	if len(policy.Statement) == 0 {
		return nil, errSyntax(document, len(document))
	}
	statements, err := statementsOf(policy.Statement)
	switch {
	case err != nil:
		return nil, errSyntax(document, strings.Index(document, string(policy.Statement)))
	case len(statements) == 0:
		return nil, errPolicy("Could not parse the policy: Statement is empty!")
	}
	sids := map[string]bool{}
	for i := range statements {
		s := &statements[i]
		if err := s.check(document, arn); err != nil {
			return nil, err
		}
		if s.Sid != "" && sids[s.Sid] {
			return nil, errPolicy("The Statement Ids in the policy are not unique")
		}
		sids[s.Sid] = true
	}
	for i := range statements {
		if statements[i].public() {
			return nil, validation("Resource-based policy grants unbounded access in one or more elements. Please revise the policy to ensure least-privilege form of access")
		}
	}
	return statements, nil
}

// errSyntax tells the line and column of what is wrong, from one; behind the text it is the column after the last.
func errSyntax(document string, at int) error {
	before := document[:max(at, 0)]
	line := 1 + strings.Count(before, "\n")
	column := 1 + len(before) - (strings.LastIndex(before, "\n") + 1)
	return errPolicy("Syntax error at position (" + strconv.Itoa(line) + "," + strconv.Itoa(column) + ")")
}

func (s *policyStatement) check(document, arn string) error {
	switch {
	case s.Effect == "":
		return errPolicy("Missing required field Effect")
	case !strings.EqualFold(s.Effect, "Allow") && !strings.EqualFold(s.Effect, "Deny"):
		return errSyntax(document, strings.Index(document, strconv.Quote(s.Effect)))
	case !s.Principal.given() && !s.NotPrincipal.given():
		return errPolicy("Missing required field Principal")
	case s.Principal.wrong != "":
		return errSyntax(document, strings.Index(document, strconv.Quote(s.Principal.wrong)))
	case len(s.Action) == 0 && len(s.NotAction) == 0:
		return errPolicy("Missing required field Action")
	case len(s.Resource) == 0 && len(s.NotResource) == 0:
		return errPolicy("Missing required field Resource")
	}
	s.Effect = strings.ToUpper(s.Effect[:1]) + strings.ToLower(s.Effect[1:])
	for _, name := range slices.Concat(s.Principal.kinds["AWS"], s.NotPrincipal.kinds["AWS"]) {
		if !principalName.MatchString(name) {
			return invalidParameter("Invalid principal in policy document.")
		}
	}
	if err := s.checkServices(); err != nil {
		return err
	}
	if err := s.checkActions(arn); err != nil {
		return err
	}
	for _, r := range slices.Concat(s.Resource, s.NotResource) { // it need not be the resource the policy is put on
		_, relative, isStream := strings.Cut(r, ":table/")
		switch {
		case r != "*" && !strings.HasPrefix(r, "arn:"):
			return errPolicy("Resource " + r + " must be in ARN format or \"*\".")
		case isStream && strings.Contains(relative, "/stream/") && !strings.Contains(arn, "/stream/"):
			return errPolicy("The relative-id \"table/" + relative + "\" is invalid for ARN \"" + r + "\"")
		}
	}
	return nil
}

// principalName is the form of who a statement can name: everybody, an account, an ARN of IAM or STS, or the id of a user or role.
var principalName = regexp.MustCompile(`^(\*|\d{12}|arn:aws[a-z-]*:(iam|sts)::\d{12}:.+|[A-Z0-9]{16,128})$`)

// locksOut reports whether a statement keeps everybody, the account's own root included, from putting another policy.
func (s *policyStatement) locksOut() bool {
	own := func(name string) bool { return rootARN(name) == "arn:aws:iam::"+catalog.Account+":root" }
	if s.Effect != "Deny" || len(s.Condition) > 0 || !s.Principal.everybody() && !slices.ContainsFunc(s.Principal.kinds["AWS"], own) {
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
