// Package cbor reads and writes the part of CBOR (RFC 8949) that the smithy rpc-v2-cbor protocol uses: maps with text
// keys, arrays, text, numbers, booleans, null, and times as seconds under tag 1.
package cbor

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
)

// Limits of what is read.
const maxDepth = 32

// errSyntax is the error of bytes that are no CBOR, or of a kind that is not used.
var errSyntax = errors.New("the body is not CBOR as expected")

// Major types.
const (
	unsigned = iota
	negative
	octets
	text
	array
	mapping
	tag
	simple
)

// indefinite is the length of what ends with a break.
const indefinite = 31

// Decode reads one value that takes all of b: nil, bool, float64, string (of bytes as well), time.Time, []any or
// map[string]any. Integers become float64.
func Decode(b []byte) (any, error) {
	d := decoder{b: b}
	v, err := d.value(0)
	if err == nil && len(d.b) > 0 {
		err = fmt.Errorf("%w: %d bytes stand behind the value", errSyntax, len(d.b))
	}
	return v, err
}

type decoder struct{ b []byte }

var errShort = fmt.Errorf("%w: it ends too early", errSyntax)

// head reads a major type with its argument.
func (d *decoder) head() (major, info byte, arg uint64, err error) {
	if len(d.b) == 0 {
		return 0, 0, 0, errShort
	}
	major, info = d.b[0]>>5, d.b[0]&31
	d.b = d.b[1:]
	var n int
	switch {
	case info < 24:
		return major, info, uint64(info), nil
	case info <= 27:
		n = 1 << (info - 24)
	case info == indefinite:
		return major, info, 0, nil
	default:
		return 0, 0, 0, fmt.Errorf("%w: a reserved length", errSyntax)
	}
	if len(d.b) < n {
		return 0, 0, 0, errShort
	}
	var wide [8]byte
	copy(wide[8-n:], d.b[:n])
	d.b = d.b[n:]
	return major, info, binary.BigEndian.Uint64(wide[:]), nil
}

func (d *decoder) value(depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("%w: deeper than %d", errSyntax, maxDepth)
	}
	major, info, arg, err := d.head()
	if err != nil {
		return nil, err
	}
	switch major {
	case unsigned:
		return float64(arg), nil
	case negative:
		return -1 - float64(arg), nil
	case octets, text:
		return d.text(major, info, arg)
	case array:
		return d.array(info, arg, depth)
	case mapping:
		return d.mapping(info, arg, depth)
	case tag:
		return d.tagged(arg, depth)
	}
	return scalar(info, arg)
}

func (d *decoder) text(major, info byte, arg uint64) (any, error) {
	if info != indefinite {
		if arg > uint64(len(d.b)) {
			return nil, errShort
		}
		s := string(d.b[:arg])
		d.b = d.b[arg:]
		return s, nil
	}
	var whole strings.Builder
	for !d.over() {
		m, info, arg, err := d.head()
		if err != nil {
			return nil, err
		}
		if m != major || info == indefinite {
			return nil, fmt.Errorf("%w: a piece of a text is none", errSyntax)
		}
		piece, err := d.text(m, info, arg)
		if err != nil {
			return nil, err
		}
		whole.WriteString(piece.(string))
	}
	return whole.String(), nil
}

// over reads the break that ends what has no length.
func (d *decoder) over() bool {
	if len(d.b) > 0 && d.b[0] == simple<<5|indefinite {
		d.b = d.b[1:]
		return true
	}
	return false
}

func (d *decoder) array(info byte, n uint64, depth int) (any, error) {
	list := []any{}
	for i := uint64(0); info == indefinite || i < n; i++ {
		if info == indefinite && d.over() {
			break
		}
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

func (d *decoder) mapping(info byte, n uint64, depth int) (any, error) {
	m := map[string]any{}
	for i := uint64(0); info == indefinite || i < n; i++ {
		if info == indefinite && d.over() {
			break
		}
		key, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		name, ok := key.(string)
		if !ok {
			return nil, fmt.Errorf("%w: a key that is no text", errSyntax)
		}
		if m[name], err = d.value(depth + 1); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (d *decoder) tagged(tag uint64, depth int) (any, error) {
	v, err := d.value(depth + 1)
	if err != nil || tag != 1 {
		return v, err
	}
	seconds, ok := v.(float64)
	if !ok {
		return nil, fmt.Errorf("%w: a time that is no number", errSyntax)
	}
	return Time(seconds), nil
}

// Time is the moment so many seconds after 1970, to the millisecond.
func Time(seconds float64) time.Time {
	return time.UnixMilli(int64(math.Round(seconds * 1000))).UTC()
}

// scalar is what major type 7 holds.
func scalar(info byte, arg uint64) (any, error) {
	switch info {
	case 20, 21:
		return info == 21, nil
	case 22, 23: // null and undefined
		return nil, nil
	case 25:
		return half(uint16(arg)), nil
	case 26:
		return float64(math.Float32frombits(uint32(arg))), nil
	case 27:
		return math.Float64frombits(arg), nil
	}
	return nil, fmt.Errorf("%w: a simple value of kind %d", errSyntax, info)
}

// half is a number of 16 bits.
func half(b uint16) float64 {
	exponent, mantissa := int(b>>10&31), float64(b&1023)
	var v float64
	switch exponent {
	case 0:
		v = math.Ldexp(mantissa, -24)
	case 31:
		v = math.Inf(1)
		if mantissa != 0 {
			v = math.NaN()
		}
	default:
		v = math.Ldexp(mantissa+1024, exponent-25)
	}
	if b>>15 == 1 {
		return -v
	}
	return v
}
