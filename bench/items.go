package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

const partition = 100 // items that share a partition key: one Query reads one partition

var (
	tableName = aws.String("bench")
	prose     = strings.Repeat("lorem ipsum ", 10)
	names     = map[string]string{"#v": "visits"}
	one       = values{":one": num(1)}
)

type values = map[string]types.AttributeValue

func str(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }
func num(v int) types.AttributeValue    { return &types.AttributeValueMemberN{Value: strconv.Itoa(v)} }

func owner(i int) types.AttributeValue { return str(fmt.Sprintf("owner-%06d", i/partition)) }

func keyOf(i int) values {
	return values{"owner": owner(i), "entry": str(fmt.Sprintf("entry-%08d", i))}
}

// itemOf is an item of about 1 KB as DynamoDB counts, with one attribute of most kinds.
func itemOf(i int) values {
	it := keyOf(i)
	it["visits"] = num(0)
	it["open"] = &types.AttributeValueMemberBOOL{Value: i%2 == 0}
	it["place"] = &types.AttributeValueMemberM{Value: values{"row": num(i), "note": str("nested")}}
	it["path"] = &types.AttributeValueMemberL{Value: []types.AttributeValue{num(1), num(2), str("three")}}
	it["colours"] = &types.AttributeValueMemberSS{Value: []string{"blue", "green", "red"}}
	for j := range 7 {
		it["text"+strconv.Itoa(j)] = str(prose)
	}
	return it
}

// attributes is how many itemOf has.
const attributes = 14

func createTable() *dynamodb.CreateTableInput {
	return &dynamodb.CreateTableInput{
		TableName: tableName, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String("owner"), AttributeType: types.ScalarAttributeTypeS},
			{AttributeName: aws.String("entry"), AttributeType: types.ScalarAttributeTypeS},
		},
		KeySchema: []types.KeySchemaElement{
			{AttributeName: aws.String("owner"), KeyType: types.KeyTypeHash},
			{AttributeName: aws.String("entry"), KeyType: types.KeyTypeRange},
		},
	}
}

// itemJSON is itemOf on the wire.
func itemJSON(i int) string {
	var b strings.Builder
	b.WriteString("{" + keyFields(i) + `,"visits":{"N":"0"},"open":{"BOOL":` + strconv.FormatBool(i%2 == 0) + `}`)
	fmt.Fprintf(&b, `,"place":{"M":{"row":{"N":"%d"},"note":{"S":"nested"}}},"path":{"L":[{"N":"1"},{"N":"2"},{"S":"three"}]}`, i)
	b.WriteString(`,"colours":{"SS":["blue","green","red"]}`)
	for j := range 7 {
		fmt.Fprintf(&b, `,"text%d":{"S":"%s"}`, j, prose)
	}
	b.WriteString("}")
	return b.String()
}

func keyFields(i int) string {
	return fmt.Sprintf(`"owner":{"S":"owner-%06d"},"entry":{"S":"entry-%08d"}`, i/partition, i)
}
