package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// answer is what a step gave, as plain values.
type answer struct {
	value any
	text  string // as it was sent
	code  string // of an error
}

func readAnswer(text []byte) (answer, error) {
	a := answer{text: string(text)}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	return a, dec.Decode(&a.value)
}

// hold checks the clauses of a step and keeps what they save.
func (a answer) hold(clauses []string, saved map[string]string) error {
	wanted := ""
	for _, c := range clauses {
		if code, ok := strings.CutPrefix(c, "error="); ok {
			wanted = code
		}
	}
	if a.code != wanted {
		return fmt.Errorf("error %q, %q is wanted: %.400s", a.code, wanted, a.text)
	}
	for _, c := range clauses {
		if err := a.clause(expand(c, saved), saved); err != nil {
			return fmt.Errorf("%s: %w in %.600s", c, err, a.text)
		}
	}
	return nil
}

func (a answer) clause(c string, saved map[string]string) error {
	if rest, ok := strings.CutPrefix(c, "save "); ok {
		name, path, _ := strings.Cut(rest, "=")
		v, ok := at(a.value, path)
		if !ok {
			return fmt.Errorf("there is no %s", path)
		}
		saved[name] = fmt.Sprint(v)
		if text, err := json.Marshal(v); err == nil {
			if _, isText := v.(string); !isText {
				saved[name] = string(text)
			}
		}
		return nil
	}
	if strings.HasPrefix(c, "error=") {
		return nil
	}
	if path, ok := strings.CutSuffix(c, "?"); ok {
		if v, there := at(a.value, path); !there || v == nil {
			return fmt.Errorf("there is no %s", path)
		}
		return nil
	}
	if path, ok := strings.CutSuffix(c, "!"); ok {
		if v, there := at(a.value, path); there && v != nil {
			return fmt.Errorf("%s is there", path)
		}
		return nil
	}
	if path, part, ok := strings.Cut(c, "~"); ok {
		v, _ := at(a.value, path)
		text, err := json.Marshal(v)
		if s, isText := v.(string); isText {
			text = []byte(s)
		}
		if err != nil || !strings.Contains(string(text), part) {
			return fmt.Errorf("%s is %s", path, text)
		}
		return nil
	}
	path, want, ok := strings.Cut(c, "=")
	if !ok {
		return fmt.Errorf("this is no clause")
	}
	got, there := at(a.value, path)
	if !there || !same(got, want) {
		return fmt.Errorf("%s is %v", path, got)
	}
	return nil
}

// same compares a value with JSON, or with bare text.
func same(got any, want string) bool {
	var v any
	dec := json.NewDecoder(strings.NewReader(want))
	dec.UseNumber()
	if dec.Decode(&v) == nil && !dec.More() && reflect.DeepEqual(got, v) {
		return true
	}
	text, ok := got.(string)
	return ok && text == want
}

// at follows a path; an empty one is the whole.
func at(v any, path string) (any, bool) {
	if path == "" {
		return v, true
	}
	for part := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			if part == "#" {
				v = json.Number(strconv.Itoa(len(x)))
				continue
			}
			next, ok := x[part]
			if !ok {
				return nil, false
			}
			v = next
		case []any:
			if part == "#" {
				v = json.Number(strconv.Itoa(len(x)))
				continue
			}
			i, err := strconv.Atoi(part)
			if err != nil || i >= len(x) {
				return nil, false
			}
			v = x[i]
		default:
			return nil, false
		}
	}
	return v, true
}

// expand writes saved values for ${name}.
func expand(text string, saved map[string]string) string {
	for name, value := range saved {
		text = strings.ReplaceAll(text, "${"+name+"}", value)
	}
	return text
}
