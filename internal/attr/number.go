package attr

import (
	"cmp"
	"math/bits"
)

// Limits of numbers (Developer Guide, "Naming rules and data types", Number): 38 significant digits, magnitudes from 1E-130 to 9.99…E+125.
const (
	maxDigits   = 38
	maxExponent = 125
	minExponent = -130
)

// Number is a decimal number of up to 38 significant digits: ±0.d₁d₂…dₙ × 10^exp with d₁ and dₙ not zero; zero has no digits. The form is unique,
// so == compares values. Nothing is ever rounded.
type Number struct {
	digits [maxDigits]uint8 // values 0–9, zero behind n
	n      uint8
	neg    bool
	exp    int16
}

// NormalizeNumber gives the form in which the service returns a number: plain notation without exponent, leading or trailing zeros.
func NormalizeNumber(s string) (string, error) {
	if isNormalInteger(s) {
		return s, nil
	}
	x, err := ParseNumber(s)
	if err != nil {
		return "", err
	}
	return x.String(), nil
}

// isNormalInteger recognises most numbers there are, which need no work.
func isNormalInteger[T string | []byte](s T) bool {
	if len(s) == 1 && s[0] == '0' {
		return true
	}
	i := 0
	if len(s) > 0 && s[0] == '-' {
		i = 1
	}
	if len(s) == i || len(s)-i > maxDigits || s[i] == '0' {
		return false
	}
	for ; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// Unscaled takes a number apart into sign, an integer without trailing zeros in 128 bits, and a power of ten: ±integer × 10^−scale. Zero is 0 and 0.
func (x Number) Unscaled() (negative bool, hi, lo uint64, scale int) {
	if x.n == 0 {
		return false, 0, 0, 0
	}
	for _, d := range x.digits[:x.n] {
		over, low := bits.Mul64(lo, 10)
		low, carry := bits.Add64(low, uint64(d), 0)
		hi, lo = hi*10+over+carry, low
	}
	return x.neg, hi, lo, int(x.n) - int(x.exp)
}

// String gives the normal form.
func (x Number) String() string {
	var buf [maxExponent - minExponent + 8]byte
	return string(x.Append(buf[:0]))
}

// Append appends the normal form.
func (x Number) Append(dst []byte) []byte {
	if x.n == 0 {
		return append(dst, '0')
	}
	if x.neg {
		dst = append(dst, '-')
	}
	n, exp := int(x.n), int(x.exp)
	if exp <= 0 {
		dst = append(dst, '0', '.')
		for range -exp {
			dst = append(dst, '0')
		}
	}
	for i := range n {
		if i == exp && i > 0 {
			dst = append(dst, '.')
		}
		dst = append(dst, '0'+x.digits[i])
	}
	for i := n; i < exp; i++ {
		dst = append(dst, '0')
	}
	return dst
}

// normalize makes a Number of ±0.d₁d₂… × 10^exp, whose first and last digits may be zero.
func normalize(digits []int8, exp int, neg bool) (Number, error) {
	for len(digits) > 0 && digits[0] == 0 {
		digits = digits[1:]
		exp--
	}
	for len(digits) > 0 && digits[len(digits)-1] == 0 {
		digits = digits[:len(digits)-1]
	}
	switch {
	case len(digits) == 0:
		return Number{}, nil
	case exp-1 > maxExponent:
		return Number{}, invalid(msgOverflow)
	case exp-1 < minExponent:
		return Number{}, invalid(msgUnderflow)
	case len(digits) > maxDigits:
		return Number{}, invalid(msgDigits)
	}
	out := Number{n: uint8(len(digits)), neg: neg, exp: int16(exp)}
	for i, d := range digits {
		out.digits[i] = uint8(d)
	}
	return out, nil
}

// compareNormal orders numbers in normal form without parsing them: by sign, by the length of the whole part, then digit by digit.
func compareNormal[T string | []byte](a, b T) int {
	negA, negB := len(a) > 0 && a[0] == '-', len(b) > 0 && b[0] == '-'
	if negA != negB {
		if negA {
			return -1
		}
		return 1
	}
	if negA {
		a, b = b[1:], a[1:]
	}
	if c := cmp.Compare(whole(a), whole(b)); c != 0 {
		return c
	}
	for i := 0; i < len(a) && i < len(b); i++ {
		if c := cmp.Compare(a[i], b[i]); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b)) // with as many digits before the point, more behind it is more
}

// whole is how many digits stand before the point.
func whole[T string | []byte](s T) int {
	for i := range len(s) {
		if s[i] == '.' {
			return i
		}
	}
	return len(s)
}
