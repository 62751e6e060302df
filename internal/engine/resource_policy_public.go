package engine

import (
	"bytes"
	"encoding/json"
	"strings"
)

// trustedKeys are the condition keys that keep a policy for everybody from being public when they are held to fixed values (Developer Guide, "Blocking
// public access with resource-based policies in DynamoDB"). IAM writes names of keys in any case.
var trustedKeys = map[string]bool{
	"aws:principalaccount": true, "aws:principalarn": true, "aws:principalorgid": true, "aws:principalorgpaths": true, "aws:sourceaccount": true,
	"aws:sourcearn": true, "aws:sourcevpc": true, "aws:sourcevpce": true, "aws:userid": true, "aws:principalservicename": true,
	"aws:principalservicenameslist": true, "aws:principalisawsservice": true, "aws:ec2instancesourcevpc": true, "aws:sourceorgid": true,
	"aws:sourceorgpaths": true,
}

// restricting are the operators that let only named values pass. One that negates, or that also holds where the key is absent, lets others pass.
var restricting = map[string]bool{
	"stringequals": true, "stringequalsignorecase": true, "stringlike": true, "arnequals": true, "arnlike": true, "bool": true,
}

// public reports whether a statement lets everybody in.
func (s *policyStatement) public() bool {
	if s.Effect != "Allow" || !s.Principal.everybody() {
		return false
	}
	var condition map[string]map[string]json.RawMessage
	if len(s.Condition) == 0 || json.Unmarshal(s.Condition, &condition) != nil {
		return len(s.Condition) == 0
	}
	for operator, keys := range condition {
		if !restricting[strings.TrimPrefix(strings.ToLower(operator), "foranyvalue:")] {
			continue
		}
		for key, values := range keys {
			if key = strings.ToLower(key); trustedKeys[key] && fixed(key, values) {
				return false
			}
		}
	}
	return true
}

// fixed reports whether the values of a condition key have neither wildcards nor variables; that an AWS service asks must be true.
func fixed(key string, raw json.RawMessage) bool {
	if key == "aws:principalisawsservice" {
		return strings.EqualFold(strings.Trim(string(bytes.TrimSpace(raw)), `[" ]`), "true")
	}
	var values []string
	if json.Unmarshal(raw, &values) != nil {
		var one string
		if json.Unmarshal(raw, &one) != nil {
			return false
		}
		values = []string{one}
	}
	for _, v := range values {
		if strings.ContainsAny(v, "*?") || strings.Contains(v, "${") {
			return false
		}
	}
	return len(values) > 0
}
