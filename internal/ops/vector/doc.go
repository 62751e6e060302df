// Package vector holds the search in vector indexes: the items whose vectors are nearest to one. The indexes are made with their tables.
package vector
