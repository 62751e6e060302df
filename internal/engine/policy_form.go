package engine

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// A policy reads back in one form, however it was written (aws-controllers-k8s/dynamodb-controller, docs/api-quirks: DDB-TABLE-207, 208 and 351 to
// 355): no white space, members in a fixed order, lists of one as text, accounts as the ARN of their root, and a version. Two documents with the
// same form are the same policy.

// defaultVersion is how a policy without a version reads back: `{"Version":"2008-10-17",`. With the version written out it is another policy, which gets a
// revision of its own (DDB-TABLE-354), so it is not part of the form that is kept.
const defaultVersion = `{"Version":"2008-10-17",`

// shownPolicy is the policy as it reads back.
func shownPolicy(kept string) string {
	if strings.HasPrefix(kept, `{"Version":`) {
		return kept
	}
	return defaultVersion + strings.TrimPrefix(kept, "{")
}

// canonicalPolicy is the form of a policy that has been checked.
func canonicalPolicy(document string) (string, error) {
	var in struct {
		Version   string          `json:",omitempty"`
		ID        string          `json:"Id,omitempty"`
		Statement json.RawMessage `json:",omitempty"`
	}
	if err := json.Unmarshal([]byte(document), &in); err != nil {
		return "", err
	}
	statements, err := statementsOf(in.Statement)
	if err != nil {
		return "", err
	}
	forms := make([]statementForm, len(statements))
	for i, s := range statements {
		forms[i] = s.form()
	}
	if in.Statement, err = plainJSON(forms); err != nil {
		return "", err
	}
	out, err := plainJSON(in)
	return string(out), err
}

// statementsOf reads the statements of a policy: a list, or one that stands alone.
func statementsOf(raw json.RawMessage) ([]policyStatement, error) {
	if len(raw) > 0 && raw[0] == '{' {
		raw = slices.Concat([]byte("["), raw, []byte("]"))
	}
	var list []policyStatement
	err := json.Unmarshal(raw, &list)
	return list, err
}

// plainJSON is JSON without the escapes of HTML.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// statementForm has the members of a statement in the order they read back in.
type statementForm struct {
	Sid          string          `json:",omitempty"`
	Effect       string          `json:",omitempty"`
	Principal    any             `json:",omitempty"`
	NotPrincipal any             `json:",omitempty"`
	Action       any             `json:",omitempty"`
	NotAction    any             `json:",omitempty"`
	Resource     any             `json:",omitempty"`
	NotResource  any             `json:",omitempty"`
	Condition    json.RawMessage `json:",omitempty"`
}

func (s *policyStatement) form() statementForm {
	f := statementForm{
		Sid: s.Sid, Effect: s.Effect, Principal: s.Principal.form(), NotPrincipal: s.NotPrincipal.form(),
		Action: s.Action.form(), NotAction: s.NotAction.form(), Resource: s.Resource.form(), NotResource: s.NotResource.form(),
	}
	if len(s.Effect) > 0 {
		f.Effect = strings.ToUpper(s.Effect[:1]) + strings.ToLower(s.Effect[1:])
	}
	if len(s.Condition) > 0 {
		var compact bytes.Buffer
		if json.Compact(&compact, s.Condition) == nil {
			f.Condition = compact.Bytes()
		}
	}
	return f
}

// form is a list of one as text.
func (t texts) form() any {
	switch len(t) {
	case 0:
		return nil
	case 1:
		return t[0]
	}
	return []string(t)
}

// principals is who a statement is about: everybody, or names by kind (AWS, Service, …).
type principals struct {
	all   bool
	wrong string // a text that is not *
	kinds map[string]texts
}

// UnmarshalJSON reads either form.
func (p *principals) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		var name string
		if err := json.Unmarshal(b, &name); err != nil {
			return err
		}
		if p.all = name == "*"; !p.all {
			p.wrong = name
		}
		return nil
	}
	return json.Unmarshal(b, &p.kinds)
}

func (p *principals) given() bool { return p.all || p.wrong != "" || len(p.kinds) > 0 }

// everybody reports whether anyone at all is meant.
func (p *principals) everybody() bool { return p.all || slices.Contains(p.kinds["AWS"], "*") }

func (p *principals) form() any {
	if p.all {
		return "*"
	}
	if len(p.kinds) == 0 {
		return nil
	}
	out := map[string]any{}
	for kind, names := range p.kinds {
		var list texts
		for _, n := range names {
			if kind == "AWS" {
				n = rootARN(n)
			}
			if !slices.Contains(list, n) {
				list = append(list, n)
			}
		}
		out[kind] = list.form()
	}
	return out
}

// rootARN is the ARN of an account's root for its id of twelve digits; other names stay.
func rootARN(name string) string {
	if len(name) == 12 && strings.Trim(name, "0123456789") == "" {
		return "arn:aws:iam::" + name + ":root"
	}
	return name
}
