package engine

import "github.com/ddb-cli/ddb/internal/engine/catalog"

// reaching is a planned expression, which knows what attributes it reaches into with a dot or an index. A nil plan reaches into none.
type reaching interface{ Nested() []string }

// checkScalars refuses expressions that reach into key attributes, of the table or of its indexes.
func checkScalars(t *catalog.Table, plans ...reaching) error {
	const refused = "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: "
	for _, plan := range plans {
		for _, name := range plan.Nested() {
			if t.Key.Has(name) {
				return validation(refused + "Key: " + name)
			}
			for _, x := range t.Indexes {
				if x.Key.Has(name) {
					return validation(refused + "IndexKey: " + name)
				}
			}
		}
	}
	return nil
}
