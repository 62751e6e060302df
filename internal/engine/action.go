package engine

import "maps"

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

// actions are the operations of DynamoDB by name. Each family lists its own in its own file.
var actions = union(tableActions, itemActions, controlActions)

// streamActions are the operations of DynamoDB Streams.
var streamActions = map[string]action{}

func union(families ...map[string]action) map[string]action {
	all := make(map[string]action, 64)
	for _, f := range families {
		maps.Copy(all, f)
	}
	return all
}
