package engine

import "testing"

func TestWhatIsHandedBack(t *testing.T) {
	for body, want := range map[string]bool{
		`{"Item":{"a":{"BOOL":"no"}}}`:                                true,
		`{"Item":{"a":{"L":[{"M":{"b":{"NULL":"x"}}}]}}}`:             true,
		`{"Expected":{"a":{"Exists":"yes"}}}`:                         true,
		`{"Item":{"a":{"S":"x","N":"1"}}}`:                            true,
		`{"Item":{"a":{"S":"x","M":{}}}}`:                             true,
		`{"Item":{"a":{"S":"x","N":null}}}`:                           false,
		`{"Item":{"S":{"S":"x"},"N":{"N":"1"},"BOOL":{"BOOL":true}}}`: false,
		`{"Item":{"a":{"S":"\"BOOL\":\"no\""}}}`:                      false,
		`{"Item":[`:                                                   false,
		``:                                                            false,
	} {
		if got := handedBack([]byte(body)); got != want {
			t.Errorf("%s: %v, want %v", body, got, want)
		}
	}
}
