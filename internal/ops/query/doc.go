// Package query holds the operations that read many items: query and scan.
package query
