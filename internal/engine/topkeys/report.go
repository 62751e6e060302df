package topkeys

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Question is what a report is about (API reference, GetInsightRuleReport).
type Question struct {
	Start, End time.Time     // the minutes that begin from Start, before End
	Period     time.Duration // of one data point; rounded up to whole minutes
	Most       int           // contributors to name
	ByPeak     bool          // rank by the largest single contribution and not by the sum
}

// Report is the answer to a Question. Unique is an estimate where more keys came than there was room for.
type Report struct {
	Sum          float64
	Unique       int64
	Contributors []Contributor // the busiest first
	Points       []Point       // of all contributors, by time
}

// Contributor is a key with what it contributed.
type Contributor struct {
	Key    string
	Sum    float64
	Points []Share // by time; only periods with anything
}

// Share is what one key contributed in one period.
type Share struct {
	At    time.Time
	Value float64
}

// Point is what all contributors did in one period.
type Point struct {
	At          time.Time
	Unique      float64
	Largest     float64 // of one contributor
	Count       int64   // of contributions
	Sum         float64
	Least, Most float64 // single contributions
}

// sum is what is known of a key over several minutes.
type sum struct {
	value, peak float64
	shares      []Share
}

// Report answers a question about the series, from the minutes that are kept: at most Window.
func (s *Series) Report(q Question) Report {
	s.mu.Lock()
	defer s.mu.Unlock()
	period := max(1, int64((q.Period+time.Minute-1)/time.Minute))
	var out Report
	keys := map[string]*sum{}
	all := crowd{}
	for i := 0; i < len(s.minutes); {
		start := s.minutes[i].at - s.minutes[i].at%period
		p := Point{At: time.Unix(start*60, 0).UTC()}
		here, in := map[string]float64{}, crowd{}
		for ; i < len(s.minutes) && s.minutes[i].at < start+period; i++ {
			m := s.minutes[i]
			if at := time.Unix(m.at*60, 0); m.count == 0 || at.Add(time.Minute).Compare(q.Start) <= 0 || !at.Before(q.End) {
				continue
			}
			p.add(m)
			in.add(m)
			all.add(m)
			for _, x := range m.top.slots {
				here[x.key] += x.value
				if keys[x.key] == nil {
					keys[x.key] = &sum{}
				}
				keys[x.key].peak = max(keys[x.key].peak, x.peak)
			}
		}
		if p.Count == 0 {
			continue
		}
		for key, value := range here {
			p.Largest = max(p.Largest, value)
			keys[key].value += value
			keys[key].shares = append(keys[key].shares, Share{p.At, value})
		}
		p.Unique = in.size()
		out.Points = append(out.Points, p)
		out.Sum += p.Sum
	}
	out.Unique = int64(all.size())
	out.Contributors = busiest(keys, q)
	return out
}

func busiest(keys map[string]*sum, q Question) []Contributor {
	names := make([]string, 0, len(keys))
	for key := range keys {
		names = append(names, key)
	}
	rank := func(key string) float64 {
		if q.ByPeak {
			return keys[key].peak
		}
		return keys[key].value
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(rank(b), rank(a)), cmp.Compare(a, b)) })
	var out []Contributor
	for _, key := range names[:min(len(names), q.Most)] {
		out = append(out, Contributor{key, keys[key].value, keys[key].shares})
	}
	return out
}

// add puts a minute's contributions in.
func (p *Point) add(m *minute) {
	if p.Count == 0 {
		p.Least, p.Most = math.Inf(1), math.Inf(-1)
	}
	p.Count += m.count
	p.Sum += m.sum
	p.Least, p.Most = min(p.Least, m.least), max(p.Most, m.most)
}

// crowd counts the different keys of several minutes: exactly while each minute had few.
type crowd struct {
	keys   map[string]bool
	sketch *sketch
}

func (c *crowd) add(m *minute) {
	if m.unique != nil && c.sketch == nil {
		c.sketch = new(sketch)
		for key := range c.keys {
			c.sketch.add([]byte(key))
		}
		c.keys = nil
	}
	switch {
	case m.unique != nil:
		c.sketch.merge(m.unique)
	case c.sketch != nil:
		for _, x := range m.top.slots {
			c.sketch.add([]byte(x.key))
		}
	default:
		if c.keys == nil {
			c.keys = map[string]bool{}
		}
		for _, x := range m.top.slots {
			c.keys[x.key] = true
		}
	}
}

func (c *crowd) size() float64 {
	if c.sketch != nil {
		return c.sketch.estimate()
	}
	return float64(len(c.keys))
}
