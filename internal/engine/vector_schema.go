package engine

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// Limits of vector indexes (Developer Guide, "Service quotas", vector indexes).
const (
	maxVectorIndexes   = 5
	maxDimensions      = 4096
	maxInlineFilters   = 18
	maxVectorProjected = 20 // projected attributes that are no keys, with the vector and the inline filters
)

// addVectorIndexes checks the vector indexes of a new table and adds them.
func addVectorIndexes(t *catalog.Table, in []vectorIndex) error {
	if in == nil {
		return nil
	}
	if len(in) == 0 {
		return invalidParameter("List of VectorIndexes is empty")
	}
	for i := range in {
		x, err := newVectorIndex(t, &in[i])
		if err != nil {
			return err
		}
		t.Indexes = append(t.Indexes, x)
	}
	return checkVectorIndexes(t)
}

// newVectorIndex checks a vector index against the table it is to belong to.
func newVectorIndex(t *catalog.Table, in *vectorIndex) (*catalog.Index, error) {
	if t.Index(in.IndexName) != nil {
		return nil, invalidParameter("Duplicate index name: " + in.IndexName)
	}
	if in.Dimensions > maxDimensions {
		return nil, invalidParameter("Number of dimensions must be between 1 and " + strconv.Itoa(maxDimensions) + " inclusive.")
	}
	if err := checkProjection(in.Projection); err != nil {
		return nil, err
	}
	x := &catalog.Index{
		Name: in.IndexName, Projection: in.Projection.ProjectionType, Include: in.Projection.NonKeyAttributes, Status: catalog.Active,
		Vector: &catalog.Vector{
			Attribute: in.VectorAttribute.AttributeName, Dimensions: int(in.Dimensions), Distance: in.DistanceFunction,
		},
	}
	if err := setSearchSchema(t, x, in.SearchSchema); err != nil {
		return nil, err
	}
	if n := len(x.Include) + 1 + len(x.Vector.Filters()); n > maxVectorProjected {
		return nil, invalidParameter("Number of projected attributes of vector index " + x.Name + " exceeds the per-index limit of " +
			strconv.Itoa(maxVectorProjected) + ": the vector attribute and each INLINE_FILTER count as one")
	}
	return x, nil
}

// setSearchSchema checks a search schema and gives it to an index.
func setSearchSchema(t *catalog.Table, x *catalog.Index, in []searchElement) error {
	filters := 0
	for i, e := range in {
		if slices.ContainsFunc(in[:i], func(f searchElement) bool { return f.AttributeName == e.AttributeName }) {
			return invalidParameter("Duplicate attribute in SearchSchema: " + e.AttributeName)
		}
		kind, ok := t.Definition(e.AttributeName)
		if !ok {
			return errSearchUndefined()
		}
		k := catalog.KeyAttribute{Name: e.AttributeName, Type: kind}
		hash := e.Type == "HASH"
		if !hash {
			filters++
		} else {
			x.Key.Hash = append(x.Key.Hash, k)
		}
		x.Vector.Search = append(x.Vector.Search, catalog.SearchElement{KeyAttribute: k, Hash: hash})
	}
	if n := len(x.Key.Hash); n > 1 {
		return errSearchCount("HASH", n, 1)
	}
	if filters > maxInlineFilters {
		return errSearchCount("INLINE_FILTER", filters, maxInlineFilters)
	}
	return nil
}

func errSearchUndefined() error {
	return invalidParameter("One element in SearchSchema is not defined in attribute definitions")
}

func errSearchCount(kind string, n, most int) error {
	return invalidParameter("Value '" + strconv.Itoa(n) + "' at 'SearchSchema' failed to satisfy constraint: Member must have " + kind +
		" count less than or equal to " + strconv.Itoa(most))
}

// checkVectorIndexes checks what holds for the vector indexes of a new table together.
func checkVectorIndexes(t *catalog.Table) error {
	switch n := vectorIndexes(t); {
	case n > 0 && !t.OnDemand:
		return errVectorBilling()
	case n > maxVectorIndexes:
		return invalidParameter("VectorIndex count exceeds the per-table limit of " + strconv.Itoa(maxVectorIndexes))
	}
	for _, x := range t.Indexes {
		if x.Vector == nil {
			continue
		}
		if err := checkDimensions(t, x); err != nil {
			return err
		}
		if _, ok := t.Definition(x.Vector.Attribute); ok {
			return errVectorDefined(x)
		}
	}
	return nil
}

func vectorIndexes(t *catalog.Table) int {
	n := 0
	for _, x := range t.Indexes {
		if x.Vector != nil {
			n++
		}
	}
	return n
}

func errVectorBilling() error {
	return invalidParameter("Vector indexes are only supported for PAY_PER_REQUEST tables")
}

// checkDimensions makes sure that all indexes on one attribute take vectors of one length.
func checkDimensions(t *catalog.Table, x *catalog.Index) error {
	if slices.ContainsFunc(t.Indexes, func(y *catalog.Index) bool {
		return y.Vector != nil && y.Vector.Attribute == x.Vector.Attribute && y.Vector.Dimensions != x.Vector.Dimensions
	}) {
		return invalidParameter("Conflicting attribute definition for '" + x.Vector.Attribute +
			"'. All VectorIndexes on the same vector attribute must use the same dimensions.")
	}
	return nil
}

// A key is a scalar, a vector is a list: one attribute cannot be both.

func errVectorDefined(x *catalog.Index) error {
	return invalidParameter("Conflicting attribute definition for '" + x.Vector.Attribute +
		"'. An attribute cannot be defined in AttributeDefinitions when used as a VectorAttribute.")
}

func errRedefined(existing, proposed string) error {
	return invalidParameter("Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. Existing schema: " +
		existing + " New schema: " + proposed)
}

// schemaText shows a key as the service does in messages.
func schemaText(s catalog.Schema) string {
	var parts []string
	for i, k := range s.Attributes() {
		role := "HASH"
		if i >= len(s.Hash) {
			role = "RANGE"
		}
		parts = append(parts, "SchemaElement: key{"+k.Name+":"+k.Type.String()+":"+role+"}")
	}
	return "Schema:[" + strings.Join(parts, ", ") + "]"
}

func vectorText(v *catalog.Vector) string {
	return "VectorIndexSchema:[VectorAttribute: key{" + v.Attribute + ":L:" + strconv.Itoa(v.Dimensions) + "}]"
}

// checkNoVector refuses the key of a new index of which an attribute is a vector already.
func checkNoVector(t *catalog.Table, key catalog.Schema) error {
	for _, x := range t.Indexes {
		if x.Vector != nil && key.Has(x.Vector.Attribute) {
			return errRedefined(vectorText(x.Vector), schemaText(key))
		}
	}
	return nil
}
