package wire

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// unquoted gives the text of a JSON string when lenient, else the value as it stands.
func (d decoder) unquoted(raw []byte) string {
	if d.lenient && raw[0] == '"' {
		var s string
		if json.Unmarshal(raw, &s) == nil {
			return strings.TrimSpace(s)
		}
	}
	return string(raw)
}

func parseTime(raw []byte) (time.Time, error) {
	if raw[0] == '"' {
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return time.Time{}, err
		}
		if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
			return t.UTC(), nil
		}
		raw = []byte(s)
	}
	seconds, err := strconv.ParseFloat(string(raw), 64)
	if err != nil {
		return time.Time{}, err
	}
	whole, fraction := math.Modf(seconds)
	return time.Unix(int64(whole), int64(math.Round(fraction*1e3))*1e6).UTC(), nil
}

func (d decoder) text(raw []byte, v reflect.Value, path string) error {
	if raw[0] != '"' {
		return mismatch(path, "a string", raw)
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return at(path, err)
	}
	v.SetString(s)
	return nil
}

func (d decoder) truth(raw []byte, v reflect.Value, path string) error {
	switch strings.ToLower(d.unquoted(raw)) {
	case "true":
		v.SetBool(true)
	case "false":
		v.SetBool(false)
	default:
		return mismatch(path, "true or false", raw)
	}
	return nil
}

func (d decoder) integer(raw []byte, v reflect.Value, path string) error {
	text := d.unquoted(raw)
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		// 42.0 and 1e3 are integers to JSON.
		f, ferr := strconv.ParseFloat(text, 64)
		if ferr != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
			return mismatch(path, "an integer", raw)
		}
		n = int64(f)
	}
	if v.OverflowInt(n) {
		return mismatch(path, fmt.Sprintf("an integer of at most %d bits", v.Type().Bits()), raw)
	}
	v.SetInt(n)
	return nil
}
