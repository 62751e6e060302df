// Package transact holds the operations on up to a hundred items that are done together or not at all.
package transact
