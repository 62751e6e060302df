package engine

import (
	"encoding/binary"
	"math"
)

// distance scores an indexed vector against the one searched for. Scores are those of the API; rank turns them so that less is nearer.
type distance struct {
	score func(query []float64, square float64, vector []byte) float64
	down  bool // the higher the score, the nearer
}

var distances = map[string]distance{
	"COSINE":      {cosine, false},
	"EUCLIDEAN":   {euclidean, false},
	"DOT_PRODUCT": {dotProduct, true},
}

func (d distance) rank(score float64) float64 {
	if d.down {
		return -score
	}
	return score
}

// component reads a number of a vector as it is stored.
func component(vector []byte, i int) float64 {
	return float64(math.Float32frombits(binary.LittleEndian.Uint32(vector[4*i:])))
}

// cosine is one less the cosine of the angle: 0 for the same direction, 2 for the opposite. A vector of zeros has no
// direction and scores 1. Equal vectors score 0 exactly, because the root of a square is exact.
func cosine(query []float64, square float64, vector []byte) float64 {
	var dot, other float64
	for i, q := range query {
		v := component(vector, i)
		dot += q * v
		other += v * v
	}
	if square == 0 || other == 0 {
		return 1
	}
	return min(2, max(0, 1-dot/math.Sqrt(square*other)))
}

// euclidean is the length of the difference.
func euclidean(query []float64, _ float64, vector []byte) float64 {
	var sum float64
	for i, q := range query {
		d := q - component(vector, i)
		sum += d * d
	}
	return math.Sqrt(sum)
}

func dotProduct(query []float64, _ float64, vector []byte) float64 {
	var sum float64
	for i, q := range query {
		sum += q * component(vector, i)
	}
	return sum
}
