package engine

import (
	"slices"
	"strconv"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// changeVectorIndexes applies VectorIndexUpdates and returns the names of the indexes that come and go.
func changeVectorIndexes(t *catalog.Table, in *updateTableInput) (created, deleted []string, err error) {
	if len(in.VectorIndexUpdates) > 1 {
		return nil, nil, errOneIndex()
	}
	for i := range in.VectorIndexUpdates {
		u := &in.VectorIndexUpdates[i]
		switch {
		case u.Create != nil && u.Delete == nil:
			x, err := createVectorIndex(t, u.Create, in.AttributeDefinitions)
			if err != nil {
				return nil, nil, err
			}
			t.Indexes = append(t.Indexes, x)
			created = append(created, x.Name)
		case u.Delete != nil && u.Create == nil:
			name := u.Delete.IndexName
			if x := t.Index(name); x == nil || x.Vector == nil {
				return nil, nil, &apiError{Type: "ResourceNotFoundException", Message: "Requested resource not found: Index " + name + " for table " + t.Name}
			}
			deleted = append(deleted, name)
		default:
			return nil, nil, invalidParameter("Each VectorIndexUpdate must have exactly one of Create and Delete")
		}
	}
	return created, deleted, nil
}

// createVectorIndex checks an index that is to be added to a table. The attributes of a search schema must stand in the definitions of the request
// itself, as those of a global index. The order and the words are those of nubo-db/dynoxide and ExtendDB/extenddb, measured in August 2026.
func createVectorIndex(t *catalog.Table, in *vectorIndex, defs []attributeDefinition) (*catalog.Index, error) {
	if !t.OnDemand {
		return nil, errVectorBilling()
	}
	if have := t.Index(in.IndexName); have != nil {
		if have.Status == catalog.Creating || have.Backfilling {
			return nil, errInUse(stillInUse + "Index is being created.  Table: " + t.Name + " Index: " + have.Name)
		}
		return nil, validation("Attempting to create an index which already exists")
	}
	if in.Dimensions <= maxDimensions {
		for _, e := range in.SearchSchema {
			if !definedHere(defs, e.AttributeName) {
				return nil, errSearchUndefined()
			}
		}
	}
	x, err := newVectorIndex(t, in)
	if err != nil {
		return nil, err
	}
	if vectorIndexes(t) == maxVectorIndexes {
		return nil, &apiError{Type: "LimitExceededException", Message: "Subscriber limit exceeded: Number of vector secondary indexes exceeds per-table limit of " +
			strconv.Itoa(maxVectorIndexes)}
	}
	if err := checkDimensions(t, x); err != nil {
		return nil, err
	}
	if definedHere(defs, x.Vector.Attribute) {
		return nil, errVectorDefined(x)
	}
	keys := []catalog.Schema{t.Key}
	for _, y := range t.Indexes {
		keys = append(keys, y.Key)
	}
	for _, k := range keys {
		if k.Has(x.Vector.Attribute) {
			return nil, errRedefined(schemaText(k), vectorText(x.Vector))
		}
	}
	return x, nil
}

// vectorInfo is the definition of a vector index as the API shows it.
func vectorInfo(x *catalog.Index) vectorIndexInfo {
	info := vectorIndexInfo{
		IndexName: x.Name, VectorAttribute: &vectorAttribute{x.Vector.Attribute},
		Projection: describeProjection(x),
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
