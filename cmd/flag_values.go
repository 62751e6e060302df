package cmd

import (
	"errors"
	"strconv"
	"strings"
)

// byteSize is a flag's number of bytes: 400, 100KB, 1.5MB.
type byteSize int

func (b *byteSize) Set(text string) error {
	upper, unit := strings.ToUpper(strings.TrimSpace(text)), 1
	for suffix, n := range map[string]int{"KB": 1 << 10, "K": 1 << 10, "MB": 1 << 20, "M": 1 << 20} {
		if number, ok := strings.CutSuffix(upper, suffix); ok {
			upper, unit = strings.TrimSpace(number), n
			break
		}
	}
	upper = strings.TrimSuffix(upper, "B")
	n, err := strconv.ParseFloat(upper, 64)
	if err != nil || n <= 0 || n*float64(unit) > 1<<30 {
		return errors.New("expected a size such as 400, 100KB or 1MB")
	}
	*b = byteSize(n * float64(unit))
	return nil
}

func (b *byteSize) Type() string { return "size" }

func (b *byteSize) String() string { return strconv.Itoa(int(*b)) }

// positive is a flag's number that counts items. None at all is no number of them: taken for "unset" it would read
// everything.
type positive int

func (p *positive) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return errors.New("expected a whole number from 1 up; leave it out for everything")
	}
	*p = positive(n)
	return nil
}

func (p *positive) Type() string { return "int" }

func (p *positive) String() string { return strconv.Itoa(int(*p)) }
