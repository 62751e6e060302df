package engine_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/ddb-cli/ddb/internal/engine"
)

func TestTags(t *testing.T) {
	_, c := open(t, engine.Options{})
	simpleTable(t, c, "Music")
	tagged := func() map[string]string {
		t.Helper()
		out, err := c.ListTagsOfResource(t.Context(), &dynamodb.ListTagsOfResourceInput{ResourceArn: arnOf("Music")})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, g := range out.Tags {
			got[*g.Key] = *g.Value
		}
		return got
	}
	if got := tagged(); len(got) != 0 {
		t.Errorf("a new table has tags %v", got)
	}
	tag := func(arn *string, kv ...string) error {
		in := &dynamodb.TagResourceInput{ResourceArn: arn, Tags: []types.Tag{}}
		for i := 0; i < len(kv); i += 2 {
			in.Tags = append(in.Tags, types.Tag{Key: &kv[i], Value: &kv[i+1]})
		}
		_, err := c.TagResource(t.Context(), in)
		return err
	}
	if err := tag(arnOf("Music"), "team", "a", "cost", ""); err != nil {
		t.Fatal(err)
	}
	if err := tag(arnOf("Music"), "team", "b"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"team": "b", "cost": ""}, tagged()); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	if _, err := c.UntagResource(t.Context(), &dynamodb.UntagResourceInput{ResourceArn: arnOf("Music"), TagKeys: []string{"cost", "none"}}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"team": "b"}, tagged()); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}

	wantError(t, tag(arnOf("Music")), "ValidationException", "Atleast one Tag needs to be provided as Input.")
	wantError(t, tag(arnOf("Missing"), "a", "b"), "ResourceNotFoundException",
		"Requested resource not found: ResourceArn: "+*arnOf("Missing")+" not found")
	wantError(t, tag(aws.String("nonsense"), "a", "b"), "ValidationException",
		"One or more parameter values were invalid: ARNs must start with 'arn:': nonsense")
	var many []string
	for i := range 50 {
		many = append(many, fmt.Sprint("k", i), "v")
	}
	wantError(t, tag(arnOf("Music"), many...), "ValidationException",
		"Number of Tags exceed the current limit for the provided ResourceArn")
	if got := tagged(); len(got) != 1 {
		t.Errorf("a refused request left %d tags", len(got))
	}
	if err := tag(arnOf("Music"), many[:98]...); err != nil {
		t.Errorf("the 50th tag: %v", err)
	}
}
