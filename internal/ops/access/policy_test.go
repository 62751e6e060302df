package access

import (
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/optest"
)

const policy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},` +
	`"Action":"dynamodb:GetItem","Resource":"arn:aws:dynamodb:us-west-2:000000000000:table/Orders"}]}`

// orders is an environment with a table, and the table's ARN.
func orders(t *testing.T) (env *op.Env, arn string) {
	t.Helper()
	env = optest.Env(t)
	return env, optest.Table(t, env, "Orders", "pk:S")
}

// A policy goes in as an object or as its text, for a table by name or by ARN, and comes out as text.
func TestPolicy(t *testing.T) {
	env, arn := orders(t)
	byName := optest.Call(t, env, PutPolicy, `{"resource_arn":"Orders","policy":`+policy+`}`)
	if byName["RevisionId"] == nil {
		t.Errorf("put: %s", optest.JSON(t, byName))
	}
	got := optest.Call(t, env, GetPolicy, `{"resource_arn":"`+arn+`"}`)
	if text, _ := got["Policy"].(string); !strings.Contains(text, "111122223333") || got["RevisionId"] != byName["RevisionId"] {
		t.Errorf("get: %s", optest.JSON(t, got))
	}
	asText := optest.JSON(t, strings.ReplaceAll(policy, "111122223333", "444455556666"))
	optest.Call(t, env, PutPolicy, `{"resource_arn":"`+arn+`","policy":`+asText+`}`)
	got = optest.Call(t, env, GetPolicy, `{"resource_arn":"Orders"}`)
	if text, _ := got["Policy"].(string); !strings.Contains(text, "444455556666") {
		t.Errorf("get: %s", optest.JSON(t, got))
	}
	optest.Call(t, env, DeletePolicy, `{"resource_arn":"Orders"}`)
	if e := optest.Fail(t, env, GetPolicy, `{"resource_arn":"Orders"}`); e.Code != "PolicyNotFoundException" || e.Hint == "" {
		t.Errorf("after delete: %#v", e)
	}
}

func TestPolicyOfAMissingTable(t *testing.T) {
	env, _ := orders(t)
	e := optest.Fail(t, env, GetPolicy, `{"resource_arn":"Ordres"}`)
	if e.Code != "ResourceNotFoundException" || e.Hint != `did you mean "Orders"?` {
		t.Errorf("error %#v", e)
	}
	e = optest.Fail(t, env, PutPolicy, `{"resource_arn":"Orders","policy":[1]}`)
	if e.Code != op.CodeInvalidArgument || !strings.Contains(e.Message, "policy") {
		t.Errorf("a policy that is a list: %#v", e)
	}
}
