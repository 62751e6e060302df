package attr

// Sizes as the service counts them (Developer Guide, "DynamoDB item sizes and formats"): a list or a map costs 3 bytes, and each of its elements 1 more.
const (
	containerSize = 3
	elementSize   = 1
)

// MaxItemSize is the largest item in bytes, names included (Developer Guide, "Service quotas": item size).
const MaxItemSize = 400 * 1024

// ItemSize is the size of an item in bytes: names in UTF-8 and values.
func ItemSize(it Item) int {
	size := 0
	for i := range it {
		size += len(it[i].Name) + ValueSize(it[i].Value)
	}
	return size
}

// ValueSize is the size of a value in bytes, without a name.
func ValueSize(v Value) int {
	switch v.Kind {
	case S, B:
		return len(v.Str)
	case N:
		return numberSize(v.Str)
	case BOOL, NULL:
		return 1
	case L:
		size := containerSize
		for i := range v.List {
			size += elementSize + ValueSize(v.List[i])
		}
		return size
	case M:
		return containerSize + len(v.Map)*elementSize + ItemSize(v.Map)
	case SS, NS, BS:
		size := 0
		for i := range v.List {
			size += ValueSize(v.List[i])
		}
		return size
	default:
		return 0
	}
}

// numberSize is the size of a number in normal form: one byte, one for each two significant digits, and one more for the sign of a negative number.
func numberSize[T string | []byte](text T) int {
	size := 1
	i := 0
	if len(text) > 0 && text[0] == '-' {
		size++
		i++
	}
	first, last, n := -1, -1, 0 // significant digits, counted over all digits
	for ; i < len(text); i++ {
		c := text[i]
		if c < '0' || c > '9' {
			continue
		}
		if c != '0' {
			if first < 0 {
				first = n
			}
			last = n
		}
		n++
	}
	if first < 0 {
		return 1
	}
	return size + (last-first+2)/2
}
