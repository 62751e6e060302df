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

// four reads the first four numbers of a vector. The loops below take four at a time with a sum for each place, so that an
// addition need not wait for the one before it; that halves their time and more.
func four(vector []byte) (a, b, c, d float64) {
	_ = vector[15]
	return float64(math.Float32frombits(binary.LittleEndian.Uint32(vector))),
		float64(math.Float32frombits(binary.LittleEndian.Uint32(vector[4:]))),
		float64(math.Float32frombits(binary.LittleEndian.Uint32(vector[8:]))),
		float64(math.Float32frombits(binary.LittleEndian.Uint32(vector[12:])))
}

// cosine is one less the cosine of the angle: 0 for the same direction, 2 for the opposite. A vector of zeros has no
// direction and scores 1. Equal vectors score 0 exactly, because the root of a square is exact.
func cosine(query []float64, square float64, vector []byte) float64 {
	var dot, other [4]float64
	for ; len(query) >= 4; query, vector = query[4:], vector[16:] {
		a, b, c, d := four(vector)
		dot[0], other[0] = dot[0]+query[0]*a, other[0]+a*a
		dot[1], other[1] = dot[1]+query[1]*b, other[1]+b*b
		dot[2], other[2] = dot[2]+query[2]*c, other[2]+c*c
		dot[3], other[3] = dot[3]+query[3]*d, other[3]+d*d
	}
	for i, q := range query {
		v := component(vector, i)
		dot[i], other[i] = dot[i]+q*v, other[i]+v*v
	}
	sum := total(other)
	if square == 0 || sum == 0 {
		return 1
	}
	return narrow(min(2, max(0, 1-total(dot)/math.Sqrt(square*sum))))
}

// euclidean is the length of the difference.
func euclidean(query []float64, _ float64, vector []byte) float64 {
	var sum [4]float64
	for ; len(query) >= 4; query, vector = query[4:], vector[16:] {
		a, b, c, d := four(vector)
		a, b, c, d = a-query[0], b-query[1], c-query[2], d-query[3]
		sum[0] += a * a
		sum[1] += b * b
		sum[2] += c * c
		sum[3] += d * d
	}
	for i, q := range query {
		d := component(vector, i) - q
		sum[i] += d * d
	}
	return narrow(math.Sqrt(total(sum)))
}

// narrow makes a score a number of 32 bits, as the service's are: all those that the developer guide shows ("Tutorial: Your first vector search") and the
// largest there is (nubo-db/dynoxide, 2026-08-13).
func narrow(score float64) float64 {
	return float64(float32(min(math.MaxFloat32, max(-math.MaxFloat32, score))))
}

func dotProduct(query []float64, _ float64, vector []byte) float64 {
	var sum [4]float64
	for ; len(query) >= 4; query, vector = query[4:], vector[16:] {
		a, b, c, d := four(vector)
		sum[0] += query[0] * a
		sum[1] += query[1] * b
		sum[2] += query[2] * c
		sum[3] += query[3] * d
	}
	for i, q := range query {
		sum[i] += q * component(vector, i)
	}
	return narrow(total(sum))
}

// squareOf is the squared length of the vector searched for, added up as the lengths of the indexed ones are.
func squareOf(query []float64) float64 {
	var sum [4]float64
	for i, q := range query {
		sum[i%4] += q * q
	}
	return total(sum)
}

func total(sum [4]float64) float64 { return (sum[0] + sum[1]) + (sum[2] + sum[3]) }
