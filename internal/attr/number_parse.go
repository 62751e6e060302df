package attr

import "math"

// The service's words for numbers it does not take.
const (
	msgNotNumeric = "The parameter cannot be converted to a numeric value"
	msgDigits     = "Attempting to store more than 38 significant digits in a Number"
	msgOverflow   = "Number overflow. Attempting to store a number with magnitude larger than supported range"
	msgUnderflow  = "Number underflow. Attempting to store a number with magnitude smaller than supported range"
)

// ParseNumber reads a number as the service does: an optional sign, digits with an optional point, an optional exponent. The errors are of type *Error
// in the service's words.
func ParseNumber(s string) (Number, error) {
	x, msg := parseNumber(s)
	switch msg {
	case "":
		return x, nil
	case msgNotNumeric:
		return Number{}, notNumeric(s)
	default:
		return Number{}, constraint(msg)
	}
}

func notNumeric(s string) *Error {
	if s == "" {
		return &Error{Constraint: true, Message: msgNotNumeric, Newer: msgNotNumeric + ": "}
	}
	return constraint(msgNotNumeric + ": " + s)
}

func parseNumber[T string | []byte](s T) (x Number, msg string) {
	i := 0
	neg := false
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		neg = s[0] == '-'
		i = 1
	}
	var (
		seen     bool // any digit
		point    bool
		leading  int // digits before the point, counted from the first that is not zero; negative for zeros behind the point
		n        int // significant digits with trailing zeros
		overlong bool
	)
loop:
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			seen = true
			if c == '0' && n == 0 {
				if point {
					leading--
				}
				continue
			}
			if !point {
				leading++
			}
			if n < maxDigits {
				x.digits[n] = c - '0'
			} else if c != '0' {
				overlong = true
			}
			n++
		case c == '.' && !point:
			point = true
		default:
			break loop
		}
	}
	if !seen {
		return Number{}, msgNotNumeric
	}
	exp := 0
	if i < len(s) {
		if s[i] != 'e' && s[i] != 'E' {
			return Number{}, msgNotNumeric
		}
		var ok bool
		if exp, ok = parseExponent(s[i+1:]); !ok {
			return Number{}, msgNotNumeric
		}
	}
	if n == 0 { // zero is held to the range as well, by its last digit (eu-west-2, 2026: change log of nubo-db/dynoxide 1.3)
		switch last := leading + exp; {
		case last > maxExponent:
			return Number{}, msgOverflow
		case last < minExponent:
			return Number{}, msgUnderflow
		}
		return Number{}, ""
	}
	top := leading + exp // value = 0.d₁d₂… × 10^top
	switch {
	case top-1 > maxExponent:
		return Number{}, msgOverflow
	case top-1 < minExponent:
		return Number{}, msgUnderflow
	case overlong:
		return Number{}, msgDigits
	}
	n = min(n, maxDigits)
	for x.digits[n-1] == 0 {
		n--
	}
	x.n, x.neg, x.exp = uint8(n), neg, int16(top)
	return x, ""
}

// parseExponent reads what stands behind the E, which is none if it takes more than 64 bits. Absurd exponents are cut to ±1,000,000, far outside the range
// either way.
func parseExponent[T string | []byte](s T) (int, bool) {
	neg := false
	i := 0
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		neg = s[0] == '-'
		i = 1
	}
	if i == len(s) {
		return 0, false
	}
	e := int64(0)
	for ; i < len(s); i++ {
		c := s[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		if d := int64(c - '0'); e <= (math.MaxInt64-d)/10 {
			e = e*10 + d
		} else {
			return 0, false
		}
	}
	e = min(e, 1_000_000)
	if neg {
		e = -e
	}
	return int(e), true
}
