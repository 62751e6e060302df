// Package batch holds the operations on up to a hundred items at once, each by itself.
package batch
