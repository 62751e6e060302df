package topkeys

import (
	"hash/maphash"
	"math"
	"math/bits"
)

// sketchBits makes 2,048 registers, which estimate within 2.3 % (one standard deviation).
const sketchBits = 11

// sketch estimates how many different keys were added (HyperLogLog; Flajolet and others, 2007).
type sketch [1 << sketchBits]uint8

var seed = maphash.MakeSeed()

func (s *sketch) add(key []byte) {
	h := maphash.Bytes(seed, key)
	i := h >> (64 - sketchBits)
	rank := uint8(bits.LeadingZeros64(h<<sketchBits|1<<(sketchBits-1)) + 1)
	s[i] = max(s[i], rank)
}

func (s *sketch) merge(o *sketch) {
	for i, r := range o {
		s[i] = max(s[i], r)
	}
}

func (s *sketch) estimate() float64 {
	sum, empty := 0.0, 0
	for _, r := range s {
		sum += math.Ldexp(1, -int(r))
		if r == 0 {
			empty++
		}
	}
	n := float64(len(s))
	estimate := 0.7213 / (1 + 1.079/n) * n * n / sum
	if estimate <= 2.5*n && empty > 0 {
		return math.Round(n * math.Log(n/float64(empty)))
	}
	return math.Round(estimate)
}
