// Package item holds the operations on single items: get, put, update and delete.
package item
