package engine

import (
	"slices"
	"strconv"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// changeIndexes applies the index updates; one index may come or go at a time.
func (c *call) changeIndexes(t *catalog.Table, in *updateTableInput) (created, deleted string, err error) {
	defs, err := addDefinitions(t, in.AttributeDefinitions)
	if err != nil {
		return "", "", err
	}
	if err := oneUpdateEach(in.GlobalSecondaryIndexUpdates); err != nil {
		return "", "", err
	}
	given, _ := definitions(in.AttributeDefinitions) // checked above
	moves := 0
	for i := range in.GlobalSecondaryIndexUpdates {
		u := &in.GlobalSecondaryIndexUpdates[i]
		switch {
		case u.Create != nil && u.Update == nil && u.Delete == nil:
			moves++
			created = u.Create.IndexName
			if t.Index(created) != nil {
				return "", "", validation("Attempting to create an index which already exists")
			}
			if in.AttributeDefinitions == nil {
				return "", "", invalidParameter("AttributeDefinitions is not specified for index: " + created)
			}
			// What the table knows already does not count (API reference, UpdateTable: AttributeDefinitions).
			if err := checkDefined(u.Create.KeySchema, given); err != nil {
				return "", "", err
			}
			x, err := newGlobalIndex(t, u.Create, defs)
			if err != nil {
				return "", "", err
			}
			if err := checkNoVector(t, x.Key); err != nil {
				return "", "", err
			}
			t.Indexes = append(t.Indexes, x)
		case u.Delete != nil && u.Update == nil && u.Create == nil:
			moves++
			deleted = u.Delete.IndexName
			if err := globalIndexOf(t, deleted, "delete"); err != nil {
				return "", "", err
			}
		case u.Update != nil && u.Create == nil && u.Delete == nil:
			if err := changeIndex(t, u.Update, c.now); err != nil {
				return "", "", err
			}
		case u.Create != nil || u.Update != nil || u.Delete != nil:
			return "", "", invalidParameter("Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object")
		default:
			return "", "", invalidParameter("One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null")
		}
	}
	come, gone, err := changeVectorIndexes(t, in)
	if err != nil {
		return "", "", err
	}
	for _, name := range come {
		moves, created = moves+1, name
	}
	for _, name := range gone {
		moves, deleted = moves+1, name
	}
	if moves > 1 || moves == 1 && otherIndexMoves(t, created, deleted) {
		return "", "", errOneIndex()
	}
	if checkGlobalCount(t) != nil { // which CreateTable says with another exception
		return "", "", &apiError{Type: "LimitExceededException", Message: "Subscriber limit exceeded: Number of global secondary indexes exceeds per-table limit of " + strconv.Itoa(maxGlobalIndexes)}
	}
	if err := checkProjected(t); err != nil {
		return "", "", err
	}
	pruneDefinitions(t)
	return created, deleted, nil
}

func errOneIndex() error {
	return &apiError{Type: "LimitExceededException", Message: "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"}
}

// oneUpdateEach refuses two updates of one index.
func oneUpdateEach(updates []globalIndexUpdate) error {
	seen := map[string]bool{}
	for _, u := range updates {
		name := u.named()
		if name != "" && seen[name] {
			return invalidParameter("Only one global secondary index update per index is allowed simultaneously. Index: " + name)
		}
		seen[name] = true
	}
	return nil
}

// definedHere reports whether a request defines an attribute of an index it creates.
func definedHere(defs []attributeDefinition, name string) bool {
	return slices.ContainsFunc(defs, func(d attributeDefinition) bool { return d.AttributeName == name })
}

// addDefinitions takes in the definitions of a request and returns them: new names are added, known ones keep the type they have, whatever the request
// says (change log of nubo-db/dynoxide 0.11.2). A new index finds its attributes among them alone (API reference, UpdateTable: AttributeDefinitions).
func addDefinitions(t *catalog.Table, in []attributeDefinition) ([]catalog.KeyAttribute, error) {
	defs, err := definitions(in)
	if err != nil {
		return nil, err
	}
	for i, d := range defs {
		if known, ok := t.Definition(d.Name); ok {
			defs[i].Type = known
		} else {
			t.Attributes = append(t.Attributes, d)
		}
	}
	return defs, nil
}

// globalIndexOf refuses to delete or update what is no global index of the table.
func globalIndexOf(t *catalog.Table, name, verb string) error {
	x := t.Index(name)
	switch {
	case x == nil:
		return &apiError{Type: "ResourceNotFoundException", Message: "Requested resource not found: Index " + name + " for table " + t.Name}
	case x.Local || x.Vector != nil:
		return validation("Cannot " + verb + " an index that is not a GlobalSecondaryIndex: " + name)
	}
	return nil
}

func changeIndex(t *catalog.Table, u *indexSettingsUpdate, now time.Time) error {
	if err := globalIndexOf(t, u.IndexName, "update"); err != nil {
		return err
	}
	x, p := t.Index(u.IndexName), u.ProvisionedThroughput
	switch {
	case t.OnDemand && (p != nil || !u.OnDemandThroughput.given() && !u.WarmThroughput.given()):
		return invalidParameter("The only Updates for index: " + x.Name + " when TableThroughputMode is PAY_PER_REQUEST can be to OnDemandThroughput, WarmThroughput")
	case !t.OnDemand && p == nil && !u.OnDemandThroughput.given() && !u.WarmThroughput.given():
		return errIndexUnits(x.Name)
	case p != nil:
		if err := checkUnits(p); err != nil {
			return err
		}
		if p.ReadCapacityUnits == x.Provisioned.Read && p.WriteCapacityUnits == x.Provisioned.Write {
			return errUnchanged("index "+x.Name, x.Provisioned)
		}
		x.Warm = keepWarm(x.Warm, provisionedUnits(x.Provisioned))
		if err := setThroughput(&x.Provisioned, p, now); err != nil {
			return err
		}
	}
	if u.OnDemandThroughput.given() {
		limit, err := changeLimit(u.OnDemandThroughput, x.OnDemandLimit, t.OnDemand, x.Name)
		if err != nil {
			return err
		}
		x.OnDemandLimit = limit
	}
	if !u.WarmThroughput.given() {
		return nil
	}
	var err error
	x.Warm, err = warmUnits(u.WarmThroughput, x.Warm, warmFloor(t.OnDemand, x.Provisioned), x.Name)
	return err
}
