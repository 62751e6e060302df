package engine

import (
	"strings"
)

// olderRead is what the older program says of a Query or Scan.
func olderRead(vs []violation) []violation {
	if !missing(vs, pathTableName) && !emptyName(vs) {
		vs = without(vs, pathTableName)
	}
	limit := at(vs, pathLimit)
	return append(inPaths(without(vs, pathLimit), pathSelect, pathCapacity, pathTableName), limit...)
}

// newerReadMembers reports numbers and an empty table name first, then the others but Select, which is looked at with the expressions.
func newerReadMembers(vs []violation) []violation {
	var first []violation
	for _, member := range []string{"Limit", "Segment", "TotalSegments"} {
		for _, v := range at(vs, strings.ToLower(member[:1])+member[1:]) {
			first = append(first, namedViolation(member, v.rule))
		}
	}
	if emptyName(vs) {
		first = append(first, namedViolation("TableName", atLeastOne))
	}
	if len(first) > 0 {
		return first
	}
	return inPaths(firstOfName(without(vs, pathSelect)), pathTableName, pathCapacity)
}

// arrange looks in a BatchGetItem for a request of nothing, then for a table of which nothing is asked, each reported alone.
func (in *batchGetInput) arrange(vs []violation, _ bool) error {
	const path, keys = "requestItems", ".member.keys"
	for _, v := range vs {
		if v.path == path && v.rule == atLeastOne {
			return reported([]violation{namedViolation("RequestItems", atLeastOne)})
		}
	}
	for _, v := range vs {
		if strings.HasSuffix(v.path, keys) && v.rule == atLeastOne {
			table := strings.TrimSuffix(strings.TrimPrefix(v.path, path+"."), keys)
			return reported([]violation{namedViolation("RequestItems."+table+".member.Keys", atLeastOne)})
		}
	}
	return reported(sole(vs))
}

// arrange reports the requests of no table, or too many, before the names of tables.
func (in *batchWriteInput) arrange(vs []violation, _ bool) error {
	var names, others []violation
	for _, v := range vs {
		if strings.HasPrefix(v.rule, "Map keys ") {
			names = append(names, v)
		} else {
			others = append(others, v)
		}
	}
	if len(others) > 0 {
		return reported(others)
	}
	return reported(names)
}

// arrange reports the names of a transaction's tables last, and the number of its actions alone (us-east-1 and nine more Regions in October 2026: source of
// nubo-db/dynoxide 3.2). That each item holds one action is looked at between the two.
func (in *transactWriteInput) arrange(vs []violation, _ bool) error {
	if err := transactMembers(vs); err != nil {
		return err
	}
	for i := range in.TransactItems {
		if err := in.TransactItems[i].single(); err != nil {
			return err
		}
	}
	return reported(tableNames(vs))
}

func (in *transactGetInput) arrange(vs []violation, _ bool) error {
	if err := transactMembers(vs); err != nil {
		return err
	}
	return reported(tableNames(vs))
}

func transactMembers(vs []violation) error {
	if items := at(vs, "transactItems"); len(items) > 0 {
		return violated(items)
	}
	var members []violation
	for _, v := range vs {
		if !wrongName(v) {
			members = append(members, v)
		}
	}
	return reported(inPaths(members, append(actionPaths(members), "clientRequestToken")...))
}

// actionPaths lists the members of actions, which come before the request's own.
func actionPaths(vs []violation) (paths []string) {
	for _, v := range vs {
		if strings.HasPrefix(v.path, "transactItems.") {
			paths = append(paths, v.path)
		}
	}
	return paths
}

// wrongName tells of a table name that is given and is none.
func wrongName(v violation) bool { return strings.HasSuffix(v.path, ".tableName") && v.value != "null" }

func tableNames(vs []violation) (names []violation) {
	for _, v := range vs {
		if wrongName(v) {
			names = append(names, v)
		}
	}
	return names
}
