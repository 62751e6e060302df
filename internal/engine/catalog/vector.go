package catalog

// Vector is what makes an index a vector index: it finds the items whose vectors are nearest to one that is given
// (Developer Guide, "Working with vector indexes"). The partition key of such an index, if it has one, stands in
// Index.Key.Hash.
type Vector struct {
	Attribute  string // top-level attribute that holds the vector, a list of numbers
	Dimensions int
	Distance   string          // COSINE, EUCLIDEAN, DOT_PRODUCT
	Search     []SearchElement `json:",omitempty"` // SearchSchema, in the order given
}

// SearchElement is an attribute by which a search in a vector index is narrowed.
type SearchElement struct {
	KeyAttribute
	Hash bool // the partition key; otherwise an inline filter
}

// Filters are the attributes that a search may compare but need not.
func (v *Vector) Filters() []KeyAttribute {
	var out []KeyAttribute
	for _, e := range v.Search {
		if !e.Hash {
			out = append(out, e.KeyAttribute)
		}
	}
	return out
}

// Defined lists the attributes of the index that AttributeDefinitions must name: its key and inline filters.
func (x *Index) Defined() []KeyAttribute {
	out := x.Key.Attributes()
	if x.Vector != nil {
		out = append(out, x.Vector.Filters()...)
	}
	return out
}

// Element finds an attribute of the search schema by name; false where it is none.
func (v *Vector) Element(name string) (SearchElement, bool) {
	for _, e := range v.Search {
		if e.Name == name {
			return e, true
		}
	}
	return SearchElement{}, false
}
