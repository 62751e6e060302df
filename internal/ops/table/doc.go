// Package table holds the operations on whole tables: list, describe, create, update and delete.
package table
