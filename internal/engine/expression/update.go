package expression

import (
	"slices"

	"github.com/ddb-cli/ddb/internal/attr"
)

// Update is a planned update expression. It may be applied any number of times, also concurrently.
type Update struct {
	node    *UpdateNode
	actions []action
	changed *Projection // all paths of the update
	refers  []string    // top-level attributes written or read
	nested  []string    // those of them that are reached into
}

// action is one clause.
type action struct {
	kind  kind // keySet, keyRemove, keyAdd, keyDelete
	path  Path
	value setOperand  // SET
	add   *attr.Value // ADD, DELETE

	legacy bool // came in AttributeUpdates
}

// Update plans an update expression. Errors are of type *Error.
func (c *Context) Update(text string) (*Update, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	c.takesNames, c.takesValue = true, true
	if err := c.fits(text); err != nil {
		return nil, in(updateName, err)
	}
	node, err := c.updateNode(text)
	if err != nil {
		return nil, in(updateName, err)
	}
	c.operators = 0
	u := &Update{node: node, actions: clauses(node)}
	if err := c.bindPaths(u.actions); err != nil {
		return nil, in(updateName, err)
	}
	if err := c.bindValues(node, u.actions); err != nil {
		return nil, in(updateName, err)
	}
	if err := c.tooMany(); err != nil {
		return nil, in(updateName, err)
	}
	u.arrange()
	return u, nil
}

// arrange prepares what is needed beside the actions.
func (u *Update) arrange() {
	if u.many() {
		u.refers = make([]string, len(u.actions))
		for i := range u.actions {
			u.refers[i] = u.actions[i].path.Root()
		}
		u.changed = topLevel(u.refers)
		return
	}
	paths := make([]Path, len(u.actions))
	for i := range u.actions {
		paths[i] = u.actions[i].path
	}
	u.changed = newProjection(paths)
	u.refers, u.nested = references(u.actions)
}

// many reports whether the update came in AttributeUpdates that name many attributes.
func (u *Update) many() bool { return len(u.actions) > many && u.actions[0].legacy }

// clauses lists the clauses in the order of the text.
func clauses(node *UpdateNode) []action {
	actions := make([]action, 0, len(node.Set)+len(node.Remove)+len(node.Add)+len(node.Delete))
	for _, k := range node.order {
		switch k {
		case keySet:
			for _, c := range node.Set {
				actions = append(actions, action{kind: k, path: c.Path})
			}
		case keyRemove:
			for _, p := range node.Remove {
				actions = append(actions, action{kind: k, path: p})
			}
		case keyAdd:
			for _, c := range node.Add {
				actions = append(actions, action{kind: k, path: c.Path})
			}
		default:
			for _, c := range node.Delete {
				actions = append(actions, action{kind: k, path: c.Path})
			}
		}
	}
	return actions
}

// bindPaths resolves the names of the paths that are written to, and compares the paths, last clause first, as the service does.
func (c *Context) bindPaths(actions []action) *Error {
	for i := len(actions) - 1; i >= 0; i-- {
		p, err := c.path(actions[i].path)
		if err != nil {
			return err
		}
		actions[i].path = p
		for j := i + 1; j < len(actions); j++ {
			switch relate(p, actions[j].path) {
			case overlaps:
				return errOverlap("overlap", p, actions[j].path)
			case conflicts:
				return errOverlap("conflict", p, actions[j].path)
			}
		}
	}
	return nil
}

// bindValues resolves what is written, last clause first, as the service does.
func (c *Context) bindValues(node *UpdateNode, actions []action) *Error {
	set, add, del := len(node.Set), len(node.Add), len(node.Delete)
	for i := len(actions) - 1; i >= 0; i-- {
		var err *Error
		a := &actions[i]
		switch a.kind {
		case keySet:
			set--
			a.value, err = c.setOperand(node.Set[set].Value)
		case keyAdd:
			add--
			if a.add, err = c.value(node.Add[add].Value); err == nil && a.add.Kind != attr.N && !a.add.Kind.IsSet() {
				err = errSectionOperand("ADD", a.add.Kind)
			}
		case keyDelete:
			del--
			if a.add, err = c.value(node.Delete[del].Value); err == nil && !a.add.Kind.IsSet() {
				err = errSectionOperand("DELETE", a.add.Kind)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// kindWords are the types as messages about ADD and DELETE name them.
var kindWords = [...]string{
	attr.S: "STRING", attr.N: "NUMBER", attr.B: "BINARY", attr.BOOL: "BOOLEAN", attr.NULL: "NULL", attr.L: "LIST", attr.M: "MAP",
}

func errSectionOperand(section string, k attr.Kind) *Error {
	return fail("Incorrect operand type for operator or function; operator: " + section + ", operand type: " + kindWords[k] +
		", typeSet: ALLOWED_FOR_" + section + "_OPERAND")
}

// Attributes are the names of the top-level attributes the update writes to. Key attributes among them are for the caller to refuse.
func (u *Update) Attributes() []string { return u.changed.Attributes() }

// Nested are the top-level attributes that the update reaches into, to write or to read, which is not allowed for keys.
func (u *Update) Nested() []string { return u.nested }

// String prints the update as it was parsed, names and values unresolved.
func (u *Update) String() string {
	if u.node == nil {
		return "AttributeUpdates"
	}
	return u.node.String()
}

// Root is the name of the top-level attribute a resolved path begins with.
func (p Path) Root() string { return p[0].Name }

// Apply gives the item as the update leaves it. The old item, nil if there is none, is not modified, and everything the update reads it reads from there.
// The new item may share values with the old one. Errors are of type *Error.
func (u *Update) Apply(old attr.Item) (attr.Item, error) {
	if u.many() {
		return u.applyMany(old)
	}
	a := applier{item: slices.Clone(old)}
	effects := make([]effect, len(u.actions))
	for i := range u.actions {
		var err *Error
		if effects[i], err = u.actions[i].effect(old); err != nil {
			return nil, err
		}
	}
	for i := range u.actions {
		a.apply(u.actions[i].path, effects[i])
	}
	a.settle()
	return a.item, nil
}
