package render

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestCSVLosesNoColumnInSilence(t *testing.T) {
	var out bytes.Buffer
	p, _ := New(&out, Options{Format: CSV})
	w := p.Items(nil, nil)
	for range sample {
		if err := w.Write(item(t, `{"a":1}`)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Write(item(t, `{"a":1,"late":2}`)); err == nil || !strings.Contains(err.Error(), `item 1001 has the attribute "late"`) {
		t.Errorf("error %v", err)
	}
}

// Large items decide the columns before there are a thousand of them: what is held stays within a page.
func TestColumnsOfLargeItems(t *testing.T) {
	var out bytes.Buffer
	p, _ := New(&out, Options{Format: CSV})
	w := p.Items(nil, nil)
	large := item(t, `{"a":"`+strings.Repeat("x", 300<<10)+`"}`)
	for i := range 4 {
		if err := w.Write(large); err != nil {
			t.Fatal(err)
		}
		if got, want := len(w.(*csvItems).held.items), []int{1, 2, 3, 0}[i]; got != want {
			t.Fatalf("%d items are held after %d, want %d", got, i+1, want)
		}
	}
	if err := w.Write(item(t, `{"late":1}`)); err == nil || !strings.Contains(err.Error(), "found in the first 4 items") {
		t.Errorf("error %v", err)
	}
}

// With CRLF rows end as RFC 4180 has them, and the line ends inside texts stay as they are.
func TestCRLF(t *testing.T) {
	var out bytes.Buffer
	p, err := New(&out, Options{Format: CSV, CRLF: true})
	if err == nil {
		err = errors.Join(p.Document([]byte(`[{"a":"1\n2","b":"x\r\ny"},{"a":"\r","b":3}]`), nil), p.Flush())
	}
	if want := "a,b\r\n\"1\n2\",\"x\r\ny\"\r\n\"\r\",3\r\n"; err != nil || out.String() != want {
		t.Errorf("%v, %q, want %q", err, out.String(), want)
	}
}
