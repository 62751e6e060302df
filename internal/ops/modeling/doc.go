// Package modeling holds the operation that gives the data modeling prompt.
package modeling
