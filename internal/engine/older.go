package engine

import (
	"errors"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// The newer program hands a request back to the older one that holds a boolean written as text, or a value of more than one type: what is refused of it is
// told in the older one's words, and of writes of one item not as a violation (eu-west-2 and us-east-1 in October 2026: source of nubo-db/dynoxide 3.2).

// handedBack reports whether the older program reads a body that the newer one began with.
func handedBack(body []byte) bool {
	s := jsonscan.New(body)
	return holdsOlder(&s)
}

// holdsOlder looks through the value at hand and passes over it. An object whose members are all objects is an item with attributes named as types, and
// no value of several.
func holdsOlder(s *jsonscan.Scanner) bool {
	switch s.Kind() {
	case jsonscan.Array:
		found := false
		for s.Open(); s.Elem(); {
			found = holdsOlder(s) || found
		}
		return found
	case jsonscan.Object:
		found, types, plain := false, 0, false
		s.Open()
		for {
			name, ok := s.Key()
			if !ok {
				break
			}
			kind := s.Kind()
			switch string(name) {
			case "BOOL", "NULL", "Exists":
				found = found || kind == jsonscan.String
			}
			if _, is := attr.ParseKind(string(name)); is && kind != jsonscan.Null {
				types++
				plain = plain || kind != jsonscan.Object
			}
			found = holdsOlder(s) || found
		}
		return found || types > 1 && plain
	}
	s.Skip()
	return false
}

// inOlder words what is wrong with a value as the older program does.
func inOlder(err error) error {
	if e, ok := errors.AsType[*attr.Error](err); ok {
		return e.InOlder()
	}
	return err
}

// handBack is for what is wrong with a value of an UpdateItem, which the older program tells of with the value's key.
func (in *updateItemInput) handBack() {
	if in.refused != nil && handedBack(in.body) {
		in.refused = inOlder(in.refused)
	}
}
