package cbor

import (
	"encoding/binary"
	"math"
	"time"
)

// The functions append one value, or its beginning: what belongs into a map or an array follows it.

// AppendMap begins a map of n names with their values.
func AppendMap(dst []byte, n int) []byte { return appendHead(dst, mapping, uint64(n)) }

// AppendArray begins an array; the n values are appended behind it.
func AppendArray(dst []byte, n int) []byte { return appendHead(dst, array, uint64(n)) }

// AppendText appends a text, which must be UTF-8 (RFC 8949, 3.1).
func AppendText(dst []byte, s string) []byte {
	return append(appendHead(dst, text, uint64(len(s))), s...)
}

// AppendInt appends a whole number in the shortest form.
func AppendInt(dst []byte, n int64) []byte {
	if n < 0 {
		return appendHead(dst, negative, uint64(-1-n))
	}
	return appendHead(dst, unsigned, uint64(n))
}

// AppendFloat appends a number of double precision, always in eight bytes.
func AppendFloat(dst []byte, f float64) []byte {
	return binary.BigEndian.AppendUint64(append(dst, simple<<5|27), math.Float64bits(f))
}

// AppendBool appends true or false.
func AppendBool(dst []byte, b bool) []byte {
	if b {
		return append(dst, simple<<5|21)
	}
	return append(dst, simple<<5|20)
}

// AppendTime appends a time as seconds since 1970 under tag 1 (RFC 8949, 3.4.2), to the millisecond.
func AppendTime(dst []byte, t time.Time) []byte {
	return AppendFloat(appendHead(dst, tag, 1), float64(t.UnixMilli())/1000)
}

func appendHead(dst []byte, major byte, n uint64) []byte {
	m := major << 5
	switch {
	case n < 24:
		return append(dst, m|byte(n))
	case n <= math.MaxUint8:
		return append(dst, m|24, byte(n))
	case n <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(dst, m|25), uint16(n))
	case n <= math.MaxUint32:
		return binary.BigEndian.AppendUint32(append(dst, m|26), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(dst, m|27), n)
}
