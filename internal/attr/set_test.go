package attr

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// A set is written in its order, however its members come, and whichever way it is written.
func TestSetsAreWrittenInOrder(t *testing.T) {
	for src, want := range map[string]string{
		`{"a":{"SS":["b","a","B","é","a!"]}}`:                           `{"a":{"SS":["B","a","a!","b","é"]}}`,
		`{"a":{"SS":["a\u0001","a","\u0061\\"]}}`:                       `{"a":{"SS":["a","a\u0001","a\\"]}}`,
		`{"a":{"SS":["a","b","c"]}}`:                                    `{"a":{"SS":["a","b","c"]}}`,
		`{"a":{"NS":["10","9","-1","1E3","0.5","-10","0","2","-0.5"]}}`: `{"a":{"NS":["-10","-1","-0.5","0","0.5","2","9","10","1000"]}}`,
		`{"a":{"NS":["1.5","1.25","10.1","1"]}}`:                        `{"a":{"NS":["1","1.25","1.5","10.1"]}}`,
		`{"a":{"BS":["gA==","AQE=","AQ=="]}}`:                           `{"a":{"BS":["AQ==","AQE=","gA=="]}}`,
		`{"a":{"L":[{"M":{"s":{"NS":["2","1"]}}}]}}`:                    `{"a":{"L":[{"M":{"s":{"NS":["1","2"]}}}]}}`,
	} {
		it, err := ParseItem([]byte(src))
		if err != nil {
			t.Fatalf("%s: %v", src, err)
		}
		if got := string(AppendItem(nil, it)); got != want {
			t.Errorf("%s is written %s", src, got)
		}
		got, size, err := CanonicalItem(nil, []byte(src))
		if err != nil || string(got) != want || size != ItemSize(it) {
			t.Errorf("%s becomes %s of %d bytes, %v", src, got, size, err)
		}
	}
}

// Sets of any size come in order, and one member that comes twice is refused wherever it stands.
func TestSetsOfAnySize(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := 1; n < 60; n++ {
		var members []string
		for i := range n {
			members = append(members, fmt.Sprintf(`"%06d"`, r.IntN(1000)*100+i))
		}
		set := func(s []string) string { return `{"a":{"SS":[` + strings.Join(s, ",") + `]}}` }
		got, _, err := CanonicalItem(nil, []byte(set(members)))
		if err != nil || string(got) != set(slices.Sorted(slices.Values(members))) {
			t.Fatalf("%d members become %s, %v", n, got, err)
		}
		twice := slices.Insert(slices.Clone(members), r.IntN(n), members[r.IntN(n)])
		_, _, err = CanonicalItem(nil, []byte(set(twice)))
		if e, ok := errors.AsType[*Error](err); !ok || !strings.Contains(e.Message, "contains duplicates") {
			t.Fatalf("%v: %v", twice, err)
		}
	}
}
