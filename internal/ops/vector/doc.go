// Package vector holds the search in vector indexes.
package vector
