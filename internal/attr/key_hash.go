package attr

// AppendHashed appends the bytes of a key value (kind S, N or B) that the service takes the hash of: text and binary as they are, and a number packed, two
// decimal digits to a byte. Other kinds append nothing.
func AppendHashed(dst []byte, v Value) []byte {
	switch v.Kind {
	case S, B:
		return append(dst, v.Str...)
	case N:
		x, err := ParseNumber(v.Str)
		if err != nil {
			return dst
		}
		return x.appendPacked(dst)
	default:
		return dst
	}
}

// packedPairs is how many pairs of digits a packed number may have; a negative one with fewer carries a mark at its end.
const packedPairs = 20

// appendPacked appends a number in powers of a hundred: the power and its sign in one byte, then each pair of digits plus one. Of a negative number
// the power is inverted and the pairs count down from 101.
func (x Number) appendPacked(dst []byte) []byte {
	if x.n == 0 {
		return append(dst, 0x80)
	}
	// With an odd power of ten the first pair has one digit.
	odd := int(x.exp) & 1
	power := byte((int(x.exp)+odd)/2 - 64)
	if x.neg {
		power = ^power
	}
	dst = append(dst, power)
	pairs := 0
	for i := -odd; i < int(x.n); i += 2 {
		pair := byte(0)
		if i >= 0 {
			pair = x.digits[i] * 10
		}
		if i+1 < maxDigits {
			pair += x.digits[i+1]
		}
		if x.neg {
			dst = append(dst, 101-pair)
		} else {
			dst = append(dst, pair+1)
		}
		pairs++
	}
	if x.neg && pairs < packedPairs {
		dst = append(dst, 102)
	}
	return dst
}
