package tablefile

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	parser "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"pgregory.net/rapid"
)

// hclAsJSON parses Terraform's language with its own parser and writes the same in its JSON syntax.
func hclAsJSON(t testing.TB, src []byte) []byte {
	t.Helper()
	file, diags := hclsyntax.ParseConfig(src, "main.tf", parser.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%v\n%s", diags, src)
	}
	body := file.Body.(*hclsyntax.Body)
	resources := map[string]map[string]any{}
	for _, b := range body.Blocks {
		if b.Type != "resource" || len(b.Labels) != 2 {
			t.Fatalf("%s %q is no resource", b.Type, b.Labels)
		}
		kind := resources[b.Labels[0]]
		if kind == nil {
			kind = map[string]any{}
			resources[b.Labels[0]] = kind
		}
		if kind[b.Labels[1]] != nil {
			t.Fatalf("the resource %q is there twice", b.Labels)
		}
		kind[b.Labels[1]] = bodyAsJSON(t, src, b.Body)
	}
	out, err := json.Marshal(map[string]any{"resource": resources})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func bodyAsJSON(t testing.TB, src []byte, body *hclsyntax.Body) map[string]any {
	out := map[string]any{}
	for name, a := range body.Attributes {
		if name == "ignore_changes" {
			continue // names of arguments, which are no values
		}
		out[name] = expressionAsJSON(t, src, a.Expr)
	}
	for _, b := range body.Blocks {
		list, _ := out[b.Type].([]any)
		out[b.Type] = append(list, bodyAsJSON(t, src, b.Body))
	}
	return out
}

// expressionAsJSON is a value, or a text in which references stand as ${…}.
func expressionAsJSON(t testing.TB, src []byte, e hclsyntax.Expression) any {
	if value, diags := e.Value(nil); !diags.HasErrors() && value.IsWhollyKnown() {
		raw, err := ctyjson.Marshal(value, value.Type())
		if err != nil {
			t.Fatal(err)
		}
		var plain any
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if err := d.Decode(&plain); err != nil {
			t.Fatal(err)
		}
		return templates(plain)
	}
	switch e := e.(type) {
	case *hclsyntax.TemplateExpr:
		var b strings.Builder
		for _, p := range e.Parts {
			text, _ := expressionAsJSON(t, src, p).(string)
			b.WriteString(text)
		}
		return b.String()
	case *hclsyntax.ScopeTraversalExpr:
		return "${" + string(e.Range().SliceBytes(src)) + "}"
	}
	t.Fatalf("%T at %s is not known", e, e.Range())
	return nil
}

// templates escapes the texts of a value, for in JSON each of them is a template.
func templates(value any) any {
	switch v := value.(type) {
	case string:
		return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(v)
	case []any:
		for i := range v {
			v[i] = templates(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = templates(v[name])
		}
	}
	return value
}

// TestTerraformRoundTrip reads what is written as HCL with Terraform's parser and with ddb's own, and finds the same table, as far as the provider has a place for it.
func TestTerraformRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		want := drawTable(rt)
		if want.Billing == "" {
			want.Billing = Provisioned
		}
		want.Vectors = nil
		for i := range want.Replicas {
			want.Replicas[i].Class, want.Replicas[i].Read = "", 0
		}
		checkTemplate(rt, want, func() []byte { code, _ := Terraform([]*Table{want}); return hclAsJSON(t, code) })
		checkTemplate(rt, want, func() []byte { code, _ := Terraform([]*Table{want}); return code })
	})
}

// TestTemplatesSayNothingOfVectors: forms without a place for vector indexes leave those that are there alone.
func TestTemplatesSayNothingOfVectors(t *testing.T) {
	have := &Table{Name: "Products", Keys: []Key{{Name: "id", Type: "S"}}, Billing: OnDemand, Vectors: []Vector{{Name: "ByLooks", Attribute: "looks", Dimensions: 3, Distance: "cosine", Projection: Projection{Kind: "keys"}}}}
	terraform, notes := Terraform([]*Table{have})
	formation, more := CloudFormation([]*Table{have})
	if len(notes) != 1 || len(more) != 1 {
		t.Errorf("what is left out is told: %q, %q", notes, more)
	}
	for name, text := range map[string][]byte{"x.tf": terraform, "x.cfn": formation} {
		read, _, err := Read(name, text)
		if err != nil || len(read) != 1 || read[0].Vectors != nil {
			t.Fatalf("%s: %+v, %v", name, read, err)
		}
		if d := Diff(have, read[0]); len(d) != 0 {
			t.Errorf("%s: %v", name, d)
		}
	}
}

// TestTemplateRoundTrip does the same for CloudFormation.
func TestTemplateRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		want := drawTable(rt)
		if want.Billing == "" {
			want.Billing = Provisioned
		}
		want.Vectors, want.Replicas = nil, nil
		checkTemplate(rt, want, func() []byte { text, _ := CloudFormation([]*Table{want}); return text })
	})
}

// checkTemplate reads a table back. What is off or not said is left out of a template, and reads as off.
func checkTemplate(t *rapid.T, want *Table, write func() []byte) {
	text := write()
	got, notes, err := Read("t", text)
	if err != nil || len(notes) > 0 || len(got) != 1 {
		t.Fatalf("%v %v\n%s", err, notes, text)
	}
	if d := Diff(want, got[0]); len(d) > 0 {
		t.Fatalf("%v\n%s", d, text)
	}
}
