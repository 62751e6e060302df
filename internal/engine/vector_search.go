package engine

import (
	"slices"
	"strconv"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/expression"
	"github.com/ddb-cli/ddb/internal/engine/storage"
)

// maxTopK is the largest number of results of a search, and maxSearchAnswer how large its answer may be (Developer Guide,
// "Service quotas", vector indexes; "Vector indexes: Requirements and limitations").
const (
	maxTopK         = 100
	maxSearchAnswer = 16 << 20
)

// The service names IndexName, SearchVector and TopK of a search as they are on the wire and without their values (ExtendDB/extenddb, its handler of the
// operation; nubo-db/dynoxide, recordings of 2026-08-13).
type searchVectorsInput struct {
	TableName                 string       `wire:"TableName,required,min=1,max=1024,table"`
	IndexName                 string       `wire:"IndexName,required,min=3,max=255,pattern=[a-zA-Z0-9_.-]+,name=IndexName,unvalued"`
	SearchVector              []attr.Value `wire:"SearchVector,required,min=1,max=4096,name=SearchVector,unvalued"`
	TopK                      whole        `wire:"TopK,required,min=1,name=TopK,unvalued"`
	SearchConditionExpression *string      `wire:"SearchConditionExpression"`
	ProjectionExpression      *string      `wire:"ProjectionExpression"`
	ReturnConsumedCapacity    string       `wire:"ReturnConsumedCapacity,enum=INDEXES|TOTAL|NONE"`
	expressionInput
}

// searchVectors answers with the items whose vectors are nearest to the one given, the nearest first. The search is exact:
// every vector of the partition is compared. Equal scores stand in the order of the index's keys, so an answer is always
// the same for the same items.
func searchVectors(c *call, in *searchVectorsInput, out []byte) ([]byte, error) {
	query, err := in.vector()
	if err != nil {
		return nil, err
	}
	condition, projection, err := in.plan()
	if err != nil {
		return nil, err
	}
	t, err := c.table(in.TableName)
	if err != nil {
		return nil, err
	}
	if err := checkScalars(t, condition, projection); err != nil {
		return nil, err
	}
	x, err := searchable(t, in.IndexName)
	if err != nil {
		return nil, err
	}
	if len(query) != x.Vector.Dimensions {
		return nil, validation("Input search vector dimension " + strconv.Itoa(len(query)) + " does not match vector index dimension " +
			strconv.Itoa(x.Vector.Dimensions))
	}
	hash, err := searchKey(x, condition)
	if err != nil {
		return nil, err
	}
	s := newVectorSearch(x, query, int(in.TopK))
	if len(x.Vector.Filters()) > 0 {
		s.filter = condition
	}
	start := indexSpace(x).appendPartition(nil, hash...)
	if err := s.run(c, c.e.store, storage.Span{Start: start, End: storage.PrefixEnd(start)}); err != nil {
		return nil, err
	}
	return s.answer(out, projection, in.ReturnConsumedCapacity)
}

// vector reads the vector to search for, as the 32-bit numbers the index compares it with.
func (in *searchVectorsInput) vector() ([]float64, error) {
	if in.TopK > maxTopK {
		return nil, validation("Provided TopK value '" + strconv.Itoa(int(in.TopK)) +
			"' is out of valid range. The value must be between 1 and " + strconv.Itoa(maxTopK) + " inclusive")
	}
	query := make([]float64, len(in.SearchVector))
	for i, v := range in.SearchVector {
		f, err := strconv.ParseFloat(v.Str, 32)
		if v.Kind != attr.N || err != nil {
			return nil, validation("Search vector contains invalid values. All values in the search vector must be a 32-bit floating-point number attribute")
		}
		query[i] = f
	}
	return query, nil
}

// plan reads the expressions. Both plans may be nil.
func (in *searchVectorsInput) plan() (*expression.Condition, *expression.Projection, error) {
	x := in.context()
	var condition *expression.Condition
	var projection *expression.Projection
	var err error
	if in.SearchConditionExpression != nil {
		if condition, err = x.Condition(expression.SearchConditions, *in.SearchConditionExpression); err != nil {
			return nil, nil, err
		}
		if _, err = condition.Equalities(); err != nil {
			return nil, nil, err
		}
	}
	if in.ProjectionExpression != nil {
		if projection, err = x.Projection(*in.ProjectionExpression); err != nil {
			return nil, nil, err
		}
	}
	return condition, projection, x.Finish(expression.SearchConditions)
}

// searchable finds the vector index a search names, which must be ready. While its resources are allocated it is not there
// yet (Developer Guide, "Troubleshooting vector indexes").
func searchable(t *catalog.Table, name string) (*catalog.Index, error) {
	x := t.Index(name)
	switch {
	case x == nil || x.Status == catalog.Deleting || x.Status == catalog.Creating && t.Status != catalog.Active:
		return nil, validation("The table does not have the specified index: " + name)
	case x.Vector == nil:
		return nil, validation("SearchVectors operation not supported on this index type")
	case x.Backfilling || x.Status == catalog.Creating:
		return nil, validation("Cannot search backfilling vector index: " + name)
	}
	return x, nil
}

// searchKey fits a search's condition to the index's search schema: the partition key must be given when there is one,
// filters may be, and nothing else can.
func searchKey(x *catalog.Index, condition *expression.Condition) ([]attr.Value, error) {
	var given []expression.Equality
	if condition != nil {
		given, _ = condition.Equalities() // was read before
	}
	for _, e := range given {
		if _, ok := x.Vector.Element(e.Name); !ok {
			return nil, validation("SearchConditionExpression must not contain any attributes that is not in SearchSchema. Invalid attribute: " + e.Name)
		}
	}
	for _, k := range x.Key.Hash {
		switch { // both measured in us-east-1, August 2026 (ExtendDB/extenddb, source)
		case slices.ContainsFunc(given, func(e expression.Equality) bool { return e.Name == k.Name }):
		case condition == nil:
			return nil, validation("SearchConditionExpression must be provided when SearchSchema has a HASH key")
		default:
			return nil, validation("SearchConditionExpression must have all HASH attributes in configured SearchSchema")
		}
	}
	var hash []attr.Value
	for _, e := range given {
		s, _ := x.Vector.Element(e.Name)
		if e.Value.Kind != s.Type {
			return nil, validation("Type of '" + s.Name + "' attribute in SearchConditionExpression (" + e.Value.Kind.String() +
				") does not match type in search schema (" + s.Type.String() + ")")
		}
		if !s.Hash {
			continue
		}
		if err := checkPartitionKey(s.Name, e.Value); err != nil {
			return nil, err
		}
		hash = append(hash, e.Value)
	}
	return hash, nil
}

// errVectorIndex refuses an operation that reads an index by its key: a vector index is for SearchVectors alone. The
// service ends the sentence with a full stop for Query only, and takes every statement for a scan.
func (c *call) errVectorIndex() error {
	if c.action == "Query" {
		return validation("Query operation not supported on this index type.")
	}
	return validation("Scan operation not supported on this index type")
}
