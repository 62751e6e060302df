package engine

import (
	"strings"
	"testing"
)

// TestJavaListIsTheServices holds lists that were captured from the service (nubo-db/dynoxide, October 2026).
func TestJavaListIsTheServices(t *testing.T) {
	for _, c := range []struct {
		names, want string
		buckets     int
	}{
		{"PK h a unused", "h, a, unused, PK", 0},
		{"PK a b c d u1", "a, b, PK, c, d, u1", 0},
		{"h a zz", "h, zz, a", 0},
		{"pk sk gpk gsk", "gpk, sk, pk, gsk", defaultTable},
		{"orderId customerId createdAt status", "createdAt, orderId, customerId, status", defaultTable},
	} {
		if got := javaList(strings.Fields(c.names), c.buckets); got != c.want {
			t.Errorf("%s: %s; want %s", c.names, got, c.want)
		}
	}
}
