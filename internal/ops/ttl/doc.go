// Package ttl holds the operations on items' expiry.
package ttl
