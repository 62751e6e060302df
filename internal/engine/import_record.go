package engine

import (
	"errors"
	"io"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/engine/bucket"
	"github.com/ddb-cli/ddb/internal/engine/catalog"
	"github.com/ddb-cli/ddb/internal/engine/ion"
	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// record is one record of an object that an import or a bulk operation reads. Its memory is used again for the next.
type record struct {
	item      Image
	condition conditionInput // of a bulk operation; imports pass it over
	text      []byte         // as it came; nil for a row of CSV
	bytes     int64          // of the object's content it takes
}

// recordForm says how the records of an object are written.
type recordForm struct {
	format      string // CSV, DYNAMODB_JSON, ION
	compression bucket.Compression
	csv         csvOptions
	typed       []catalog.KeyAttribute // columns of CSV that are keys, of the table or of an index; the others are texts
}

// read calls each for every record of an object, in order: with the record, or with the error that it is no item. It
// stops at the first error each returns. Its own errors say that the object cannot be read on.
func (f *recordForm) read(o bucket.Object, each func(*record, error) error) error {
	r := &record{}
	if f.format == "DYNAMODB_JSON" {
		return o.Lines(f.compression, func(line []byte) error {
			r.text, r.bytes = line, int64(len(line))+1
			return each(r, r.parseJSON(line))
		})
	}
	content, err := o.Open(f.compression)
	if err != nil {
		return err
	}
	defer content.Close()
	if f.format == "ION" {
		return r.readIon(content, each)
	}
	return f.readCSV(content, each)
}

// brokenLine is the error of a line that is no JSON, other than of one that holds no item of the table.
type brokenLine struct{ error }

// errNoItem says that a record is well formed and holds no item.
var errNoItem = errors.New(`the record has no "Item"`)

// parseJSON reads {"Item": {…}} with the attribute values of DynamoDB JSON, and what makes it conditional.
func (r *record) parseJSON(line []byte) error {
	s := jsonscan.New(line)
	if s.Kind() != jsonscan.Object || !s.Open() {
		return brokenLine{errors.New("the line is not a JSON object")}
	}
	memory := r.item.Wire
	r.item, r.condition = Image{}, conditionInput{}
	for {
		name, ok := s.Key()
		if !ok {
			break
		}
		var err error
		switch string(name) {
		case "Item":
			r.item.Wire, r.item.Size, err = attr.Canonical(memory[:0], &s)
			memory = r.item.Wire
		case "ConditionExpression":
			text, _ := s.Text()
			expression := string(text)
			r.condition.ConditionExpression = &expression
		case "ExpressionAttributeNames":
			r.condition.ExpressionAttributeNames = scanNames(&s)
		case "ExpressionAttributeValues":
			r.condition.ExpressionAttributeValues, err = attr.ScanItem(&s)
		default:
			s.Skip()
		}
		if err != nil {
			r.item.Wire = memory
			return err
		}
		if s.Err() != nil {
			break
		}
	}
	switch {
	case s.Err() != nil:
		return brokenLine{s.Err()}
	case !s.End():
		return brokenLine{errors.New("the line goes on after its JSON object")}
	}
	return r.check()
}

func (r *record) check() error {
	switch {
	case r.item.Wire == nil:
		return errNoItem
	case r.item.Size > attr.MaxItemSize:
		return errItemSize()
	}
	return nil
}

// scanNames reads an object of texts.
func scanNames(s *jsonscan.Scanner) map[string]string {
	names := map[string]string{}
	if !s.Open() {
		return nil
	}
	for {
		name, ok := s.Key()
		if !ok {
			return names
		}
		key := string(name)
		value, ok := s.Text()
		if !ok {
			return nil
		}
		names[key] = string(value)
	}
}

// readIon reads a sequence of structs with a field Item each.
func (r *record) readIon(content io.Reader, each func(*record, error) error) error {
	s := ion.NewScanner(content, bucket.MaxRecord)
	for s.Scan() {
		r.text, r.bytes = s.Bytes(), int64(len(s.Bytes()))+1
		if err := each(r, r.parseIon(s.Bytes())); err != nil {
			return err
		}
	}
	return s.Err()
}

func (r *record) parseIon(text []byte) error {
	fields, err := ion.ParseStruct(text)
	if err != nil {
		return err
	}
	memory := r.item.Wire
	r.item, r.condition = Image{}, conditionInput{}
	for _, f := range fields {
		switch {
		case f.Name == "Item" && f.Value.Kind == attr.M:
			if err := r.set(memory, f.Value.Map); err != nil {
				return err
			}
		case f.Name == "ConditionExpression" && f.Value.Kind == attr.S:
			r.condition.ConditionExpression = &f.Value.Str
		case f.Name == "ExpressionAttributeNames" && f.Value.Kind == attr.M:
			r.condition.ExpressionAttributeNames = map[string]string{}
			for _, n := range f.Value.Map {
				r.condition.ExpressionAttributeNames[n.Name] = n.Value.Str
			}
		case f.Name == "ExpressionAttributeValues" && f.Value.Kind == attr.M:
			r.condition.ExpressionAttributeValues = f.Value.Map
		}
	}
	return r.check()
}

// set makes an item the record's own. It goes through the wire form, so that the rules for items are those of a PutItem.
func (r *record) set(memory []byte, it attr.Item) error {
	var err error
	r.item = Image{}
	r.item.Wire, r.item.Size, err = attr.CanonicalItem(memory[:0], attr.AppendItem(nil, it))
	return err
}
