// Package access holds the operations on resource policies.
package access
