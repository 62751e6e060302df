package engine

import (
	"bytes"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// scalar reports a value that is not the scalar expected.
func (d *decoder) scalar(class string) bool {
	switch d.s.Kind() {
	case jsonscan.Object:
		return d.wrong("Start of structure or map found where not expected")
	case jsonscan.Array:
		return d.wrong("Unrecognized collection type class java.lang." + class)
	case jsonscan.Invalid, jsonscan.EOF:
		return d.s.Skip()
	}
	return d.wrong(d.found() + " cannot be converted to " + class)
}

func (d *decoder) text() ([]byte, bool) {
	if d.s.Kind() == jsonscan.String {
		return d.s.Text()
	}
	return nil, d.scalar("String")
}

func (d *decoder) boolean(v reflect.Value) bool {
	switch d.s.Kind() {
	case jsonscan.True, jsonscan.False:
		k, ok := d.s.Literal()
		v.SetBool(k == jsonscan.True)
		return ok
	case jsonscan.String:
		text, ok := d.s.Text()
		if !ok {
			return false
		}
		value, ok := attr.Truth(string(text))
		if !ok {
			return d.wrong("Unexpected token received from parser")
		}
		v.SetBool(value)
		return true
	}
	return d.scalar("Boolean")
}

func (d *decoder) integer(v reflect.Value) bool {
	class := "Integer"
	if v.Kind() == reflect.Int64 {
		class = "Long"
	}
	if d.s.Kind() != jsonscan.Number {
		return d.scalar(class)
	}
	text, ok := d.s.Number()
	if !ok {
		return false
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		f, ferr := strconv.ParseFloat(string(text), 64)
		if ferr != nil || math.Abs(f) >= 1<<63 {
			return d.wrong("NUMBER_VALUE cannot be converted to " + class)
		}
		if v.Type() == typeWhole {
			return d.wrong("invalid type: floating point `" + floatText(f) + "`, expected i32 at " + d.position())
		}
		n = int64(f) // a fraction is cut off, as the service's reader does
	}
	if v.OverflowInt(n) {
		return d.wrong("NUMBER_VALUE cannot be converted to " + class)
	}
	v.SetInt(n)
	return true
}

// page reads a number of 32 bits of a Query or Scan, which is cut to fit (captured in eu-west-2 and eu-central-1 in October 2026: source of
// nubo-db/dynoxide 3.2).
func (d *decoder) page(v reflect.Value) bool {
	if d.s.Kind() != jsonscan.Number {
		return d.scalar("Integer")
	}
	text, ok := d.s.Number()
	if !ok {
		return false
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil && !math.IsInf(f, 0) {
		return d.wrong("NUMBER_VALUE cannot be converted to Integer")
	}
	n := math.Trunc(max(math.MinInt32, min(math.MaxInt32, f)))
	d.coerced = d.coerced || n != f
	v.SetInt(int64(n))
	return true
}

// whole is a number that may not have a fraction: operations of 2026 are read by another reader than the older ones, which says so in its own words and
// takes 3.0 for a fraction too (nubo-db/dynoxide, recordings of 2026-08-13).
type whole int32

var typeWhole = reflect.TypeFor[whole]()

// cut is a number that is cut to fit 32 bits.
type cut int32

var typeCut = reflect.TypeFor[cut]()

// floatText writes a number as that reader does, with a fraction always.
func floatText(f float64) string {
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

// position tells where the scanner stands in the body: the line, from 1, and the bytes of it that were read.
func (d *decoder) position() string {
	read := d.body[:d.s.Pos()]
	line := bytes.Count(read, []byte("\n")) + 1
	return "line " + strconv.Itoa(line) + " column " + strconv.Itoa(len(read)-bytes.LastIndexByte(read, '\n')-1)
}

func (d *decoder) float(sh *shape, v reflect.Value) bool {
	if d.s.Kind() != jsonscan.Number {
		class := "Double"
		if sh.kind == kindTime {
			class = "Date"
		}
		return d.scalar(class)
	}
	text, ok := d.s.Number()
	if !ok {
		return false
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return d.wrong("NUMBER_VALUE cannot be converted to Double")
	}
	if sh.kind == kindTime {
		whole, part := math.Modf(f)
		v.Set(reflect.ValueOf(time.Unix(int64(whole), int64(math.Round(part*1e3))*1e6).UTC()))
		return true
	}
	v.SetFloat(f)
	return true
}
