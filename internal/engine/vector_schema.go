package engine

import (
	"slices"
	"strconv"

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
		return nil, invalidParameter("Dimensions of vector index " + in.IndexName + " must be between 1 and " + strconv.Itoa(maxDimensions) +
			" inclusive. Dimensions: " + strconv.FormatInt(in.Dimensions, 10))
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
			return invalidParameter("One element in SearchSchema is not defined in attribute definitions")
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
	if len(x.Key.Hash) > 1 {
		return invalidParameter("SearchSchema may have at most 1 HASH element")
	}
	if filters > maxInlineFilters {
		return invalidParameter("SearchSchema may have at most " + strconv.Itoa(maxInlineFilters) + " INLINE_FILTER elements")
	}
	return nil
}

// checkVectorIndexes checks what holds for the vector indexes of a table together.
func checkVectorIndexes(t *catalog.Table) error {
	n, dimensions := 0, map[string]int{}
	for _, x := range t.Indexes {
		v := x.Vector
		if v == nil {
			continue
		}
		if n++; n > maxVectorIndexes {
			return invalidParameter("VectorIndex count exceeds the per-table limit of " + strconv.Itoa(maxVectorIndexes))
		}
		if d := dimensions[v.Attribute]; d != 0 && d != v.Dimensions {
			return invalidParameter("Attributes cannot be redefined")
		}
		dimensions[v.Attribute] = v.Dimensions
		// A key is a scalar, a vector is a list: one attribute cannot be both.
		if _, ok := t.Definition(v.Attribute); ok {
			return invalidParameter("Attributes cannot be redefined")
		}
	}
	if n > 0 && !t.OnDemand {
		return invalidParameter("Vector indexes are only supported on tables with BillingMode PAY_PER_REQUEST")
	}
	return nil
}

// changeVectorIndexes applies VectorIndexUpdates and returns the names of the indexes that come and go. The attributes of a
// search schema must stand in the definitions of the request itself, as those of a global index.
func changeVectorIndexes(t *catalog.Table, in *updateTableInput) (created, deleted []string, err error) {
	for i := range in.VectorIndexUpdates {
		u := &in.VectorIndexUpdates[i]
		switch {
		case u.Create != nil && u.Delete == nil:
			for _, e := range u.Create.SearchSchema {
				if !definedHere(in.AttributeDefinitions, e.AttributeName) {
					return nil, nil, invalidParameter("One element in SearchSchema is not defined in attribute definitions")
				}
			}
			x, err := newVectorIndex(t, u.Create)
			if err != nil {
				return nil, nil, err
			}
			t.Indexes = append(t.Indexes, x)
			created = append(created, x.Name)
		case u.Delete != nil && u.Create == nil:
			if x := t.Index(u.Delete.IndexName); x == nil || x.Vector == nil {
				return nil, nil, errNoTable()
			}
			deleted = append(deleted, u.Delete.IndexName)
		default:
			return nil, nil, invalidParameter("Each VectorIndexUpdate must have exactly one of Create and Delete")
		}
	}
	return created, deleted, checkVectorIndexes(t)
}

// vectorInfo is the definition of a vector index as the API shows it.
func vectorInfo(x *catalog.Index) vectorIndexInfo {
	info := vectorIndexInfo{
		IndexName: x.Name, VectorAttribute: &vectorAttribute{x.Vector.Attribute},
		Projection: &projection{ProjectionType: x.Projection, NonKeyAttributes: x.Include},
		Dimensions: int64(x.Vector.Dimensions), DistanceFunction: x.Vector.Distance,
	}
	for _, e := range x.Vector.Search {
		role := "INLINE_FILTER"
		if e.Hash {
			role = "HASH"
		}
		info.SearchSchema = append(info.SearchSchema, searchElement{e.Name, role})
	}
	return info
}

// overrideVectorIndexes checks the vector indexes a restore names: each must be one of the source's as it is there; leaving
// some out is what an override can do (API reference, RestoreTableFromBackup: VectorIndexOverride).
func overrideVectorIndexes(t *catalog.Table, in []vectorIndex) (keep map[string]bool, err error) {
	keep = map[string]bool{}
	for i := range in {
		v := &in[i]
		x := t.Index(v.IndexName)
		if x == nil || x.Vector == nil {
			return nil, invalidParameter("Index " + v.IndexName + " is not a vector index of the source table")
		}
		info := vectorInfo(x)
		if *info.VectorAttribute != *v.VectorAttribute || !slices.Equal(info.SearchSchema, v.SearchSchema) ||
			info.Dimensions != v.Dimensions || info.DistanceFunction != v.DistanceFunction ||
			info.Projection.ProjectionType != v.Projection.ProjectionType || !sameNames(info.Projection.NonKeyAttributes, v.Projection.NonKeyAttributes) {
			return nil, invalidParameter("The definition of vector index " + v.IndexName + " must be that of the source table")
		}
		keep[v.IndexName] = true
	}
	return keep, nil
}
