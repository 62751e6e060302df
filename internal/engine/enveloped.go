package engine

import (
	"errors"
	"strings"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/expression"
)

// singleWrite is an input of PutItem, UpdateItem or DeleteItem. Whatever is wrong with such a request in itself is reported as a violation of its
// constraints, "1 validation error detected: …", as the service has done since 2026 for these operations alone: expressions, names and values that are
// not used, parameters that do not go together, sets and NULLs (floci-io/floci 2893 of 2026-09 has PutItem, DeleteItem, Scan and Query side by side;
// ministackorg/ministack 1038 has UpdateItem; the change log of nubo-db/dynoxide 0.12 lists what is and what is not). Numbers, values of no type
// or several, and what only a table can tell are reported bare.
type singleWrite interface {
	enveloped(err error) error
	keep(body []byte)
}

// keep keeps a request's body to look at again when something is wrong with it.
func (in *conditionInput) keep(body []byte) { in.body = body }

// envelope begins the message of one violation.
const envelope = "1 validation error detected: "

func (in *conditionInput) enveloped(err error) error {
	if err == nil || handedBack(in.body) {
		return err
	}
	if value, ok := errors.AsType[*attr.Error](err); ok {
		if value.Constraint {
			return validation(envelope + value.Message)
		}
		return err
	}
	if text, ok := errors.AsType[*expression.Error](err); ok {
		switch {
		case text.Value == nil:
			return validation(envelope + text.Message)
		case text.Value.Constraint: // without the key of the value: ministackorg/ministack 1038
			return validation(envelope + text.Value.Message)
		}
		return err
	}
	if api, ok := errors.AsType[*apiError](err); ok && api.Type == "ValidationException" && !strings.Contains(api.Message, " detected: ") {
		return validation(envelope + api.Message)
	}
	return err
}
