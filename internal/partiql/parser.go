package partiql

// MaxLength is the longest statement the service takes, in characters. Source: API reference, ExecuteStatement.
const MaxLength = 8192

// maxDepth bounds the nesting of an expression, so that no statement exhausts the stack.
const maxDepth = 1000

// Parse reads one statement, with or without a semicolon behind it. Its error is an *Error.
func Parse(statement string) (Statement, error) {
	scan := scanner{src: statement, line: 1, col: 1}
	tokens, err := scan.tokens()
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens, tok: tokens[0]}
	s, err := p.statement()
	if err != nil {
		return nil, at(err, p.tok.pos)
	}
	if p.tok.is(symbol, ";") && p.peek().kind != endOfStatement {
		return nil, at(syntaxError("Unexpected token after semicolon. (Only one query is allowed.)"), p.peek().pos)
	}
	if p.tok.kind != endOfStatement && !p.tok.is(symbol, ";") {
		return nil, at(syntaxError("Unexpected token after expression"), p.tok.pos)
	}
	if p.refused != nil {
		return nil, p.refused
	}
	return s, nil
}

// parser is a recursive descent over the tokens of a statement.
type parser struct {
	tokens []token
	at     int
	tok    token // the one at at
	params int
	depth  int
	// refused is the first thing in a readable statement that the service does not do. It waits until the rest has been
	// read, because a statement that cannot be read at all is reported as that first. Of several the one of the lowest
	// stage is reported.
	refused error
	stage   stage
	worst   stage
	within  int // SELECTs around the present one
}

// stage is the part of a statement being read, in the order in which the service checks them.
type stage uint8

const (
	inClauses stage = iota // DISTINCT, GROUP BY, HAVING, LIMIT
	inSource
	inProjection
	inRest
)

func (p *parser) advance() {
	if p.at < len(p.tokens)-1 {
		p.at++
	}
	p.tok = p.tokens[p.at]
}

// peek is the token behind the present one.
func (p *parser) peek() token { return p.tokens[min(p.at+1, len(p.tokens)-1)] }

// refuse keeps a refusal for the end.
func (p *parser) refuse(format string, args ...any) {
	if p.refused == nil || p.stage < p.worst {
		p.refused, p.worst = refusal(format, args...), p.stage
	}
}

// refuseClause is refuse for a clause the service has no use for, which it notices before all else.
func (p *parser) refuseClause(format string, args ...any) {
	within := p.stage
	p.stage = inClauses
	p.refuse(format, args...)
	p.stage = within
}

// enter goes one level down into an expression.
func (p *parser) enter() error {
	if p.depth++; p.depth > maxDepth {
		return syntaxError("The expression is nested more than %d deep", maxDepth)
	}
	return nil
}

func (p *parser) leave() { p.depth-- }

// accept passes over a keyword if it is there.
func (p *parser) accept(word string) bool {
	there := p.tok.isKeyword(word)
	if there {
		p.advance()
	}
	return there
}

// acceptSymbol passes over a symbol if it is there.
func (p *parser) acceptSymbol(sym string) bool {
	there := p.tok.is(symbol, sym)
	if there {
		p.advance()
	}
	return there
}

// symbolNames are what messages call the symbols.
var symbolNames = map[string]string{
	")": "RIGHT_PAREN", "]": "RIGHT_BRACKET", "}": "RIGHT_CURLY", ">>": "RIGHT_DOUBLE_ANGLE_BRACKET", ":": "COLON",
}

// expectSymbol passes over a symbol or reports that it isn't there.
func (p *parser) expectSymbol(sym string) error {
	if p.acceptSymbol(sym) {
		return nil
	}
	return syntaxError("Expected %s", symbolNames[sym])
}

func (p *parser) statement() (Statement, error) {
	switch {
	case p.tok.isKeyword("SELECT"):
		s, err := p.selection()
		return s, err
	case p.tok.isKeyword("INSERT"):
		return p.insertion()
	case p.tok.isKeyword("UPDATE", "FROM"):
		return p.update()
	case p.tok.isKeyword("DELETE"):
		return p.deletion()
	case p.tok.isKeyword("SET", "REMOVE"):
		_, err := p.actions()
		p.refuse("Only select from a single table or index is supported.")
		return nil, err
	case p.tok.isKeyword("EXISTS") && p.peek().is(symbol, "("):
		return p.existence()
	case p.tok.isKeyword("CREATE", "DROP"):
		return nil, p.definition()
	case p.tok.isKeyword("PIVOT"):
		return nil, refusal("Select projection doesn't support value or pivot keywords")
	case p.tok.isKeyword("EXEC"):
		if p.peek().kind == endOfStatement {
			return nil, syntaxError("No stored procedure provided")
		}
		return nil, refusal("Unsupported operation: Exec")
	}
	x, err := p.expression()
	if err != nil {
		return nil, err
	}
	p.refuseOperation(x)
	return nil, nil
}

// refuseOperation refuses an expression that stands where a statement should. What has operands the service takes for the
// beginning of an EXISTS.
func (p *parser) refuseOperation(x Expr) {
	switch x := x.(type) {
	case *Unary, *Binary, *Between, *In, *Call:
		p.refuse("EXISTS can only be used in ExecuteTransaction write requests.")
	case *Path:
		if len(x.Parts) == 1 {
			p.refuse("Unsupported operation: VariableReference")
		}
		p.refuse("Unsupported operation: Path")
	default:
		p.refuse("Unsupported operation: %s", kindOf(x))
	}
}

// kindOf is what the service calls the kind of an expression.
func kindOf(x Expr) string {
	switch x.(type) {
	case *Literal:
		return "Literal"
	case *Missing:
		return "LiteralMissing"
	case *Parameter:
		return "Parameter"
	case *Tuple:
		return "Struct"
	case *List, *Bag:
		return "Seq"
	case *Is:
		return "Typed"
	}
	return "NAry"
}

// definition refuses CREATE and DROP.
func (p *parser) definition() error {
	verb := p.tok.text
	p.advance()
	word := map[string]string{"CREATE": "Create", "DROP": "Drop"}[verb]
	switch {
	case p.tok.isKeyword("TABLE"):
		return refusal("Unsupported operation: %sTable", word)
	case p.tok.isKeyword("INDEX"):
		return refusal("Unsupported operation: %sIndex", word)
	}
	return syntaxError("Unexpected token following %s", verb)
}
