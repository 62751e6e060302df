package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// makeTable makes a table out of "pk:S,sk:N" and perhaps "stream", and waits for it.
func makeTable(ctx context.Context, client *dynamodb.Client, name string, words []string) error {
	in := &dynamodb.CreateTableInput{TableName: &name, BillingMode: types.BillingModePayPerRequest}
	if len(words) == 0 {
		return fmt.Errorf("table %s has no key", name)
	}
	role := types.KeyTypeHash
	for key := range strings.SplitSeq(words[0], ",") {
		attribute, kind, _ := strings.Cut(key, ":")
		in.KeySchema = append(in.KeySchema, types.KeySchemaElement{AttributeName: &attribute, KeyType: role})
		in.AttributeDefinitions = append(in.AttributeDefinitions, types.AttributeDefinition{AttributeName: &attribute, AttributeType: types.ScalarAttributeType(kind)})
		role = types.KeyTypeRange
	}
	if len(words) > 1 && words[1] == "stream" {
		in.StreamSpecification = &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeNewAndOldImages}
	}
	if _, err := client.CreateTable(ctx, in); err != nil {
		return err
	}
	return dynamodb.NewTableExistsWaiter(client, func(o *dynamodb.TableExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = 5*time.Millisecond, 50*time.Millisecond
	}).
		Wait(ctx, &dynamodb.DescribeTableInput{TableName: &name}, patience)
}

// putItems puts items of plain JSON, one behind the other.
func putItems(ctx context.Context, client *dynamodb.Client, table, text string) error {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	for {
		var item map[string]any
		err := dec.Decode(&item)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		values := make(map[string]types.AttributeValue, len(item))
		for name, v := range item {
			values[name] = typed(v)
		}
		if _, err := client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &table, Item: values}); err != nil {
			return err
		}
	}
}

func typed(v any) types.AttributeValue {
	switch x := v.(type) {
	case string:
		return &types.AttributeValueMemberS{Value: x}
	case json.Number:
		return &types.AttributeValueMemberN{Value: x.String()}
	case bool:
		return &types.AttributeValueMemberBOOL{Value: x}
	case []any:
		list := make([]types.AttributeValue, len(x))
		for i, e := range x {
			list[i] = typed(e)
		}
		return &types.AttributeValueMemberL{Value: list}
	case map[string]any:
		m := make(map[string]types.AttributeValue, len(x))
		for name, e := range x {
			m[name] = typed(e)
		}
		return &types.AttributeValueMemberM{Value: m}
	}
	return &types.AttributeValueMemberNULL{Value: true}
}
