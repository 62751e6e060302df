// Package insights holds the operations on contributor insights: which keys are busiest.
package insights
