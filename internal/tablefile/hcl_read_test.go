package tablefile

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// written is what people write, with more of the language than ddb writes itself.
const written = `# The shop's tables.
terraform {
  required_version = ">= 1.5"
}

variable "env" { default = "dev" }

locals { names = [for n in ["a", "b"] : upper(n)] }

/* one
   table */
resource "aws_dynamodb_table" "orders" {
  name         = "Orders"   # its name
  billing_mode = "PAY_PER_REQUEST"
  hash_key = "customer"
  range_key = "pl\u0061ced"
  attribute {
    name = "customer"
    type = "S"
  }
  attribute { name = "placed", type = "S" }
  ttl {
    enabled        = true
    attribute_name = "expires"
  }
  point_in_time_recovery { enabled = true }
  tags = {
    env = "prod", "team/name" = "sh\"op" // both
    cost : "$${none}"
  }
  lifecycle {
    prevent_destroy = true
    ignore_changes  = [read_capacity, write_capacity]
  }
  timeouts { create = var.long ? "30m" : "10m" }
}

resource "aws_dynamodb_resource_policy" "orders" {
  resource_arn = aws_dynamodb_table.orders.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "111122223333" }, Action = ["dynamodb:GetItem"], Resource = aws_dynamodb_table.orders.arn }]
  })
}

resource "aws_dynamodb_table" "other" {
  name = <<-EOT
    Other
    EOT
}
`

func TestHCLAsPeopleWriteIt(t *testing.T) {
	text, _, _ := strings.Cut(written, `resource "aws_dynamodb_table" "other"`)
	text = strings.ReplaceAll(text, "name = \"placed\", type", "name = \"placed\"\n type")
	tables, notes, err := Read("standard input", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(tables) != 1 || len(notes) != 1 || notes[0] != "timeouts of Orders was passed over" {
		t.Errorf("%d tables, notes %q", len(tables), notes)
	}
	got := string(Write(tables[0]))
	for _, want := range []string{"table: Orders", "placed:S", "ttl: expires", "pitr: 35", "team/name: ", `sh\"op`, "${none}", "dynamodb:GetItem", TableARN} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing in\n%s", want, got)
		}
	}
}

func TestHCLThatIsWrong(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`resource "aws_dynamodb_table" "a" {` + "\n  name = \"x\n}", "a.tf:2: resource.aws_dynamodb_table.a.name: the quotes of a text are not closed on its line"},
		{`resource "aws_dynamodb_table" "a" {` + "\n  name = \"x\"\n", "the block of line 1 is not closed"},
		{`resource "aws_dynamodb_table" "a" { name = "x" hash_key = "b" }`, "resource.aws_dynamodb_table.a.name: the expression"},
		{`resource "aws_dynamodb_table" "a" { name = var.name }`, "a.tf:1: resource.aws_dynamodb_table.a.name: the expression ${var.name} cannot be resolved here"},
		{`resource "aws_dynamodb_table" "a" { name = "a-${var.env}" }`, "the expression a-${var.env} cannot be resolved here"},
		{`resource "aws_dynamodb_table" "a" { name = upper("a") }`, `the expression ${upper("a")} cannot be resolved here`},
		{"name = 1\nname = 2\n", "a.tf:2: name: is given twice"},
		{`resource "aws_dynamodb_table" "a" { name = "\q" }`, `the escape "\\q" is not known`},
		{`resource "aws_s3_bucket" "a" {}`, "holds no aws_dynamodb_table"},
		{`variable "x" {}`, "holds no resource of the kind aws_dynamodb_table"},
		{`}`, "a } that closes nothing"},
		{"a = <<EOT\nx\n", "does not end"},
		{strings.Repeat("a {\n", 100), "nested too deeply"},
		{"a = " + strings.Repeat("[", 100), "nested too deeply"},
	} {
		if _, _, err := Read("a.tf", []byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.60q: %v, want %s", c.text, err, c.want)
		}
	}
}

// TestHCLNeverPanics reads files that are cut and spoiled anywhere: an error, or a table, and an end.
func TestHCLNeverPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := []byte(written)
		for range rapid.IntRange(1, 5).Draw(t, "spoils") {
			at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
			text[at] = rapid.SampledFrom([]byte("{}[]()\"$%<\\=,\n#/x1 \x00\xff")).Draw(t, "byte")
		}
		_, _, _ = Read("a.tf", text[:rapid.IntRange(0, len(text)).Draw(t, "length")])
	})
}
