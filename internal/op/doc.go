// Package op defines an operation once, for every front end. An operation is a typed function with a Spec beside it:
// the fields of its input struct are the flags of the terminal, the parameters of the MCP tool and the documentation.
// Invoke is the only way to the function, so the read-only guard, the table allow-list and validation hold wherever a
// call comes from. The package knows neither cobra nor MCP.
//
// # Inputs
//
// A field of an input is a string, bool, int32, int64 or float64, a pointer to one of these where absent and zero
// differ, a list of strings, a map of strings, attr.Item, time.Time, JSON, or a type of the AWS SDK's types packages (and lists
// and maps of those). Its tags:
//
//	json:"table_name"        the MCP name; with omitempty the field is optional
//	arg:"table"              a position at the terminal
//	flag:"key,k"             a flag at the terminal, with a letter; flag:"-" leaves it out there
//	mcp:"-"                  left out of the MCP schema (still accepted): parameters for the terminal
//	jsonschema:"…"           the description, at most 40 characters, where the name does not say it
package op
