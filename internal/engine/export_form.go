package engine

import (
	"strconv"
	"time"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/ion"
)

// exportForm writes the lines of one format (developer guide, "DynamoDB table export output format").
type exportForm struct {
	suffix string // of data files
	item   func(dst, wire []byte) ([]byte, error)
	change func(dst []byte, ch *exportChange) ([]byte, error)
}

// exportChange is what became of one item during the period of an incremental export. Images are in wire form, nil when
// there is none or the view leaves it out.
type exportChange struct {
	at             time.Time // of the last write
	keys, old, new []byte
}

// micros is the time as the exports have it.
func (ch *exportChange) micros() string { return strconv.FormatInt(ch.at.UnixMicro(), 10) }

var exportForms = map[string]exportForm{
	"DYNAMODB_JSON": {".json.gz", jsonExportItem, jsonExportChange},
	"ION":           {".ion.gz", ionExportItem, ionExportChange},
}

func jsonExportItem(dst, wire []byte) ([]byte, error) {
	return append(append(append(dst, `{"Item":`...), wire...), '}'), nil
}

func jsonExportChange(dst []byte, ch *exportChange) ([]byte, error) {
	dst = append(append(append(dst, `{"Metadata":{"WriteTimestampMicros":{"N":"`...), ch.micros()...), `"}}`...)
	for _, m := range ch.members() {
		dst = append(append(append(dst, `,"`...), m.name...), `":`...)
		dst = append(dst, m.wire...)
	}
	return append(dst, '}'), nil
}

func ionExportItem(dst, wire []byte) ([]byte, error) {
	dst, err := appendIon(append(append(dst, ion.Version...), " {Item:"...), wire)
	return append(dst, '}'), err
}

func ionExportChange(dst []byte, ch *exportChange) ([]byte, error) {
	dst = append(append(dst, ion.Version...), " {Record:{Metadata:{WriteTimestampMicros:"...)
	dst = append(ion.AppendNumber(dst, ch.micros()), '}')
	for _, m := range ch.members() {
		var err error
		if dst, err = appendIon(append(append(append(dst, ','), m.name...), ':'), m.wire); err != nil {
			return dst, err
		}
	}
	return append(dst, "}}"...), nil
}

// exportMember is one image of a record.
type exportMember struct {
	name string
	wire []byte
}

// members are the images a record has, in the order of the guide's examples.
func (ch *exportChange) members() []exportMember {
	list := []exportMember{{"Keys", ch.keys}}
	if ch.old != nil {
		list = append(list, exportMember{"OldImage", ch.old})
	}
	if ch.new != nil {
		list = append(list, exportMember{"NewImage", ch.new})
	}
	return list
}

func appendIon(dst, wire []byte) ([]byte, error) {
	it, err := attr.ParseItem(wire)
	if err != nil {
		return dst, err
	}
	return ion.AppendItem(dst, it), nil
}
