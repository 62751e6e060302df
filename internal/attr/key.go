package attr

import (
	"bytes"
	"errors"
	"strings"
)

// First bytes of an encoded key.
const (
	tagNumber = 0x10
	tagString = 0x20
	tagBinary = 0x30
)

// Second byte of an encoded number.
const (
	signNegative = 0x10
	signZero     = 0x20
	signPositive = 0x30
)

var errKey = errors.New("attr: the bytes are no encoded key value")

// Compare orders two values of the same kind S, N or B: text and bytes byte by byte, numbers in normal form by value. Other kinds compare as equal.
func Compare(a, b Value) int {
	switch a.Kind {
	case N:
		return compareNormal(a.Str, b.Str)
	case S, B:
		return strings.Compare(a.Str, b.Str)
	default:
		return 0
	}
}

// AppendKey appends an encoding of a key value (kind S, N or B) whose order by bytes is the service's order of values, and which ends itself, so several
// can stand behind each other. Other kinds append nothing.
//
// Text and bytes end with 00 01, a zero byte in them being 00 FF. A number is a sign, an exponent and pairs of digits, each pair plus one, ended by 00;
// for negative numbers all of that is inverted.
func AppendKey(dst []byte, v Value) []byte {
	switch v.Kind {
	case S:
		return appendKeyText(append(dst, tagString), v.Str)
	case B:
		return appendKeyText(append(dst, tagBinary), v.Str)
	case N:
		x, err := ParseNumber(v.Str)
		if err != nil {
			return dst
		}
		return x.appendKey(append(dst, tagNumber))
	default:
		return dst
	}
}

func appendKeyText(dst []byte, text string) []byte {
	for {
		i := strings.IndexByte(text, 0)
		if i < 0 {
			dst = append(dst, text...)
			return append(dst, 0, 1)
		}
		dst = append(dst, text[:i]...)
		dst = append(dst, 0, 0xFF)
		text = text[i+1:]
	}
}

// exponentBase makes exponents, -129 to 126 in the form 0.d₁d₂…, a byte.
const exponentBase = -minExponent - 1

func (x Number) appendKey(dst []byte) []byte {
	if x.n == 0 {
		return append(dst, signZero)
	}
	sign, mask := byte(signPositive), byte(0)
	if x.neg {
		sign, mask = signNegative, 0xFF
	}
	dst = append(dst, sign, byte(int(x.exp)+exponentBase)^mask)
	for i := 0; i < int(x.n); i += 2 {
		pair := x.digits[i] * 10
		if i+1 < maxDigits {
			pair += x.digits[i+1]
		}
		dst = append(dst, (pair+1)^mask)
	}
	return append(dst, mask)
}

// DecodeKey is the inverse of AppendKey: the first value of src and what stands behind it.
func DecodeKey(src []byte) (v Value, rest []byte, err error) {
	if len(src) == 0 {
		return Value{}, nil, errKey
	}
	switch src[0] {
	case tagString:
		v.Kind = S
		v.Str, rest, err = decodeKeyText(src[1:])
	case tagBinary:
		v.Kind = B
		v.Str, rest, err = decodeKeyText(src[1:])
	case tagNumber:
		var x Number
		x, rest, err = decodeKeyNumber(src[1:])
		v.Kind, v.Str = N, x.String()
	default:
		err = errKey
	}
	if err != nil {
		return Value{}, nil, err
	}
	return v, rest, nil
}

func decodeKeyText(src []byte) (text string, rest []byte, err error) {
	i := bytes.IndexByte(src, 0)
	if i >= 0 && i+1 < len(src) && src[i+1] == 1 {
		return string(src[:i]), src[i+2:], nil
	}
	var out []byte
	for {
		i := bytes.IndexByte(src, 0)
		if i < 0 || i+1 >= len(src) {
			return "", nil, errKey
		}
		out = append(out, src[:i]...)
		switch src[i+1] {
		case 1:
			return string(out), src[i+2:], nil
		case 0xFF:
			out = append(out, 0)
		default:
			return "", nil, errKey
		}
		src = src[i+2:]
	}
}

func decodeKeyNumber(src []byte) (x Number, rest []byte, err error) {
	if len(src) == 0 {
		return Number{}, nil, errKey
	}
	mask := byte(0)
	switch src[0] {
	case signZero:
		return Number{}, src[1:], nil
	case signPositive:
	case signNegative:
		mask = 0xFF
		x.neg = true
	default:
		return Number{}, nil, errKey
	}
	if len(src) < 2 {
		return Number{}, nil, errKey
	}
	x.exp = int16(int(src[1]^mask) - exponentBase)
	for i, c := range src[2:] {
		c ^= mask
		if c == 0 {
			n := 2 * i
			if n > 0 && x.digits[n-1] == 0 {
				n--
			}
			if n == 0 || x.digits[0] == 0 || x.digits[n-1] == 0 {
				return Number{}, nil, errKey
			}
			x.n = uint8(n)
			return x, src[2+i+1:], nil
		}
		if c > 100 || 2*i >= maxDigits {
			return Number{}, nil, errKey
		}
		x.digits[2*i], x.digits[2*i+1] = (c-1)/10, (c-1)%10
	}
	return Number{}, nil, errKey
}
