package op

import (
	"bytes"
	"encoding/json"
	"errors"
)

// JSON is a document that may be given as an object or as its text, such as a resource policy. It holds the text.
type JSON string

// ParseArgument takes an object as it stands, without its line breaks, and a string for its content.
func (j *JSON) ParseArgument(raw json.RawMessage) error {
	switch raw[0] {
	case '"':
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return err
		}
		*j = JSON(s)
		return nil
	case '{':
		var b bytes.Buffer
		if err := json.Compact(&b, raw); err != nil {
			return err
		}
		*j = JSON(b.String())
		return nil
	}
	return errors.New("expected a JSON object, or its text as a string")
}
