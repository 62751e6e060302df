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
