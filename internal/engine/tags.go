package engine

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// maxTags is the number of tags a table may have (developer guide, "Tagging restrictions").
const maxTags = 50

var tagActions = map[string]action{
	"TagResource":        handle(tagResource),
	"UntagResource":      handle(untagResource),
	"ListTagsOfResource": handle(listTags),
}

type tagResourceInput struct {
	ResourceArn string     `wire:"ResourceArn,required,min=1,max=1283"`
	Tags        []tagGiven `wire:"Tags,required"`
}

// tagGiven is a tag of a request. What is wrong with it has words of its own and is not a violation of constraints.
type tagGiven struct {
	Key   *string `wire:"Key"`
	Value *string `wire:"Value"`
}

type untagResourceInput struct {
	ResourceArn string   `wire:"ResourceArn,required,min=1,max=1283"`
	TagKeys     []string `wire:"TagKeys,required"`
}

type listTagsInput struct {
	ResourceArn string `wire:"ResourceArn,required,min=1,max=1283"`
	NextToken   string `wire:"NextToken"`
}

type listTagsOutput struct {
	Tags []tag `wire:"Tags,keep"`
}

// noOutput is the empty answer.
type noOutput struct{}

func tagResource(c *call, in *tagResourceInput) (*noOutput, error) {
	if len(in.Tags) == 0 {
		return nil, validation("Atleast one Tag needs to be provided as Input.")
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	return c.changeTags(in.ResourceArn, func(have []catalog.Tag) ([]catalog.Tag, error) { return mergeTags(have, in.Tags) })
}

// changeTags applies a change to the tags of what an ARN names. Under a realistic life cycle a change locks them for a moment.
func (c *call) changeTags(arn string, change func([]catalog.Tag) ([]catalog.Tag, error)) (*noOutput, error) {
	t, p, err := c.taggable(arn)
	if err != nil {
		return nil, err
	}
	_, err = c.e.catalog.Update(t.Ref, func(t *catalog.Table) error {
		have, err := tagsOf(t, p)
		if err != nil {
			return err
		}
		tags, err := change(have)
		if err != nil {
			return err
		}
		if slices.Equal(tags, have) {
			return nil
		}
		if err := settled(t); err != nil {
			return err
		}
		if c.taggedJustNow(t) {
			return &apiError{Type: "LimitExceededException", Message: "Subscriber limit exceeded: Table tags are being updated: " + t.Name}
		}
		return c.setTags(t, p, tags)
	})
	return nil, err
}

// The tags of a stream are other ones than those of its table (DDB-TABLE-373).
const streamTags = "stream-tags"

// tagsChanged is the setting that tells when tags were changed last.
const tagsChanged = "tags-changed"

// tagLock is how long a change of tags keeps others waiting under a realistic life cycle; 1.6 to 1.8 s were measured (DDB-TABLE-172).
const tagLock = 1700 * time.Millisecond

func (c *call) taggedJustNow(t *catalog.Table) bool {
	var at time.Time
	ok, err := t.Setting(tagsChanged, &at)
	return ok && err == nil && c.e.realistic() && c.now.Before(at.Add(tagLock))
}

func tagsOf(t *catalog.Table, p arnParts) ([]catalog.Tag, error) {
	if p.rest == "" {
		return t.Tags, nil
	}
	var tags []catalog.Tag
	_, err := t.Setting(streamTags+"/"+p.rest, &tags)
	return tags, err
}

func (c *call) setTags(t *catalog.Table, p arnParts, tags []catalog.Tag) error {
	if p.rest != "" {
		return t.SetSetting(streamTags+"/"+p.rest, tags)
	}
	t.Tags = tags
	if c.e.realistic() {
		return t.SetSetting(tagsChanged, c.now)
	}
	return nil
}

// taggable finds what an ARN names: a table or its stream.
func (c *call) taggable(arn string) (*catalog.Table, arnParts, error) {
	p, err := checkARN(arn)
	if err != nil {
		return nil, p, err
	}
	switch {
	case !p.of(c.region):
		return nil, p, validation("Invalid TableArn: Invalid ResourceArn provided as input " + arn)
	case c.foreign(p.account):
		return nil, p, errDenied()
	}
	t := c.e.catalog.Table(c.ref(p.table))
	if t != nil {
		switch c.phaseOf(t) {
		case phaseFilling, phaseHidden, phaseForgotten:
			t = nil
		}
	}
	if t == nil || p.rest != "" && t.StreamARN() != t.ARN()+"/"+p.rest {
		return nil, p, &apiError{Type: "ResourceNotFoundException", Message: "Requested resource not found: ResourceArn: " + arn + " not found"}
	}
	return t, p, nil
}

// The limits of tags (developer guide, "Tagging restrictions"); all of a table's together have maxTagBytes (DDB-TABLE-109).
const (
	maxTagKey   = 128
	maxTagValue = 256
	maxTagBytes = 10240
)

// tagForm is what keys and values of tags consist of (developer guide, "Tagging restrictions").
var tagForm = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)

func checkTags(tags []tagGiven) error {
	seen := map[string]bool{}
	for _, g := range tags {
		if g.Key == nil {
			return errTagKey("null")
		}
		if err := checkTagKey(*g.Key); err != nil {
			return err
		}
		if g.Value == nil {
			return validation("The Tag Value provided is invalid, Value: null")
		}
		if utf8.RuneCountInString(*g.Value) > maxTagValue || !tagForm.MatchString(*g.Value) {
			return validation("The Tag Value provided is invalid, Value: " + *g.Value)
		}
		if seen[*g.Key] {
			return validation("Duplicate Tag Keys provided as input: Duplicate Tag Key found " + *g.Key)
		}
		seen[*g.Key] = true
	}
	return nil
}

func checkTagKey(key string) error {
	if n := utf8.RuneCountInString(key); n == 0 || n > maxTagKey || !tagForm.MatchString(key) {
		return errTagKey(key)
	}
	if strings.HasPrefix(strings.ToLower(key), "aws:") {
		return validation("Tag Key cannot be prefixed with aws:, Key: " + key)
	}
	return nil
}

func errTagKey(key string) error { return validation("The Tag Key provided is invalid, Key: " + key) }

func errTooManyTags() error {
	return validation("Number of Tags exceed the current limit for the provided ResourceArn")
}

// mergeTags adds tags that have been checked to a resource's, a later value taking the place of an earlier one, and keeps them in order of keys.
func mergeTags(have []catalog.Tag, add []tagGiven) ([]catalog.Tag, error) {
	tags := slices.Clone(have)
	for _, n := range add {
		i := slices.IndexFunc(tags, func(t catalog.Tag) bool { return t.Key == *n.Key })
		if i >= 0 {
			tags[i].Value = *n.Value
		} else {
			tags = append(tags, catalog.Tag{Key: *n.Key, Value: *n.Value})
		}
		if len(tags) > maxTags {
			return nil, errTooManyTags()
		}
	}
	size := 0
	for _, t := range tags {
		size += len(t.Key) + len(t.Value)
	}
	if size > maxTagBytes {
		return nil, validation(fmt.Sprintf("Tag set size %d bytes is above max size limit of %d bytes", size, maxTagBytes))
	}
	slices.SortFunc(tags, func(a, b catalog.Tag) int { return strings.Compare(a.Key, b.Key) })
	return tags, nil
}

func untagResource(c *call, in *untagResourceInput) (*noOutput, error) {
	if len(in.TagKeys) == 0 {
		return nil, validation("Atleast one Tag Key needs to be provided as Input.")
	}
	for _, k := range in.TagKeys {
		if err := checkTagKey(k); err != nil {
			return nil, err
		}
	}
	if len(in.TagKeys) > maxTags {
		return nil, errTooManyTags()
	}
	return c.changeTags(in.ResourceArn, func(have []catalog.Tag) ([]catalog.Tag, error) {
		return slices.DeleteFunc(slices.Clone(have), func(g catalog.Tag) bool { return slices.Contains(in.TagKeys, g.Key) }), nil
	})
}

// listTags answers all tags at once: the service never pages them, for there are at most 50, never gives out a token, and takes no notice of one
// it is given.
func listTags(c *call, in *listTagsInput) (*listTagsOutput, error) {
	t, p, err := c.taggable(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	tags, err := tagsOf(t, p)
	if err != nil {
		return nil, err
	}
	out := &listTagsOutput{Tags: []tag{}}
	if c.phaseOf(t) == phaseComing {
		return out, nil
	}
	for _, g := range tags {
		out.Tags = append(out.Tags, tag(g))
	}
	return out, nil
}
