// Package insights holds the operations on contributor insights: whether keys are counted, and, asked of CloudWatch, which of them are busiest.
package insights
