package attr

// Kind is the data type of a Value: one of the ten of the API reference, AttributeValue, or Invalid.
type Kind uint8

// The data types (API reference, AttributeValue). The zero Kind is no value.
const (
	Invalid Kind = iota
	S
	N
	B
	BOOL
	NULL
	L
	M
	SS
	NS
	BS
)

var kindNames = [...]string{"", "S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS"}

// String gives the wire name of the data type, "" for Invalid.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return ""
}

// ParseKind finds a data type by its wire name, as it is spelled there: "S" is one, "s" is none.
func ParseKind(name string) (Kind, bool) {
	for k := S; k <= BS; k++ {
		if kindNames[k] == name {
			return k, true
		}
	}
	return Invalid, false
}

// IsSet tells whether the data type is one of the three sets.
func (k Kind) IsSet() bool { return k == SS || k == NS || k == BS }

// Member is the data type of a set's members; Invalid for all that is no set.
func (k Kind) Member() Kind {
	switch k {
	case SS:
		return S
	case NS:
		return N
	case BS:
		return B
	default:
		return Invalid
	}
}
