// Package tag holds the operations on the tags of tables: list, set, remove. A table is named by name or ARN, where the API takes an ARN only.
package tag
