package tablefile

import (
	"fmt"
	"strings"
)

// What the API, CloudFormation and Terraform call things, and what they are here.
var (
	streamWords = map[string]string{"NEW_AND_OLD_IMAGES": "new-and-old", "NEW_IMAGE": "new", "OLD_IMAGE": "old", "KEYS_ONLY": "keys"}
	classWords  = map[string]string{"STANDARD": "standard", "STANDARD_INFREQUENT_ACCESS": "infrequent-access"}
	modeWords   = map[string]string{"ACCESSED_AND_THROTTLED_KEYS": "all", "THROTTLED_KEYS": "throttled"}
	billWords   = map[string]string{"PAY_PER_REQUEST": OnDemand, "PROVISIONED": Provisioned}
	projWords   = map[string]string{"ALL": "all", "KEYS_ONLY": "keys", "INCLUDE": "include"}
	distWords   = map[string]string{"COSINE": "cosine", "DOT_PRODUCT": "dot-product", "EUCLIDEAN": "euclidean"}
	precWords   = map[string]string{"MILLISECOND": "millisecond", "MICROSECOND": "microsecond"}
)

// APIWord gives the API's word for one of a table file: new-and-old is NEW_AND_OLD_IMAGES. It is "" for a word that is none.
func APIWord(setting, word string) string {
	for api, w := range words[setting] {
		if w == word {
			return api
		}
	}
	return ""
}

// Word gives a table file's word for one of the API's; "" for a word that is none.
func Word(setting, api string) string { return words[setting][api] }

var words = map[string]map[string]string{
	"stream": streamWords, "class": classWords, "insights": modeWords, "billing": billWords, "projection": projWords, "distance": distWords, "precision": precWords,
}

// A shape reads the API's structures, which CloudFormation has taken over. The first error stays.
type shape struct {
	err   error
	types map[string]string
}

func (s *shape) failed(n *node, message, hint string) {
	if s.err == nil {
		s.err = n.fail(message, hint)
	}
}

// text is a scalar, "" where there is none.
func (s *shape) text(n *node, name string) string {
	v := n.get(name)
	switch {
	case v == nil || v.kind == null:
		return ""
	case v.kind != scalar:
		s.failed(v, "expected a text, found "+v.kindText(), unresolved(v))
		return ""
	case v.tag != "":
		s.failed(v, "the tag "+v.tag+" cannot be resolved here", "write the value, or give a parameter it refers to a Default")
	}
	return v.text
}

// unresolved is the hint for a map where a value is wanted: in a template it is a function.
func unresolved(v *node) string {
	if v.kind == mapping && len(v.fields) == 1 && (strings.HasPrefix(v.fields[0].name, "Fn::") || v.fields[0].name == "Ref") {
		return "functions of CloudFormation cannot be resolved here; write the value, or give a parameter it refers to a Default"
	}
	return ""
}

func (s *shape) truth(n *node, name string) bool {
	switch t := strings.ToLower(s.text(n, name)); t {
	case "true":
		return true
	case "", "false":
		return false
	default:
		s.failed(n.get(name), fmt.Sprintf("expected true or false, found %q", t), "")
		return false
	}
}

func (s *shape) number(n *node, name string) int64 {
	v := n.get(name)
	if v == nil || v.kind == null {
		return 0
	}
	if s.text(n, name); s.err != nil {
		return 0
	}
	i, err := v.integer(-1)
	if err != nil && s.err == nil {
		s.err = err
	}
	return i
}

// member is a structure; nil where there is none.
func (s *shape) member(n *node, name string) *node {
	v := n.get(name)
	if v == nil || v.kind == null {
		return nil
	}
	if v.kind != mapping {
		s.failed(v, "expected a map, found "+v.kindText(), "")
		return nil
	}
	return v
}

func (s *shape) list(n *node, name string) []*node {
	v := n.get(name)
	if v == nil || v.kind == null {
		return nil
	}
	if v.kind != list {
		s.failed(v, "expected a list, found "+v.kindText(), unresolved(v))
	}
	return v.items
}

// word translates one of the API's words.
func (s *shape) word(n *node, name, setting string) string {
	return s.translated(n.get(name), setting, s.text(n, name))
}

// translated is the word of ours for one of the API's, "" for none; what stands at n is not known where there is no such word.
func (s *shape) translated(n *node, setting, text string) string {
	if text == "" || s.err != nil {
		return ""
	}
	w, ok := words[setting][text]
	if !ok {
		s.failed(n, fmt.Sprintf("%q is not known", text), "")
	}
	return w
}

func (s *shape) units(n *node, name, read, write string) *Units {
	v := s.member(n, name)
	if v == nil {
		return nil
	}
	return unitsOf(s.number(v, read), s.number(v, write))
}

// unitsOf is what two numbers of another format say: 0, which stands for none, means no limit where the other one is set.
func unitsOf(read, write int64) *Units {
	if read == 0 && write == 0 {
		return nil
	}
	u := &Units{read, write}
	for _, x := range []*int64{&u.Read, &u.Write} {
		if *x == 0 {
			*x = Unlimited
		}
	}
	return u
}

func (s *shape) capacity(n *node) *Units {
	return s.units(n, "ProvisionedThroughput", "ReadCapacityUnits", "WriteCapacityUnits")
}

func (s *shape) maximum(n *node) *Units {
	return s.units(n, "OnDemandThroughput", "MaxReadRequestUnits", "MaxWriteRequestUnits")
}

func (s *shape) warm(n *node) *Units {
	return s.units(n, "WarmThroughput", "ReadUnitsPerSecond", "WriteUnitsPerSecond")
}

func (s *shape) definitions(n *node) {
	for _, d := range s.list(n, "AttributeDefinitions") {
		s.types[s.text(d, "AttributeName")] = s.text(d, "AttributeType")
	}
}

func (s *shape) keys(n *node) []Key {
	var keys []Key
	for _, k := range s.list(n, "KeySchema") {
		key := Key{Name: s.text(k, "AttributeName"), Sort: s.text(k, "KeyType") == "RANGE"}
		if key.Name == "" {
			s.failed(k, "AttributeName is missing", "name an attribute of the AttributeDefinitions")
		}
		if key.Type = s.types[key.Name]; key.Type == "" && s.err == nil {
			s.failed(k, fmt.Sprintf("the attribute %q is not among the AttributeDefinitions", key.Name), "add it there with its type")
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		s.failed(n, "KeySchema is missing", "")
	}
	return keys
}

func (s *shape) projection(n *node) Projection {
	v := s.member(n, "Projection")
	if v == nil {
		return Projection{Kind: "all"}
	}
	p := Projection{Kind: s.word(v, "ProjectionType", "projection")}
	for _, item := range s.list(v, "NonKeyAttributes") {
		p.Include = append(p.Include, item.text)
	}
	if p.Kind == "" {
		p.Kind = "all"
	}
	return p
}

func (s *shape) indexes(n *node, name string) []Index {
	all := []Index{}
	for _, x := range s.list(n, name) {
		all = append(all, Index{
			Name: s.text(x, "IndexName"), Keys: s.keys(x), Projection: s.projection(x),
			Capacity: s.capacity(x), Max: s.maximum(x), Warm: s.warm(x), Insights: s.insights(x),
		})
	}
	return all
}

// insights is CloudFormation's; the API keeps it elsewhere.
func (s *shape) insights(n *node) string {
	v := s.member(n, "ContributorInsightsSpecification")
	switch {
	case v == nil:
		return ""
	case !s.truth(v, "Enabled"):
		return Off
	}
	if mode := s.word(v, "Mode", "insights"); mode != "" {
		return mode
	}
	return "all"
}

// table reads what the API and CloudFormation have in common.
func (s *shape) table(n *node) *Table {
	t := &Table{Line: n.line, Name: s.text(n, "TableName")}
	s.definitions(n)
	t.Keys = s.keys(n)
	t.Billing = s.word(n, "BillingMode", "billing")
	if b := s.member(n, "BillingModeSummary"); b != nil {
		t.Billing = s.word(b, "BillingMode", "billing")
	}
	t.Capacity, t.Max = s.capacity(n), s.maximum(n)
	if t.Billing == "" {
		t.Billing = Provisioned
	}
	if t.Billing == OnDemand {
		t.Capacity = nil
	}
	t.Indexes, t.Local = s.indexes(n, "GlobalSecondaryIndexes"), s.indexes(n, "LocalSecondaryIndexes")
	for i := range t.Indexes {
		if t.Billing == OnDemand {
			t.Indexes[i].Capacity = nil
		}
	}
	t.Stream = Off
	if v := s.member(n, "StreamSpecification"); v != nil && s.text(v, "StreamEnabled") != "false" {
		t.Stream = s.word(v, "StreamViewType", "stream")
	}
	t.Class = "standard"
	if class := s.word(n, "TableClass", "class"); class != "" {
		t.Class = class
	}
	t.Protection = Off
	if s.truth(n, "DeletionProtectionEnabled") {
		t.Protection = On
	}
	t.Encryption = AWSOwned
	return t
}

// tags reads a list of {Key, Value}.
func (s *shape) tags(n *node) map[string]string {
	tags := map[string]string{}
	for _, item := range s.list(n, "Tags") {
		tags[s.text(item, "Key")] = s.text(item, "Value")
	}
	return tags
}
