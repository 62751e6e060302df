package loss

import (
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/ops/backup"
	"github.com/ddb-cli/ddb/internal/ops/table"
	"github.com/ddb-cli/ddb/internal/partiql"
)

// hopeless says that a look at what a call names met what the call would meet: it is not there, or what was given is no name.
// Any other failure, a refusal for example, leaves it unknown.
func hopeless(err error) bool {
	return hasCode(err, "ResourceNotFoundException", "TableNotFoundException", "BackupNotFoundException", "GlobalTableNotFoundException", "ValidationException")
}

func hasCode(err error, codes ...string) bool {
	e, ok := errors.AsType[*op.Error](err)
	return ok && slices.Contains(codes, e.Code)
}

// there is the error of the first table that is not.
func (a asker) there(tables []string, region op.Region) error {
	for _, name := range tables {
		if _, err := a.described(name, region); hopeless(err) {
			return err
		}
	}
	return nil
}

// statements is the error of the first table that is not there, or of the first DELETE that does not say which item: the service
// refuses that one whole, and a transaction with it.
func (a asker) statements(tables []string, region op.Region, list ...string) error {
	if err := a.there(tables, region); err != nil {
		return err
	}
	for _, text := range list {
		s, err := partiql.Parse(text)
		gone, ok := s.(*partiql.Delete)
		if err != nil || !ok {
			continue
		}
		d, err := a.described(gone.From.Table, region)
		if err != nil {
			continue // what is not known is asked about
		}
		named := partiql.Compared(gone.Where)
		for _, k := range d.KeySchema {
			if named[aws.ToString(k.AttributeName)] == 0 {
				return &op.Error{
					Code: "ValidationException", Message: "Where clause does not contain a mandatory equality on all key attributes: " + quoted(text) + "; nothing was deleted",
					Hint: schemaHint(d),
				}
			}
		}
	}
	return nil
}

func (a asker) described(name string, region op.Region) (*types.TableDescription, error) {
	return table.Describe.Call(a.ctx, a.env, &table.DescribeInput{TableName: name, Region: region})
}

// deletion is what goes with a table.
func (a asker) deletion(in *table.DeleteInput) (string, error) {
	d, err := a.described(in.TableName, in.Region)
	if hopeless(err) {
		return "", err
	}
	if err == nil && aws.ToBool(d.DeletionProtectionEnabled) {
		return "", &op.Error{
			Code: "ValidationException", Message: "the table " + quoted(in.TableName) + " is protected from deletion; nothing was deleted",
			Hint: "whoever wants it gone turns deletion protection off first, with update_table (ddb table update --deletion-protection=false)",
		}
	}
	return "Deletes the table " + quoted(in.TableName) + " with all its items and indexes. " + a.held(d, err, in.TableName, in.Region) + a.undo(in.Region), nil
}

// recoveryOff is nothing where recovery is off already.
func (a asker) recoveryOff(in *backup.UpdateContinuousInput) (string, error) {
	out, err := backup.DescribeContinuous.Call(a.ctx, a.env, &backup.DescribeContinuousInput{TableName: in.TableName, Region: in.Region})
	if hopeless(err) {
		return "", err
	}
	if err == nil && out.PointInTimeRecoveryDescription != nil && out.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus == types.PointInTimeRecoveryStatusDisabled {
		return "", nil
	}
	return "Turns point-in-time recovery of the table " + quoted(in.TableName) + " off, and what it could be restored to is lost. " + a.table(in.TableName, in.Region), nil
}

// keys is the error of a table that is not there, or of the first key that cannot be one of it.
func (a asker) keys(name string, region op.Region, keys []attr.Item) error {
	if len(keys) == 0 {
		return nil
	}
	d, err := a.described(name, region)
	if hopeless(err) {
		return err
	}
	for _, k := range keys {
		if len(k) == 0 || err == nil && !fits(d, k) {
			return &op.Error{
				Code: "ValidationException", Message: "The provided key element does not match the schema: " + key(k) + " is no key of the table " + quoted(op.TableName(name)) + "; nothing was deleted",
				Hint: schemaHint(d),
			}
		}
	}
	return nil
}

// fits says whether a key has the attributes of a table's key, each of its type.
func fits(d *types.TableDescription, k attr.Item) bool {
	if len(k) != len(d.KeySchema) {
		return false
	}
	for _, x := range d.KeySchema {
		v, ok := k.Get(aws.ToString(x.AttributeName))
		if !ok || v.Kind.String() != typeOf(d, x) {
			return false
		}
	}
	return true
}

func typeOf(d *types.TableDescription, x types.KeySchemaElement) string {
	for _, def := range d.AttributeDefinitions {
		if aws.ToString(def.AttributeName) == aws.ToString(x.AttributeName) {
			return string(def.AttributeType)
		}
	}
	return ""
}

func schemaHint(d *types.TableDescription) string {
	if d == nil {
		return "a key has the attributes of the table's key schema"
	}
	var parts []string
	for _, x := range d.KeySchema {
		parts = append(parts, quoted(aws.ToString(x.AttributeName))+" ("+typeOf(d, x)+")")
	}
	return "its key is " + strings.Join(parts, " and ")
}
