package engine

import (
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// Limits of tables (Developer Guide, "Service quotas").
const (
	maxLocalIndexes  = 5
	maxGlobalIndexes = 20
	maxIndexKeys     = 4 // attributes of each kind in a global index's key
	maxProjected     = 100

	manyIndexes = 1000 // of which a request is looked at for mistakes; so many are refused anyway, and comparing each with all others takes too long
)

func definitions(in []attributeDefinition) ([]catalog.KeyAttribute, error) {
	out := make([]catalog.KeyAttribute, 0, len(in))
	seen := make(map[string]bool, len(in))
	for _, d := range in {
		if seen[d.AttributeName] {
			return nil, validation("Attribute Name is duplicated: " + d.AttributeName)
		}
		seen[d.AttributeName] = true
		kind, _ := attr.ParseKind(d.AttributeType)
		out = append(out, catalog.KeyAttribute{Name: d.AttributeName, Type: kind})
	}
	return out, nil
}

// tableSchema checks the key of a table or a local index: a HASH and perhaps a RANGE element.
func tableSchema(in []keySchemaElement, defs []catalog.KeyAttribute) (catalog.Schema, error) {
	if len(in) > 2 {
		return catalog.Schema{}, validation("1 validation error detected: Value '" + printedSchema(in) +
			"' at 'keySchema' failed to satisfy constraint: Member must have length less than or equal to 2")
	}
	if in[0].KeyType != "HASH" {
		return catalog.Schema{}, validation("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
	}
	if len(in) == 2 {
		if in[0].AttributeName == in[1].AttributeName {
			return catalog.Schema{}, validation("Both the Hash Key and the Range Key element in the KeySchema have the same name")
		}
		if in[1].KeyType != "RANGE" {
			return catalog.Schema{}, validation("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type")
		}
	}
	return typedSchema(in, defs)
}

// globalSchema checks the key of a global index: one to four HASH elements, then up to four RANGE elements (Developer
// Guide, "Multi-attribute keys").
func globalSchema(in []keySchemaElement, defs []catalog.KeyAttribute) (catalog.Schema, error) {
	if len(in) <= 2 && (len(in) == 1 || in[1].KeyType == "RANGE") {
		return tableSchema(in, defs)
	}
	if in[0].KeyType != "HASH" {
		return catalog.Schema{}, validation("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
	}
	seen := map[string]bool{}
	var hashes, ranges int
	for _, k := range in {
		if seen[k.AttributeName] {
			return catalog.Schema{}, validation("The KeySchema contains multiple key attributes with the same name")
		}
		seen[k.AttributeName] = true
		switch {
		case k.KeyType == "RANGE":
			ranges++
		case ranges > 0:
			return catalog.Schema{}, invalidParameter("All HASH key attributes must precede RANGE key attributes in the KeySchema")
		default:
			hashes++
		}
	}
	const exceeds = "The KeySchema exceeds the maximum allowed number of "
	if hashes > maxIndexKeys {
		return catalog.Schema{}, invalidParameter(exceeds + "HASH key attributes")
	}
	if ranges > maxIndexKeys {
		return catalog.Schema{}, invalidParameter(exceeds + "RANGE key attributes")
	}
	return typedSchema(in, defs)
}

func typedSchema(in []keySchemaElement, defs []catalog.KeyAttribute) (catalog.Schema, error) {
	var s catalog.Schema
	for _, k := range in {
		i := slices.IndexFunc(defs, func(d catalog.KeyAttribute) bool { return d.Name == k.AttributeName })
		if i < 0 {
			return s, errUndefined(in, defs)
		}
		if k.KeyType == "HASH" {
			s.Hash = append(s.Hash, defs[i])
		} else {
			s.Range = append(s.Range, defs[i])
		}
	}
	return s, nil
}

// errUndefined refuses a key that is not defined. Fewer definitions than the key has attributes get other words (nubo-db/dynoxide, October 2026).
func errUndefined(in []keySchemaElement, defs []catalog.KeyAttribute) error {
	if len(defs) < len(in) {
		return validation("Invalid KeySchema: Some index key attribute have no definition")
	}
	return invalidParameter("Some index key attributes are not defined in AttributeDefinitions. Keys: [" +
		javaList(elementNames(in), 0) + "], AttributeDefinitions: [" + javaList(attributeNames(defs), 0) + "]")
}

// checkDefined refuses a key of a table that is not defined, which comes before the form of the key, in other words where the key has two attributes or
// nothing is defined at all (nubo-db/dynoxide, from recordings of the service).
func checkDefined(in []keySchemaElement, defs []catalog.KeyAttribute) error {
	defined := make(map[string]bool, len(defs))
	for _, d := range defs {
		defined[d.Name] = true
	}
	for _, k := range in {
		if defined[k.AttributeName] {
			continue
		}
		if len(in) > 1 || len(defs) == 0 {
			return validation("Invalid KeySchema: Some index key attribute have no definition")
		}
		return errUndefined(in, defs)
	}
	return nil
}

func elementNames(in []keySchemaElement) []string {
	names := make([]string, len(in))
	for i, k := range in {
		names[i] = k.AttributeName
	}
	return names
}

func attributeNames(in []catalog.KeyAttribute) []string {
	names := make([]string, len(in))
	for i, k := range in {
		names[i] = k.Name
	}
	return names
}

// printedSchema is how Java prints a list of objects that have no text of their own.
func printedSchema(in []keySchemaElement) string {
	parts := make([]string, len(in))
	for i, k := range in {
		h := fnv.New32()
		_, _ = h.Write([]byte(k.AttributeName + k.KeyType))
		parts[i] = "com.amazonaws.dynamodb.v20120810.KeySchemaElement@" + strconv.FormatUint(uint64(h.Sum32()), 16)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// checkDefinitionsUsed refuses definitions that no key uses.
func checkDefinitionsUsed(t *catalog.Table) error {
	used := t.Key.Attributes()
	for _, x := range t.Indexes {
		for _, k := range x.Defined() {
			if !slices.Contains(used, k) {
				used = append(used, k)
			}
		}
	}
	if len(used) == len(t.Attributes) {
		return nil
	}
	if len(t.Indexes) == 0 {
		return invalidParameter("Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions")
	}
	return invalidParameter("Some AttributeDefinitions are not used. AttributeDefinitions: [" + javaList(attributeNames(t.Attributes), 0) +
		"], keys used: [" + javaList(attributeNames(used), defaultTable) + "]")
}

// addIndexes checks the indexes of a new table and adds them.
func addIndexes(t *catalog.Table, in *createTableInput) error {
	if in.LocalSecondaryIndexes != nil {
		if err := addLocalIndexes(t, in.LocalSecondaryIndexes); err != nil {
			return err
		}
	}
	if in.GlobalSecondaryIndexes == nil {
		return nil
	}
	if len(in.GlobalSecondaryIndexes) == 0 {
		return invalidParameter("List of GlobalSecondaryIndexes is empty")
	}
	for i := range min(len(in.GlobalSecondaryIndexes), manyIndexes) {
		x, err := newGlobalIndex(t, &in.GlobalSecondaryIndexes[i], t.Attributes)
		if err != nil {
			return err
		}
		t.Indexes = append(t.Indexes, x)
	}
	if err := checkGlobalCount(t); err != nil {
		return err
	}
	return checkProjected(t)
}

func checkGlobalCount(t *catalog.Table) error {
	n := 0
	for _, x := range t.Indexes {
		if !x.Local && x.Vector == nil {
			n++
		}
	}
	if n > maxGlobalIndexes {
		return invalidParameter("GlobalSecondaryIndex count exceeds the per-table limit of " + strconv.Itoa(maxGlobalIndexes))
	}
	return nil
}

// checkProjected counts the attributes that indexes name to be projected, over all indexes of a table.
func checkProjected(t *catalog.Table) error {
	n := 0
	for _, x := range t.Indexes {
		if x.Vector != nil {
			continue // has a limit of its own
		}
		n += len(x.Include)
	}
	if n > maxProjected {
		return invalidParameter("Number of NonKeyAttributes exceeds the per-table limit of " + strconv.Itoa(maxProjected))
	}
	return nil
}

func addLocalIndexes(t *catalog.Table, in []localIndex) error {
	if len(in) == 0 {
		return invalidParameter("List of LocalSecondaryIndexes is empty")
	}
	if len(t.Key.Range) == 0 {
		return invalidParameter("Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex")
	}
	for i := range min(len(in), manyIndexes) {
		l := &in[i]
		key, err := tableSchema(l.KeySchema, t.Attributes)
		if err != nil {
			return err
		}
		if len(key.Range) == 0 {
			return invalidParameter("Index KeySchema does not have a range key for index: " + l.IndexName)
		}
		if key.Hash[0].Name != t.Key.Hash[0].Name {
			return invalidParameter("Index KeySchema does not have the same leading hash key as table KeySchema for index: " + l.IndexName +
				". index hash key: " + key.Hash[0].Name + ", table hash key: " + t.Key.Hash[0].Name)
		}
		if err := checkProjection(l.Projection); err != nil {
			return err
		}
		if t.Index(l.IndexName) != nil {
			return invalidParameter("Duplicate index name: " + l.IndexName)
		}
		t.Indexes = append(t.Indexes, &catalog.Index{
			Name: l.IndexName, Local: true, Key: key, Projection: l.Projection.ProjectionType,
			Include: l.Projection.NonKeyAttributes, Status: catalog.Active,
		})
	}
	if len(in) > maxLocalIndexes {
		return invalidParameter("Number of LocalSecondaryIndexes exceeds per-table limit of " + strconv.Itoa(maxLocalIndexes))
	}
	return checkProjected(t)
}

// newGlobalIndex checks an index against the table it is to belong to and the definitions of the request.
func newGlobalIndex(t *catalog.Table, g *globalIndex, defs []catalog.KeyAttribute) (*catalog.Index, error) {
	key, err := globalSchema(g.KeySchema, defs)
	if err != nil {
		return nil, err
	}
	if err := checkProjection(g.Projection); err != nil {
		return nil, err
	}
	if t.Index(g.IndexName) != nil {
		return nil, invalidParameter("Duplicate index name: " + g.IndexName)
	}
	x := &catalog.Index{
		Name: g.IndexName, Key: key, Projection: g.Projection.ProjectionType, Include: g.Projection.NonKeyAttributes,
		Status: catalog.Active,
	}
	p, fresh := g.ProvisionedThroughput, t.ID == 0
	switch {
	case t.OnDemand && p != nil && fresh:
		return nil, invalidParameter("ProvisionedThroughput should not be specified for index: " + g.IndexName + " when BillingMode is PAY_PER_REQUEST")
	case t.OnDemand && p != nil:
		return nil, errIndexOnDemand(g.IndexName)
	case !t.OnDemand && p == nil && fresh:
		return nil, invalidParameter("ProvisionedThroughput is not specified for index: " + g.IndexName)
	case !t.OnDemand && p == nil:
		return nil, errIndexUnits(g.IndexName)
	case p != nil:
		if err := checkUnits(p); err != nil {
			return nil, err
		}
		x.Provisioned = catalog.Throughput{Read: p.ReadCapacityUnits, Write: p.WriteCapacityUnits}
	}
	if x.OnDemandLimit, err = onDemandLimit(g.OnDemandThroughput, t.OnDemand, g.IndexName); err != nil {
		return nil, err
	}
	x.Warm, err = newWarm(g.WarmThroughput, t.OnDemand, x.Provisioned, x.Name)
	return x, err
}

// What UpdateTable says of the throughput of an index; CreateTable has other words.
func errIndexOnDemand(index string) error {
	return invalidParameter("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: " + index + " when BillingMode is PAY_PER_REQUEST")
}

func errIndexUnits(index string) error {
	return invalidParameter("Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: " + index)
}

func checkProjection(p *projection) error {
	switch {
	case p.ProjectionType == "":
		return invalidParameter("Unknown ProjectionType: null")
	case p.ProjectionType == "INCLUDE" && p.NonKeyAttributes == nil:
		return invalidParameter("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
	case p.ProjectionType != "INCLUDE" && p.NonKeyAttributes != nil:
		return invalidParameter("ProjectionType is " + p.ProjectionType + ", but NonKeyAttributes is specified")
	}
	for i, name := range p.NonKeyAttributes {
		if slices.Contains(p.NonKeyAttributes[:i], name) {
			return invalidParameter("Duplicate element in NonKeyAttributes: " + name)
		}
	}
	return nil
}
