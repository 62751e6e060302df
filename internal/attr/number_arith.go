package attr

import "cmp"

func (x Number) cmpMagnitude(y Number) int {
	if x.exp != y.exp {
		return cmp.Compare(x.exp, y.exp)
	}
	for i := range x.digits {
		if c := cmp.Compare(x.digits[i], y.digits[i]); c != 0 {
			return c
		}
	}
	return 0
}

// Neg changes the sign.
func (x Number) Neg() Number {
	x.neg = !x.neg && x.n > 0
	return x
}

// Add is x + y, exact. A sum of more than 38 digits, or out of range, is an error in the service's words.
func (x Number) Add(y Number) (Number, error) {
	if x.n == 0 {
		return y, nil
	}
	if y.n == 0 {
		return x, nil
	}
	if x.cmpMagnitude(y) < 0 {
		x, y = y, x
	}
	shift := int(x.exp) - int(y.exp) // how far y's first digit stands behind x's
	if shift > maxDigits {
		return Number{}, invalid(msgDigits)
	}
	// sum[0] takes the carry; sum[1+i] is the digit of weight 10^(x.exp-1-i).
	var sum [2*maxDigits + 2]int8
	for i := range int(x.n) {
		sum[1+i] = int8(x.digits[i])
	}
	sign := int8(1)
	if x.neg != y.neg {
		sign = -1
	}
	for i := range int(y.n) {
		sum[1+shift+i] += sign * int8(y.digits[i])
	}
	for i := len(sum) - 1; i > 0; i-- {
		switch {
		case sum[i] > 9:
			sum[i] -= 10
			sum[i-1]++
		case sum[i] < 0:
			sum[i] += 10
			sum[i-1]--
		}
	}
	return normalize(sum[:], int(x.exp)+1, x.neg)
}
