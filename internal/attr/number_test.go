package attr

import (
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNormalForm(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "-0": "0", "0.0": "0", "0e125": "0", "0e-130": "0", "0.0e-129": "0", "+5": "5", ".5": "0.5", "5.": "5", "00012.500": "12.5", "1e2": "100", "1E+2": "100", "1E0005": "100000",
		"12e-1": "1.2", "-12.30": "-12.3", "1e-130": "0." + strings.Repeat("0", 129) + "1", "-9.9e125": "-99" + strings.Repeat("0", 124),
		"12345678901234567890123456789012345678":      "12345678901234567890123456789012345678",
		"1234567890123456789012345678901234567800000": "1234567890123456789012345678901234567800000",
		"0.00000000000000000000000000000000000000012": "0.00000000000000000000000000000000000000012",
	} {
		got, err := NormalizeNumber(in)
		if err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", in, got, err, want)
		}
	}
}

func TestRefusedNumbers(t *testing.T) {
	notNumeric := func(s string) string { return "The parameter cannot be converted to a numeric value: " + s }
	for in, want := range map[string]string{
		"": "The parameter cannot be converted to a numeric value", "abc": notNumeric("abc"), " 5": notNumeric(" 5"), "5 ": notNumeric("5 "), "1e": notNumeric("1e"),
		"e5": notNumeric("e5"), "1.2.3": notNumeric("1.2.3"), "1+2": notNumeric("1+2"), "--1": notNumeric("--1"), "+": notNumeric("+"), ".": notNumeric("."),
		"0x10": notNumeric("0x10"), "NaN": notNumeric("NaN"), "Infinity": notNumeric("Infinity"), "1_000": notNumeric("1_000"), "1e5.5": notNumeric("1e5.5"),
		"1e126": msgOverflow, "-1e126": msgOverflow, "1e999999999999": msgOverflow, "0e126": msgOverflow, "00e126": msgOverflow, "1e9999999999999999999": notNumeric("1e9999999999999999999"), "1e-131": msgUnderflow, "1e-999999999999": msgUnderflow, "0e-131": msgUnderflow, "0.0e-130": msgUnderflow,
		"0.1e-130": msgUnderflow, "123456789012345678901234567890123456789": msgDigits, "1.00000000000000000000000000000000000001": msgDigits,
	} {
		if got, err := NormalizeNumber(in); err == nil || err.Error() != want {
			t.Errorf("%s: %s, %v; want %s", in, got, err, want)
		}
	}
}

func TestSumsOutOfRange(t *testing.T) {
	for _, c := range []struct{ x, y, want string }{
		{"9.9e125", "1e125", msgOverflow},
		{"1e39", "1", msgDigits},
		{"1e100", "1e-100", msgDigits},
		{"99999999999999999999999999999999999999", "0.1", msgDigits},
		{"1.1e-130", "-1e-130", msgUnderflow},
	} {
		x, errX := ParseNumber(c.x)
		y, errY := ParseNumber(c.y)
		if errX != nil || errY != nil {
			t.Fatal(errX, errY)
		}
		if got, err := x.Add(y); err == nil || err.Error() != c.want {
			t.Errorf("%s + %s = %s, %v; want %s", c.x, c.y, got, err, c.want)
		}
	}
}

// genNumber draws decimals all over the range, small ones more often.
func genNumber() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		digits := rapid.StringOfN(rapid.RuneFrom([]rune("0123456789")), 1, maxDigits, -1).Draw(t, "digits")
		exp := rapid.OneOf(rapid.IntRange(-3, 3), rapid.IntRange(minExponent, maxExponent-maxDigits)).Draw(t, "exp")
		sign := rapid.SampledFrom([]string{"", "-"}).Draw(t, "sign")
		return sign + digits + "e" + itoa(exp)
	})
}

func itoa(n int) string { return big.NewInt(int64(n)).String() }

// rat is the exact value, computed by the standard library.
func rat(t *rapid.T, s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		t.Fatalf("no number: %s", s)
	}
	return r
}

func number(t *rapid.T, label string) (Number, *big.Rat) {
	text := genNumber().Draw(t, label)
	x, err := ParseNumber(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return x, rat(t, text)
}

func TestNumbersAgainstRationals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, rx := number(t, "x")
		y, ry := number(t, "y")
		if rat(t, x.String()).Cmp(rx) != 0 {
			t.Fatalf("%s is not %s", x, rx)
		}
		if again, err := ParseNumber(x.String()); err != nil || again != x || !isNormal(x.String()) {
			t.Fatalf("%s parsed as %s, %v", x, again, err)
		}
		if want := rx.Cmp(ry); compareNormal(x.String(), y.String()) != want || (x == y) != (want == 0) {
			t.Fatalf("%s and %s compare as %d, want %d", x, y, compareNormal(x.String(), y.String()), want)
		}
		check := func(op string, got Number, err error, want *big.Rat) {
			if err == nil && rat(t, got.String()).Cmp(want) != 0 {
				t.Fatalf("%s %s %s = %s, want %s", x, op, y, got, want.FloatString(140))
			}
			if err != nil && significant(want) <= maxDigits && want.Sign() != 0 && inRange(want) {
				t.Fatalf("%s %s %s: %v, want %s", x, op, y, err, want.FloatString(140))
			}
		}
		sum, err := x.Add(y)
		check("+", sum, err, new(big.Rat).Add(rx, ry))
		difference, err := x.Add(y.Neg())
		check("-", difference, err, new(big.Rat).Sub(rx, ry))
	})
}

// isNormal tells whether a text has no zeros too many.
func isNormal(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole, fraction, point := strings.Cut(s, ".")
	return (whole == "0" || whole[0] != '0') && (!point || (fraction != "" && fraction[len(fraction)-1] != '0'))
}

// significant counts the significant digits of a decimal.
func significant(r *big.Rat) int {
	text := strings.Trim(strings.Replace(strings.TrimPrefix(r.FloatString(200), "-"), ".", "", 1), "0")
	return len(text)
}

func inRange(r *big.Rat) bool {
	abs := new(big.Rat).Abs(r)
	low, _ := new(big.Rat).SetString("1e-130")
	high, _ := new(big.Rat).SetString("1e126")
	return abs.Cmp(low) >= 0 && abs.Cmp(high) < 0
}

func TestNumberSize(t *testing.T) {
	for in, want := range map[string]int{
		"0": 1, "1": 2, "10": 2, "100": 2, "12": 2, "123": 3, "1000001": 5, "-42": 3, "-1": 3, "0.5": 2, "0.05": 2, "0.0000001": 2, "0.123": 3, "12.5": 3, "1.05": 3,
		"10.01": 3, "12345678901234567890123456789012345678": 20,
	} {
		if got := numberSize(in); got != want {
			t.Errorf("%s: %d, want %d", in, got, want)
		}
	}
}
