// Package tablefile is a table as a file. Table is its neutral model: everything a table is, built of plain data, without the SDK's types. Read makes
// it of a table file (YAML), of the API's own JSON, of a CloudFormation template and of Terraform's HCL and JSON; Write, CloudFormation and Terraform write
// it. Diff compares two tables and MakePlan says in which steps one becomes the other. Nothing here calls a service: package cmd carries plans out.
//
// A setting that a table does not name (nil, or "") is one nobody said anything about: Diff passes over it, and a plan leaves it as it is.
package tablefile
