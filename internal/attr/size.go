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

// numberSize is the size of a number in normal form: one byte, one for each two significant digits before the point and one for each two behind it, zeros
// at both ends left out, and one more for the sign of a negative number. (Developer Guide, "DynamoDB item sizes and formats", gives the rule roughly;
// measurements at the 400 KB limit, published by others, the rounding of each half.)
func numberSize[T string | []byte](text T) int {
	size := 1
	i := 0
	if len(text) > 0 && text[0] == '-' {
		size++
		i++
	}
	whole, lastWhole := 0, 0 // digits before the point from the first that is not zero, and up to the last that is not zero
	fraction, first, last := 0, 0, 0
	point := false
	for ; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '.':
			point = true
		case point:
			fraction++
			if c != '0' {
				last = fraction
				if first == 0 {
					first = fraction
				}
			}
		case c != '0':
			whole++
			lastWhole = whole
		case whole > 0:
			whole++
		}
	}
	switch {
	case last == 0: // a whole number
		if lastWhole == 0 {
			return 1
		}
		return size + (lastWhole+1)/2
	case whole == 0:
		return size + (last-first+2)/2
	default:
		return size + (whole+1)/2 + (last+1)/2
	}
}
