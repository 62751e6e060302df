package tablefile

import "testing"

func TestPoliciesThatSayTheSame(t *testing.T) {
	const written = `{"Statement":{"Effect":"allow","Principal":{"AWS":["111122223333"]},"Action":["dynamodb:Query","dynamodb:GetItem"],"Resource":["${table-arn}"],` +
		`"Condition":{"StringEquals":{"aws:PrincipalTag/team":"shop"}}}}`
	for _, c := range []struct {
		other string
		same  bool
	}{
		{written, true},
		{`{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":["dynamodb:GetItem","dynamodb:Query"],` +
			`"Resource":"${table-arn}","Condition":{"StringEquals":{"aws:PrincipalTag/team":["shop"]}}}]}`, true},
		{`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":["dynamodb:GetItem","dynamodb:Query"],` +
			`"Resource":"${table-arn}","Condition":{"StringEquals":{"aws:PrincipalTag/team":["shop"]}}}]}`, false},
		{`{"Statement":{"Effect":"allow","Principal":{"AWS":["111122223334"]},"Action":["dynamodb:Query","dynamodb:GetItem"],"Resource":["${table-arn}"],` +
			`"Condition":{"StringEquals":{"aws:PrincipalTag/team":"shop"}}}}`, false},
		{`{"Statement":[]}`, false},
		{Off, false},
	} {
		if got := samePolicy(written, c.other); got != c.same {
			t.Errorf("the same as %s: %t, want %t", c.other, got, c.same)
		}
	}
	a, b := &Table{Name: "Orders", Policy: written}, &Table{Name: "Orders", Policy: `{"Version":"2008-10-17",` + written[1:]}
	if d := Diff(a, b); len(d) > 0 {
		t.Errorf("differences %v between a policy and its own form", d)
	}
}
