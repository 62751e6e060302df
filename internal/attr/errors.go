package attr

import "errors"

// Error is an attribute value that the service refuses, in its words. Serialization marks a SerializationException: the JSON has the wrong shape. All
// other errors are ValidationExceptions.
type Error struct {
	Serialization bool
	Attribute     string // top-level name of the attribute that holds an invalid value, where there is one
	Constraint    bool   // a rule for numbers, sets, NULL, names and nesting, which writes of one item report as a violation of their request
	Message       string
	Newer         string // the message where the newer of the service's two programs reads the value; empty where it is the same
	Unnamed       bool   // it is told without the key of the expression's value it is in

	older *Error // as the older program words it
}

// InNewer is the error as the newer program words it. It reads what operations on single items, BatchGetItem, Query and Scan are sent; batches of writes,
// transactions and PartiQL are read by the older one (source of nubo-db/dynoxide 3.2, captured in October 2026).
func (e *Error) InNewer() *Error {
	out := *e
	out.older = e
	if e.Newer != "" {
		out.Message = e.Newer
	}
	out.Unnamed = e.Constraint
	return &out
}

// InOlder undoes InNewer; an error that was never newer is given as it is.
func (e *Error) InOlder() *Error {
	if e.older == nil {
		return e
	}
	return e.older
}

// Error is the message, in the words of the program that Message holds: the older one unless InNewer made it.
func (e *Error) Error() string { return e.Message }

func invalid(message string) *Error { return &Error{Message: message} }

// constraint is an invalid number, set or NULL, or a name that is too long (ExtendDB/extenddb 365, measured in September 2026).
func constraint(message string) *Error { return &Error{Constraint: true, Message: message} }

func malformed(message string) *Error { return &Error{Serialization: true, Message: message} }

// The service's words, as the API answers them.
const (
	msgEmpty      = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
	msgSeveral    = "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
	msgParameters = "One or more parameter values were invalid: "
	msgNotNull    = msgParameters + "Null attribute value types must have the value of true"
	msgNoName     = "Empty attribute name"
	msgLongName   = "Attribute name is too large, must be less than 65536 bytes"
	msgTooDeep    = "Nesting Levels have exceeded supported limits"
	msgNesting    = msgTooDeep + ": Attributes in the item have nested levels beyond supported limit"

	msgStructure  = "Start of structure or map found where not expected"
	msgValueType  = "Unexpected value type in payload"
	msgFieldType  = "Unexpected field type"
	msgToken      = "Unexpected token received from parser"
	msgCollection = "Unrecognized collection type "
)

// IsNoName reports that err refuses an empty name of an attribute, which is looked for before everything else (ten Regions in October 2026: source of
// nubo-db/dynoxide 3.2).
func IsNoName(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Message == msgNoName
}

// ErrNoName refuses an empty name of an attribute, which no operation takes. IsNoName finds it.
func ErrNoName() *Error { return constraint(msgNoName) }

// notNull refuses a NULL that is not true, which is told without the name of the value.
func notNull() *Error { return &Error{Constraint: true, Message: msgNotNull, Unnamed: true} }

func emptySet(k Kind) *Error {
	switch k {
	case SS:
		return constraint(msgParameters + "An string set  may not be empty")
	case NS:
		return constraint(msgParameters + "An number set  may not be empty")
	default:
		return constraint(msgParameters + "Binary sets should not be empty")
	}
}
