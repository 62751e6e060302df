package cmd

import (
	"slices"
	"testing"
)

// The service refuses new policies that allow everyone; those it took before are found.
func TestDoctorFindsOpenPolicies(t *testing.T) {
	for policy, want := range map[string][]string{
		`{"Statement":{"Effect":"Allow","Principal":"*","Action":["dynamodb:GetItem"],"Resource":"*"}}`:                               {"dynamodb:GetItem"},
		`{"Statement":[{"Effect":"Allow","Principal":{"AWS":["1","*"]},"Action":"dynamodb:*","Resource":"*"}]}`:                       {"dynamodb:*"},
		`{"Statement":[{"Effect":"Deny","Principal":"*","Action":"dynamodb:*","Resource":"*"}]}`:                                      nil,
		`{"Statement":[{"Effect":"Allow","Principal":"*","Action":"dynamodb:*","Resource":"*","Condition":{"Bool":{"aws:x":true}}}]}`: nil,
	} {
		if got := openStatements(policy); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", policy, got, want)
		}
	}
}
