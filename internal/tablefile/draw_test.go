package tablefile

import "pgregory.net/rapid"

// drawTable makes any table that a file can say.
func drawTable(t *rapid.T) *Table {
	name := rapid.StringMatching(`[a-zA-Z0-9_.-]{3,20}`)
	text := rapid.StringMatching(`[ -~äß€]{1,12}`)
	attribute := rapid.OneOf(rapid.StringMatching(`[a-z]{1,8}`), text)
	types := map[string]string{}
	key := func(sort bool) Key {
		n := attribute.Draw(t, "attribute")
		if types[n] == "" {
			types[n] = rapid.SampledFrom([]string{"S", "N", "B"}).Draw(t, "type")
		}
		return Key{n, types[n], sort}
	}
	keys := func() []Key {
		k := []Key{key(false)}
		if rapid.Bool().Draw(t, "sort") {
			k = append(k, key(true))
		}
		return k
	}
	units := func(most bool) *Units {
		if !rapid.Bool().Draw(t, "units") {
			return nil
		}
		u := &Units{rapid.Int64Range(1, 1e6).Draw(t, "read"), rapid.Int64Range(1, 1e6).Draw(t, "write")}
		if most && rapid.Bool().Draw(t, "unlimited") {
			u.Write = Unlimited
		}
		return u
	}
	projection := func() Projection {
		switch rapid.IntRange(0, 2).Draw(t, "projection") {
		case 0:
			return Projection{Kind: "all"}
		case 1:
			return Projection{Kind: "keys"}
		}
		return Projection{"include", rapid.SliceOfN(text, 1, 3).Draw(t, "include")}
	}
	word := func(words ...string) string { return rapid.SampledFrom(append(words, "")).Draw(t, "word") }
	x := &Table{
		Name: name.Draw(t, "name"), Keys: keys(), Billing: word(OnDemand, Provisioned), Warm: units(false), Stream: word("new", "old", "keys", "new-and-old", Off),
		Class: word("standard", "infrequent-access"), Protection: word(On, Off), Encryption: word(AWSOwned, AWSManaged, "arn:aws:kms:eu-west-1:1:key/x"),
		Insights: word("all", "throttled", Off), Policy: word(Off, `{"Statement":[{"Resource":"${table-arn}"}],"Version":"2012-10-17"}`),
		TTL: word("expires", "at the end", Off),
	}
	if x.Billing == OnDemand {
		x.Max = units(true)
	}
	if x.Billing == Provisioned {
		x.Capacity, x.Scaling = units(false), drawScaling(t)
	}
	if rapid.Bool().Draw(t, "indexes") {
		x.Indexes = []Index{}
		seen := map[string]bool{}
		for range rapid.IntRange(0, 3).Draw(t, "n") {
			i := Index{Name: name.Draw(t, "index"), Keys: keys(), Projection: projection(), Warm: units(false), Insights: word("all", Off)}
			if x.Billing == Provisioned {
				i.Scaling = drawScaling(t)
			}
			if !seen[i.Name] {
				x.Indexes = append(x.Indexes, i)
			}
			seen[i.Name] = true
		}
	}
	if rapid.Bool().Draw(t, "vectors") {
		x.Vectors = []Vector{{Name: "ByMeaning", Attribute: text.Draw(t, "vector"), Dimensions: 3, Distance: "cosine", Projection: projection()}}
	}
	if rapid.Bool().Draw(t, "pitr") {
		days := rapid.IntRange(0, 35).Draw(t, "days")
		x.PITR = &days
	}
	if rapid.Bool().Draw(t, "tags") {
		x.Tags = rapid.MapOfN(text, rapid.OneOf(rapid.Just(""), rapid.Just("on"), rapid.Just("007"), rapid.Just("1e3"), rapid.Just("null"), text), 0, 4).Draw(t, "tags")
	}
	if rapid.Bool().Draw(t, "kinesis") {
		x.Kinesis = []Kinesis{{"arn:aws:kinesis:eu-west-1:1:stream/x", word("millisecond", "microsecond")}}
	}
	if rapid.Bool().Draw(t, "replicas") {
		x.Replicas = []Replica{{Region: "eu-west-1", Class: word("standard"), Key: word("arn:aws:kms:eu-west-1:1:key/x"), Read: rapid.Int64Range(0, 9).Draw(t, "read")}}
	}
	return x
}

func drawScaling(t *rapid.T) *Scaling {
	bounds := func() *Bounds {
		switch rapid.IntRange(0, 2).Draw(t, "bounds") {
		case 0:
			return nil
		case 1:
			return &Bounds{}
		}
		least := rapid.Int64Range(1, 100).Draw(t, "min")
		return &Bounds{
			Min: least, Max: least + rapid.Int64Range(0, 100).Draw(t, "more"), Target: rapid.SampledFrom([]float64{20, 55.5, 70, 90}).Draw(t, "target"),
			In: rapid.Int64Range(0, 300).Draw(t, "in"), Out: rapid.Int64Range(0, 300).Draw(t, "out"), Keep: rapid.Bool().Draw(t, "keep"),
		}
	}
	s := &Scaling{bounds(), bounds()}
	if *s == (Scaling{}) {
		return nil
	}
	return s
}
