// Package partiql reads the PartiQL of DynamoDB: a scanner, a closed syntax tree and a parser, with nothing behind them.
//
// It is a leaf, so that both sides of the wire share one understanding of a statement: the engine plans and runs the
// tree, and the operations ask what a statement touches before they send it. What the tree means for a table is the
// engine's business; what can be refused by looking at the text alone is refused here, in the service's words.
package partiql

import (
	"strconv"

	"github.com/ddb-cli/ddb/internal/attr"
)

// Pos is where a token stands in the statement: line and column from 1, and its length, all in characters. The service
// ends many of its messages with it.
type Pos struct{ Line, Col, Len int }

// String gives the position as the service's messages do: "1:8:5".
func (p Pos) String() string {
	return strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Col) + ":" + strconv.Itoa(p.Len)
}

// Statement is one PartiQL statement: *Select, *Insert, *Update, *Delete or *Exists.
type Statement interface {
	// String prints the statement so that parsing the result gives the same tree, positions aside.
	String() string
	// Parameters is the number of question marks in the statement.
	Parameters() int
	statement()
}

// Source is what a statement reads or writes: a table, by name or ARN, or one of its indexes.
type Source struct {
	Table string
	Index string // empty for the table itself
	Pos   Pos
}

// Select is SELECT … FROM … [WHERE …] [ORDER BY …].
type Select struct {
	Paths  []*Path // nil selects everything (*)
	From   Source
	Where  Expr // nil without a WHERE clause
	Order  []Order
	params int
}

// Order is one member of an ORDER BY clause. Whoever orders checks that By is an attribute.
type Order struct {
	By   Expr
	Desc bool
}

// Insert is INSERT INTO … VALUE ….
type Insert struct {
	Into   Source
	Value  Expr
	params int
}

// Update is UPDATE … SET … REMOVE … WHERE … [RETURNING …].
type Update struct {
	Table     Source
	Actions   []Action
	Where     Expr
	Returning Returning
	params    int
}

// Action is one SET (with a Value) or REMOVE (without) of an Update.
type Action struct {
	Target *Path
	Value  Expr
}

// Delete is DELETE FROM … WHERE … [RETURNING …].
type Delete struct {
	From      Source
	Where     Expr
	Returning Returning
	params    int
}

// Exists is EXISTS(SELECT …), a condition among the statements of a transaction.
type Exists struct {
	Select *Select
}

// Returning is the image a RETURNING clause asks for.
type Returning uint8

// The images of RETURNING. Only AllOld goes with a Delete.
const (
	ReturnNone Returning = iota
	AllOld
	AllNew
	ModifiedOld
	ModifiedNew
)

// String prints the clause without the keyword RETURNING; empty for ReturnNone.
func (r Returning) String() string {
	return [...]string{"", "ALL OLD *", "ALL NEW *", "MODIFIED OLD *", "MODIFIED NEW *"}[r]
}

func (s *Select) statement() {}
func (s *Insert) statement() {}
func (s *Update) statement() {}
func (s *Delete) statement() {}
func (s *Exists) statement() {}

// Parameters is the number of question marks in the statement.
func (s *Select) Parameters() int { return s.params }

// Parameters is the number of question marks in the statement.
func (s *Insert) Parameters() int { return s.params }

// Parameters is the number of question marks in the statement.
func (s *Update) Parameters() int { return s.params }

// Parameters is the number of question marks in the statement.
func (s *Delete) Parameters() int { return s.params }

// Parameters is the number of question marks in the statement.
func (s *Exists) Parameters() int { return s.Select.params }

// Expr is an expression: *Literal, *Missing, *Parameter, *Path, *Tuple, *List, *Bag, *Unary, *Binary, *Between, *In,
// *Is or *Call.
type Expr interface {
	// Position is where the expression's own token stands; of an operation, the operator.
	Position() Pos
	// Token is that token's text, as the service quotes it.
	Token() string
	print(b *printer)
}

type (
	// Literal is a string, a number, a boolean or NULL written in the statement.
	Literal struct {
		Value attr.Value
		Pos   Pos
	}
	// Missing is the literal MISSING: an attribute that is not there, as against NULL, which is a value.
	Missing struct{ Pos Pos }
	// Parameter is a question mark. Index counts from 0.
	Parameter struct {
		Index int
		Pos   Pos
	}
	// Path leads to an attribute or into a document. The first part is always a name.
	Path struct {
		Parts []Part
		Pos   Pos
	}
	// Part is one step of a Path: a name, or an index into a list.
	Part struct {
		Name    string
		Index   int
		IsIndex bool
		Pos     Pos
		// star stands for .*, or [*] with bracket; no tree that is returned has it.
		star, bracket bool
	}
	// Tuple is {'name': value, …}: an item or a map.
	Tuple struct {
		Fields []Field
		Pos    Pos
	}
	// Field is one member of a Tuple. Name is checked to be a string by whoever makes a value of it.
	Field struct{ Name, Value Expr }
	// List is [a, …], or (a, …) on the right of IN.
	List struct {
		Elems []Expr
		Pos   Pos
	}
	// Bag is <<a, …>>: a set.
	Bag struct {
		Elems []Expr
		Pos   Pos
	}
	// Unary is NOT x, -x or +x.
	Unary struct {
		Op  string
		X   Expr
		Pos Pos
	}
	// Binary is an operation with two sides: OR, AND, a comparison, LIKE, ||, or arithmetic. <> is written for !=.
	Binary struct {
		Op   string
		L, R Expr
		Pos  Pos
	}
	// Between is x [NOT] BETWEEN low AND high.
	Between struct {
		X, Low, High Expr
		Not          bool
		Pos          Pos
	}
	// In is x [NOT] IN set.
	In struct {
		X, Set Expr
		Not    bool
		Pos    Pos
	}
	// Is is x IS [NOT] type: MISSING, NULL or the name of a data type, in capitals.
	Is struct {
		X    Expr
		Type string
		Not  bool
		Pos  Pos
	}
	// Call is a function with its arguments. Name is as written; Star stands for the argument *.
	Call struct {
		Name string
		Args []Expr
		Star bool
		Pos  Pos
	}
)

// Position is where the literal stands.
func (e *Literal) Position() Pos { return e.Pos }

// Position is where the keyword stands.
func (e *Missing) Position() Pos { return e.Pos }

// Position is where the question mark stands.
func (e *Parameter) Position() Pos { return e.Pos }

// Position is where the first part stands.
func (e *Path) Position() Pos { return e.Pos }

// Position is where the opening brace stands.
func (e *Tuple) Position() Pos { return e.Pos }

// Position is where the opening bracket stands.
func (e *List) Position() Pos { return e.Pos }

// Position is where the opening angles stand.
func (e *Bag) Position() Pos { return e.Pos }

// Position is where the operator stands.
func (e *Unary) Position() Pos { return e.Pos }

// Position is where the operator stands.
func (e *Binary) Position() Pos { return e.Pos }

// Position is where BETWEEN stands.
func (e *Between) Position() Pos { return e.Pos }

// Position is where IN stands.
func (e *In) Position() Pos { return e.Pos }

// Position is where IS stands.
func (e *Is) Position() Pos { return e.Pos }

// Position is where the function's name stands.
func (e *Call) Position() Pos { return e.Pos }
