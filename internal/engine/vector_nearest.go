package engine

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/expression"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// vectorSearch finds the nearest vectors of a partition: one walk over its entries, scoring them where they lie and
// keeping the best so far, so that it allocates for what it answers and not for what it looks at.
type vectorSearch struct {
	index    *catalog.Index
	distance distance
	query    []float64
	square   float64               // the query's length, squared
	filter   *expression.Condition // nil: every entry
	k        int

	best []candidate // a heap, the farthest first
	held int         // bytes of its entries

	seen int
	turn turn
	reading
}

// candidate is one of the nearest so far.
type candidate struct {
	rank, score float64
	at          int    // place in the walk, which is the order of the keys
	size        int    // of the entry
	wire        []byte // the entry
}

// farther orders candidates: by rank, then by key.
func farther(a, b candidate) int { return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.at, b.at)) }

func newVectorSearch(x *catalog.Index, query []float64, k int) *vectorSearch {
	return &vectorSearch{
		index: x, distance: distances[x.Vector.Distance], query: query, square: squareOf(query), k: k, best: make([]candidate, 0, k),
	}
}

// run scores the entries of a span.
func (s *vectorSearch) run(c *call, r storage.Reader, sp storage.Span) (err error) {
	defer s.turn.end(c)
	for {
		if s.it, err = r.Iter(sp); err != nil {
			return err
		}
		if err = s.walk(c); err != nil || s.it != nil {
			return errors.Join(err, s.close())
		}
		sp.Start = slices.Concat(s.after, []byte{0})
	}
}

// walk scores what the iterator finds, until it is closed because the search had to wait.
func (s *vectorSearch) walk(c *call) error {
	n := vectorBytes(s.index)
	for ok := s.it.First(); ok; ok = s.it.Next() {
		s.seen++
		row, err := s.it.Value()
		if err != nil {
			return err
		}
		wire, size, err := splitRow(row)
		if err != nil {
			return err
		}
		if len(wire) < n+2 {
			return fmt.Errorf("%w: an entry of %d bytes holds no vector", storage.ErrDamaged, len(wire))
		}
		if err := s.score(wire, size); err != nil {
			return err
		}
		if s.held > FreeAnswer {
			s.turn.end(c) // others wait for it who may have the room
			err = c.needRoom(max(manyAnswer, 2*int64(s.held)), s)
		}
		if err == nil {
			err = s.turn.work(c, len(wire), s.filter.Operators(), s)
		}
		if err = errors.Join(err, s.failed); err != nil || s.it == nil {
			return err
		}
	}
	return nil
}

// score looks at one entry.
func (s *vectorSearch) score(wire []byte, size int) error {
	n := vectorBytes(s.index)
	if s.filter != nil {
		if ok, err := s.filter.MatchWire(wire[n:]); err != nil || !ok {
			return err
		}
	}
	score := s.distance.score(s.query, s.square, wire[:n])
	s.offer(candidate{rank: s.distance.rank(score), score: score, at: s.seen, size: size, wire: wire})
	return nil
}

// offer takes a candidate in when it is among the nearest. Its wire is copied then.
func (s *vectorSearch) offer(c candidate) {
	if len(s.best) < s.k {
		c.wire = slices.Clone(c.wire)
		s.held += len(c.wire)
		s.best = append(s.best, c)
		s.up(len(s.best) - 1)
		return
	}
	if farther(c, s.best[0]) >= 0 {
		return
	}
	s.held += len(c.wire) - len(s.best[0].wire)
	c.wire = append(s.best[0].wire[:0], c.wire...)
	s.best[0] = c
	s.down(0)
}

func (s *vectorSearch) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if farther(s.best[i], s.best[parent]) <= 0 {
			return
		}
		s.best[i], s.best[parent] = s.best[parent], s.best[i]
		i = parent
	}
}

func (s *vectorSearch) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(s.best) {
			return
		}
		if child+1 < len(s.best) && farther(s.best[child+1], s.best[child]) > 0 {
			child++
		}
		if farther(s.best[child], s.best[i]) <= 0 {
			return
		}
		s.best[i], s.best[child] = s.best[child], s.best[i]
		i = child
	}
}

// answer appends the answer of SearchVectors: the nearest first, as many as an answer may hold.
func (s *vectorSearch) answer(out []byte, projection *expression.Projection, capacity string) ([]byte, error) {
	slices.SortFunc(s.best, farther)
	out = append(out, `{"SearchResults":[`...)
	start, results, returned := len(out), 0, 0
	for i := range s.best {
		mark := len(out)
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, `{"Item":`...)
		var size int
		var err error
		if out, size, err = s.appendItem(out, &s.best[i], projection); err != nil {
			return nil, err
		}
		out = append(appendFloat(append(out, `,"Score":`...), s.best[i].score), '}')
		if len(out)-start > maxSearchAnswer {
			out = out[:mark]
			break
		}
		results++
		returned += size
	}
	out = append(out, ']')
	if capacity == "TOTAL" || capacity == "INDEXES" {
		taken := searchBytes(s.index, results, returned)
		// The service gives the figure twice, once by a name that the SDKs' model does not have.
		out = appendFloat(append(out, `,"ConsumedCapacity":{"VectorSearchRequestBytes":`...), taken)
		out = append(appendFloat(append(out, `,"VectorSearchUnits":`...), taken), '}')
	}
	return append(out, '}'), nil
}

// searchBytes is the capacity of a search: so much a dimension of the index, so much a result, and the bytes of what is returned, a vector being four of
// them a dimension. How many vectors there are does not count. The figures are measurements of searches in whole indexes (us-east-1, August 2026:
// ExtendDB/extenddb, source); one within a partition of the search schema was seen to take some less, by a rule that nobody has published.
func searchBytes(x *catalog.Index, results, returned int) float64 {
	const aDimension, aResult = 30.6875, 65
	return max(minVectorRequest, aDimension*float64(x.Vector.Dimensions)+float64(aResult*results+returned))
}

// appendItem appends the item of a result and gives its size. The vector is left out unless the projection asks for it; an
// attribute that the index does not hold is left out without a word (Developer Guide, "Searching with SearchVectors").
func (s *vectorSearch) appendItem(dst []byte, c *candidate, projection *expression.Projection) ([]byte, int, error) {
	n := vectorBytes(s.index)
	wire, size := c.wire[n:], c.size-n
	if projection == nil {
		return append(dst, wire...), size, nil
	}
	if slices.Contains(projection.Attributes(), s.index.Vector.Attribute) {
		wire, size = withVector(s.index, c.wire), c.size
	}
	dst, err := projection.AppendWire(dst, wire)
	return dst, size, err
}

// withVector is an entry's item with the vector among its attributes.
func withVector(x *catalog.Index, entry []byte) []byte {
	n := vectorBytes(x)
	out := append(attr.AppendName([]byte{'{'}, x.Vector.Attribute), `{"L":[`...)
	var small [32]byte
	for i := range x.Vector.Dimensions {
		if i > 0 {
			out = append(out, ',')
		}
		text := strconv.AppendFloat(small[:0], component(entry, i), 'f', -1, 32)
		normal, err := attr.NormalizeNumber(string(text))
		if err != nil {
			normal = string(text)
		}
		out = append(append(append(out, `{"N":"`...), normal...), `"}`...)
	}
	out = append(out, "]}"...)
	if rest := entry[n+1:]; len(rest) > 1 {
		out = append(out, ',')
	}
	return append(out, entry[n+1:]...)
}
