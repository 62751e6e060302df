// Package modeling holds the operation that gives the data modeling prompt of package prompts. It calls no service.
package modeling
