package engine

import (
	"slices"
	"strings"
)

// The service reads requests by two programs. The older one reports all violations of a request together, each with its value. The newer one, which since
// 2026 reads operations on single items, BatchGetItem, Query and Scan in most Regions, goes by stages of which the first with a violation is reported, and
// hands back to the older one what lacks a member it cannot do without (captured in up to 33 Regions in October 2026: source of nubo-db/dynoxide 3.2, whose
// choice is followed where Regions differ: the majority).

// newerRead is an input that the newer program reads; inputs embed newerProgram for it.
type newerRead interface{ readByNewer() }

type newerProgram struct{}

func (newerProgram) readByNewer() {}

// arranged is an input whose violations, as the older program words them, are reported in an order or in words of its own. coerced tells that a number was
// cut to fit. nil reports none of them.
type arranged interface {
	arrange(vs []violation, coerced bool) error
}

// The newer program's words for what it finds first: without the value, the member spelled as it is sent.
func namedViolation(member, rule string) violation {
	return violation{text: "Value at '" + member + "' failed to satisfy constraint: " + rule}
}

const atLeastOne = "Member must have length greater than or equal to 1"

// pathReturnValues is told of without value and path, and with the service's slip of the pen.
const (
	pathReturnValues = "returnValues"
	msgReturnValues  = "Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]"

	pathTableName = "tableName"
	pathKey       = "key"
	pathLimit     = "limit"
	pathSelect    = "select"
	pathCapacity  = "returnConsumedCapacity"
)

// at gives the violations of a member.
func at(vs []violation, path string) (out []violation) {
	for _, v := range vs {
		if v.path == path {
			out = append(out, v)
		}
	}
	return out
}

// without leaves out the violations of some members.
func without(vs []violation, paths ...string) (out []violation) {
	for _, v := range vs {
		if !slices.Contains(paths, v.path) {
			out = append(out, v)
		}
	}
	return out
}

// inPaths puts violations in the order of paths; those of other members come last.
func inPaths(vs []violation, paths ...string) (out []violation) {
	for _, p := range paths {
		out = append(out, at(vs, p)...)
	}
	return append(out, without(vs, paths...)...)
}

// emptyName reports that a table name is given that is empty.
func emptyName(vs []violation) bool {
	names := at(vs, pathTableName)
	return len(names) > 0 && names[0].value == "''"
}

// missing reports that a member is not given.
func missing(vs []violation, path string) bool {
	found := at(vs, path)
	return len(found) > 0 && found[0].value == "null"
}

// firstOfName keeps one violation of the table name, of its length if there is one.
func firstOfName(vs []violation) (out []violation) {
	seen := false
	for _, v := range vs {
		if v.path == pathTableName && seen {
			continue
		}
		seen = seen || v.path == pathTableName
		out = append(out, v)
	}
	return out
}

// reported is the exception for violations, nil for none.
func reported(vs []violation) error {
	if len(vs) == 0 {
		return nil
	}
	return violated(vs)
}

// newerMembers is what operations on one item have in common.
func newerMembers(vs []violation) []violation {
	if emptyName(vs) {
		return []violation{namedViolation("TableName", atLeastOne)}
	}
	vs = firstOfName(vs)
	for i := range vs {
		if vs[i].path == pathReturnValues {
			vs[i].text = msgReturnValues
		}
	}
	return vs
}

func (in *putItemInput) arrange(vs []violation, _ bool) error { return reported(newerMembers(vs)) }

func (in *getItemInput) arrange(vs []violation, _ bool) error { return reported(newerMembers(vs)) }

func (in *deleteItemInput) arrange(vs []violation, _ bool) error {
	if in.Key != nil && len(at(vs, pathReturnValues)) == 0 && !emptyName(vs) && !honoured(in.ReturnValues) {
		vs = append(vs, violation{text: msgNotHonoured})
	}
	return reported(newerMembers(vs))
}

// arrange reports of an UpdateItem its table name before everything else, and then one violation, of which two are no violations of the request in its words.
func (in *updateItemInput) arrange(vs []violation, _ bool) error {
	const onFailure, metrics = "returnValuesOnConditionCheckFailure", "returnItemCollectionMetrics"
	names := at(vs, pathTableName)
	switch {
	case len(vs) == 0:
		return nil
	case emptyName(vs):
		return reported(newerMembers(vs))
	case missing(vs, pathKey):
		if !missing(vs, pathTableName) {
			vs = without(vs, pathTableName)
		}
		return reported(inPaths(vs, pathCapacity, pathTableName, pathReturnValues, onFailure, metrics, pathKey))
	case missing(vs, pathTableName):
		return reported(append(names, at(vs, pathReturnValues)...))
	case len(names) > 0:
		if len(names) > 1 { // the pattern first, of this operation alone
			names[0], names[1] = names[1], names[0]
		}
		return reported(names)
	}
	vs = inPaths(newerMembers(vs), pathReturnValues, onFailure, metrics, pathCapacity)
	if p := vs[0].path; p == onFailure || p == pathCapacity {
		return validation(vs[0].String())
	}
	return reported(vs[:1])
}

func (in *queryInput) arrange(vs []violation, coerced bool) error {
	if missing(vs, pathTableName) || coerced {
		return reported(olderRead(vs))
	}
	return reported(newerReadMembers(vs))
}

func (in *scanInput) arrange(vs []violation, coerced bool) error {
	for _, v := range vs {
		coerced = coerced || strings.HasSuffix(v.path, ".member.comparisonOperator")
	}
	if missing(vs, pathTableName) || coerced {
		vs = append(vs, in.oldOperator()...)
		return reported(inPaths(olderRead(vs), pathSelect, "totalSegments", pathCapacity, pathTableName, "conditionalOperator"))
	}
	return reported(newerReadMembers(vs))
}

// oldOperator is what the older program says of ConditionalOperator, which the newer one does not look at here.
func (in *scanInput) oldOperator() []violation {
	switch in.ConditionalOperator {
	case "", "AND", "OR":
		return nil
	}
	return []violation{{value: "'" + in.ConditionalOperator + "'", path: "conditionalOperator", rule: "Member must satisfy enum value set: [OR, AND]"}}
}
