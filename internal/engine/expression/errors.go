package expression

import (
	"strconv"

	"github.com/ddb-cli/ddb/internal/attr"
)

// Error is an expression that the service refuses with a ValidationException, or an update it cannot carry out. Message is the service's text.
type Error struct {
	Message string
	Value   *attr.Error // what is wrong with a value of ExpressionAttributeValues, where that is the reason
}

// Error is the message.
func (e *Error) Error() string { return e.Message }

func fail(message string) *Error { return &Error{Message: message} }

// The service's words.
const (
	msgEmpty       = "The expression can not be empty;"
	msgParentheses = "The expression has redundant parentheses;"

	msgMissingAttribute = "The provided expression refers to an attribute that does not exist in the item"
	msgOperandType      = "An operand in the update expression has an incorrect data type"
	msgInvalidPath      = "The document path provided in the update expression is invalid for update"
	msgNesting          = "Nesting Levels have exceeded supported limits" // of an item that was updated (us-east-1, October 2026: source of nubo-db/dynoxide 3.2)
)

// errSize: the service no longer tells the size, as it did until 2021 (pynamodb/PynamoDB 979); answers of 2023 and 2024 end here
// (aws/aws-sdk-java-v2 4597, aws-amplify/amplify-cli 13707).
func errSize() *Error { return fail("Expression size has exceeded the maximum allowed size;") }

func errSyntax(token, near string) *Error {
	return fail(`Syntax error; token: "` + token + `", near: "` + near + `"`)
}

func errReserved(name string) *Error {
	return fail("Attribute name is a reserved keyword; reserved keyword: " + name)
}

func errIndex(index string) *Error {
	return fail("List index is not within the allowable range; index: [" + index + "]")
}

func errUnknownFunction(name string) *Error {
	return fail("Invalid function name; function: " + name)
}

func errMisused(name string) *Error {
	return fail("The function is not allowed to be used this way in an expression; function: " + name)
}

func errNotAllowed(where, name string) *Error {
	return fail("The function is not allowed in " + where + " expression; function: " + name)
}

func errSection(section string) *Error {
	return fail(`The "` + section + `" section can only be used once in an update expression;`)
}

func errName(alias string) *Error {
	return fail("An expression attribute name used in the document path is not defined; attribute name: " + alias)
}

func errValue(ref string) *Error {
	return fail("An expression attribute value used in expression is not defined; attribute value: " + ref)
}

func errDepth(levels int) *Error {
	return fail("The document path has too many nesting levels; nesting levels: " + strconv.Itoa(levels))
}

func errOperators() *Error {
	return fail("The expression contains too many operators; operator count: " + strconv.Itoa(maxOperators+1))
}

func errInOperands(n int) *Error {
	return fail("The IN operator is provided with too many operands; number of operands: " + strconv.Itoa(n))
}

func errDistinct(op string, first Path) *Error {
	return fail("The first operand must be distinct from the remaining operands for this operator or function; operator: " + op +
		", first operand: " + first.quoted())
}

func errOperand(op, kind string) *Error {
	return fail("Incorrect operand type for operator or function; operator or function: " + op + ", operand type: " + kind)
}

func errOperands(function string, n int) *Error {
	return fail("Incorrect number of operands for operator or function; operator or function: " + function +
		", number of operands: " + strconv.Itoa(n))
}

func errNeedsPath(function string) *Error {
	return fail("Operator or function requires a document path; operator or function: " + function)
}

func errOverlap(relation string, one, two Path) *Error {
	return fail("Two document paths " + relation + " with each other; must remove or rewrite one of these paths; path one: " + one.quoted() +
		", path two: " + two.quoted())
}
