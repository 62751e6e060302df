package engine

import (
	"maps"
	"strings"
)

// action answers one request: body is its JSON, the answer is appended to out.
type action func(c *call, body, out []byte) ([]byte, error)

// handle makes an action of a typed function: the body is decoded and checked by the wire tags of In (shape.go), and
// what comes back is encoded by those of Out.
func handle[In, Out any](run func(*call, *In) (*Out, error)) action {
	input, output := shapeOf[In](), shapeOf[Out]()
	return func(c *call, body, out []byte) ([]byte, error) {
		in := new(In)
		if err := decode(c, input(), body, in); err != nil {
			return nil, err
		}
		answer, err := run(c, in)
		if err != nil {
			return nil, err
		}
		return encode(out, output(), answer), nil
	}
}

// handleInto is handle for an action that appends its answer to out itself: one that answers with many items, which are
// copied once, from the store to the answer.
func handleInto[In any](run func(c *call, in *In, out []byte) ([]byte, error)) action {
	input := shapeOf[In]()
	return func(c *call, body, out []byte) ([]byte, error) {
		in := new(In)
		if err := decode(c, input(), body, in); err != nil {
			return nil, err
		}
		return run(c, in, out)
	}
}

// actions are the operations of DynamoDB by name. Each family lists its own in its own file.
var actions = union(tableActions, itemActions, batchActions, partiqlActions, controlActions, regionActions, vectorActions)

func union(families ...map[string]action) map[string]action {
	all := make(map[string]action, 64)
	for _, f := range families {
		maps.Copy(all, f)
	}
	return all
}

// errUnknown refuses an operation there is no action for; as from the service it has no message, unless the service would know it.
func errUnknown(target string) error {
	e := &apiError{Type: "UnknownOperationException"}
	if strings.HasPrefix(target, targetPrevious) {
		e.Message = "Requests of the API of 2011-12-05 are not answered here: set the client to its successor, 2012-08-10"
	}
	return e
}
