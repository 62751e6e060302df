// Package ttl holds the operations on time to live: which attribute holds the time, in seconds since 1970, after which an item is deleted.
package ttl
