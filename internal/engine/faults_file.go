package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// LoadFaults reads a fault file: {"faults": [{"operation": "PutItem", "call": 3, "exception": "ThrottlingException"}, …]}.
// Members of a fault: operation, call, count, exception, message, status, delay ("250ms"), cut ("before", "amid",
// "after").
func LoadFaults(path string) (*Faults, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("fault file: %w", err)
	}
	f, err := ParseFaults(data)
	if err != nil {
		return nil, fmt.Errorf("fault file %s: %w", path, err)
	}
	return f, nil
}

// ParseFaults reads the contents of a fault file. A list of faults, and a fault by itself, are taken too.
func ParseFaults(data []byte) (*Faults, error) {
	var rules []fault
	var err error
	switch data = bytes.TrimSpace(data); {
	case bytes.HasPrefix(data, []byte("[")):
		err = strictly(data, &rules)
	case isFault(data):
		rules = make([]fault, 1)
		err = strictly(data, &rules[0])
	default:
		var file struct {
			Faults []fault `json:"faults"`
		}
		err = strictly(data, &file)
		rules = file.Faults
	}
	if err != nil {
		return nil, fmt.Errorf(`expected {"faults": [{"operation": …, "call": …, "exception": …}, …]}: %w`, err)
	}
	for i := range rules {
		if err := rules[i].check(); err != nil {
			return nil, fmt.Errorf("fault %d: %w", i+1, err)
		}
	}
	return &Faults{rules: rules, calls: map[string]int{}}, nil
}

// isFault reports whether data is one fault and not a file of them.
func isFault(data []byte) bool {
	var members map[string]json.RawMessage
	if json.Unmarshal(data, &members) != nil || len(members) == 0 {
		return false
	}
	_, file := members["faults"]
	return !file
}

// strictly decodes one JSON value without unknown members, and says what is wrong in the words of the file.
func strictly(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Errorf("%q is of the kind %s", kind.Field, kind.Value)
	case errors.As(err, &kind):
		return fmt.Errorf("it is of the kind %s", kind.Value)
	case errors.Is(err, io.EOF):
		return errors.New("it is empty")
	case err != nil:
		return errors.New(strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows it")
	}
	return nil
}

func (f *fault) check() error {
	if f.Operation == "*" {
		f.Operation = ""
	}
	if f.Call == 0 {
		f.Call = 1
	}
	if f.Count == 0 {
		f.Count = 1
	}
	_, dynamo := actions[f.Operation]
	_, streams := streamActions[f.Operation]
	switch {
	case f.Operation != "" && !dynamo && !streams:
		return fmt.Errorf("operation %q: expected the name of a DynamoDB operation, such as PutItem, or *", f.Operation)
	case f.Call < 1:
		return fmt.Errorf("call %d: calls are counted from 1", f.Call)
	case f.Count < -1:
		return fmt.Errorf("count %d: expected how many calls, or -1 for all", f.Count)
	case f.Status != 0 && (f.Status < 400 || f.Status > 599):
		return fmt.Errorf("status %d: expected 400 to 599", f.Status)
	case f.Cut != "" && f.Cut != "before" && f.Cut != "amid" && f.Cut != "after":
		return fmt.Errorf("cut %q: expected before, amid or after", f.Cut)
	case f.Cut != "" && f.Exception != "":
		return errors.New("cut and exception exclude each other")
	case f.Cut == "" && f.Exception == "" && f.Delay == 0:
		return errors.New("expected an exception, a delay or a cut")
	}
	return nil
}
