package ops

import "testing"

func TestDefinitions(t *testing.T) {
	for _, o := range All {
		if err := o.Check(); err != nil {
			t.Error(err)
		}
	}
}
