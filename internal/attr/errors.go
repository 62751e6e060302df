package attr

// Error is an attribute value that the service refuses, in its words. Serialization marks a SerializationException: the JSON has the wrong shape. All
// other errors are ValidationExceptions.
type Error struct {
	Serialization bool
	Attribute     string // top-level name of the attribute that holds an invalid value, where there is one
	Constraint    bool   // a rule for sets, NULL and names, which writes of one item report as a violation of their request
	Message       string
}

// Error is the message.
func (e *Error) Error() string { return e.Message }

func invalid(message string) *Error { return &Error{Message: message} }

// constraint is an invalid set or NULL, or a name that is too long (ExtendDB/extenddb 365, measured in September 2026).
func constraint(message string) *Error { return &Error{Constraint: true, Message: message} }

// IsNull tells whether a NULL that is not true was refused, which the service says without the name of the value.
func (e *Error) IsNull() bool { return e.Message == msgNotNull }

func malformed(message string) *Error { return &Error{Serialization: true, Message: message} }

// The service's words, as the API answers them.
const (
	msgEmpty      = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
	msgSeveral    = "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
	msgParameters = "One or more parameter values were invalid: "
	msgNotNull    = msgParameters + "Null attribute value types must have the value of true"
	msgNoName     = "Empty attribute name"
	msgLongName   = "Attribute name is too large, must be less than 65536 bytes"
	msgNesting    = "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"

	msgStructure  = "Start of structure or map found where not expected"
	msgValueType  = "Unexpected value type in payload"
	msgFieldType  = "Unexpected field type"
	msgToken      = "Unexpected token received from parser"
	msgCollection = "Unrecognized collection type "
)

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
