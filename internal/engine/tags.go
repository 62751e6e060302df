package engine

import (
	"regexp"
	"slices"
	"strings"

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
	ResourceArn string `wire:"ResourceArn,required,min=1,max=1283"`
	Tags        []tag  `wire:"Tags,required"`
}

type untagResourceInput struct {
	ResourceArn string   `wire:"ResourceArn,required,min=1,max=1283"`
	TagKeys     []string `wire:"TagKeys,required,elem.min=1,elem.max=128"`
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
	t, err := c.taggable(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	_, err = c.e.catalog.Update(t.Ref, func(t *catalog.Table) error {
		if err := settled(t); err != nil {
			return err
		}
		tags, err := mergeTags(t.Tags, in.Tags)
		t.Tags = tags
		return err
	})
	return nil, err
}

// taggable finds the table an ARN names. What is below a table has no tags of its own.
func (c *call) taggable(arn string) (*catalog.Table, error) {
	if p, ok := parseARN(arn); ok && p.rest != "" {
		return nil, validation("Invalid TableArn: Invalid ResourceArn provided as input " + arn)
	}
	t, _, err := c.resource(arn)
	return t, err
}

// tagForm is what keys and values of tags consist of (developer guide, "Tagging restrictions").
var tagForm = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)

// mergeTags adds tags to a table's, a later value taking the place of an earlier one, and keeps them in order of keys.
func mergeTags(have []catalog.Tag, add []tag) ([]catalog.Tag, error) {
	tags := slices.Clone(have)
	for _, n := range add {
		if !tagForm.MatchString(n.Key) || !tagForm.MatchString(n.Value) {
			return nil, invalidParameter("Tag keys and values may contain letters, numbers, white space and + - = . _ : / @ only: " + n.Key)
		}
		if strings.HasPrefix(strings.ToLower(n.Key), "aws:") {
			return nil, invalidParameter("Tag keys that begin with aws: are reserved for system use: " + n.Key)
		}
		i := slices.IndexFunc(tags, func(t catalog.Tag) bool { return t.Key == n.Key })
		if i >= 0 {
			tags[i].Value = n.Value
		} else {
			tags = append(tags, catalog.Tag{Key: n.Key, Value: n.Value})
		}
	}
	if len(tags) > maxTags {
		return nil, invalidParameter("Too many tags: tag limit is 50")
	}
	slices.SortFunc(tags, func(a, b catalog.Tag) int { return strings.Compare(a.Key, b.Key) })
	return tags, nil
}

func untagResource(c *call, in *untagResourceInput) (*noOutput, error) {
	if len(in.TagKeys) == 0 {
		return nil, validation("Atleast one Tag Key needs to be provided as Input.")
	}
	t, err := c.taggable(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	_, err = c.e.catalog.Update(t.Ref, func(t *catalog.Table) error {
		if err := settled(t); err != nil {
			return err
		}
		t.Tags = slices.DeleteFunc(t.Tags, func(g catalog.Tag) bool { return slices.Contains(in.TagKeys, g.Key) })
		return nil
	})
	return nil, err
}

// listTags answers all tags at once: the service never pages them, for there are at most 50, and so never gives out a
// token that could come back.
func listTags(c *call, in *listTagsInput) (*listTagsOutput, error) {
	t, err := c.taggable(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	if in.NextToken != "" {
		return nil, invalidParameter("NextToken is not valid: " + in.NextToken)
	}
	out := &listTagsOutput{Tags: []tag{}}
	for _, g := range t.Tags {
		out.Tags = append(out.Tags, tag(g))
	}
	return out, nil
}
