package storage

// versionSpace holds, for tables of a global table, which change an item's present state comes from: 'v' space id, rest
// of the row key → number of the change. Entries are kept as long as an older change may still arrive.
const versionSpace = 'v'

// VersionSpan is all versions of a table.
func VersionSpan(id SpaceID) Span { return spaceSpan(versionSpace, id) }

// VersionKey is the key of an item's version; rest is what RowRest gives of its row key.
func VersionKey(id SpaceID, rest []byte) []byte {
	return append(appendSpace(make([]byte, 0, spaceLen+len(rest)), versionSpace, id), rest...)
}
