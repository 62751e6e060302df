package engine_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go"

	"github.com/ddb-cli/ddb/internal/engine"
)

// The Region in the ARN of a backup makes no difference, and the answer has the ARN it was asked for by.
func TestBackupOfAnotherRegionsName(t *testing.T) {
	_, c := open(t, engine.Options{Region: "eu-west-1"})
	simpleTable(t, c, "Things")
	made, err := c.CreateBackup(t.Context(), &dynamodb.CreateBackupInput{TableName: aws.String("Things"), BackupName: aws.String("nightly")})
	if err != nil {
		t.Fatal(err)
	}
	asked := strings.Replace(*made.BackupDetails.BackupArn, "eu-west-1", "us-east-1", 1)
	shown, err := c.DescribeBackup(t.Context(), &dynamodb.DescribeBackupInput{BackupArn: &asked})
	if err != nil || *shown.BackupDescription.BackupDetails.BackupArn != asked {
		t.Errorf("asked for %s, got %v, %v", asked, shown, err)
	}
	gone, err := c.DeleteBackup(t.Context(), &dynamodb.DeleteBackupInput{BackupArn: &asked})
	if err != nil || *gone.BackupDescription.BackupDetails.BackupArn != asked {
		t.Errorf("deleting %s: %v, %v", asked, gone, err)
	}
	if _, err := c.DescribeBackup(t.Context(), &dynamodb.DescribeBackupInput{BackupArn: made.BackupDetails.BackupArn}); err == nil {
		t.Error("the backup is still there")
	}
}

// For 15 seconds a deleted policy is told of, then there was none.
func TestDeletedPolicyIsForgotten(t *testing.T) {
	clock := newClock(time.Date(2026, 1, 3, 12, 0, 0, 0, time.UTC))
	_, c := open(t, engine.Options{Region: "eu-west-1", Clock: clock.Now})
	simpleTable(t, c, "Things")
	policy := `{"Statement":{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"dynamodb:GetItem","Resource":"` + *arnOf("Things") + `"}}`
	put, err := c.PutResourcePolicy(t.Context(), &dynamodb.PutResourcePolicyInput{ResourceArn: arnOf("Things"), Policy: &policy})
	if err != nil {
		t.Fatal(err)
	}
	remove := func(expected *string) (string, error) {
		out, err := c.DeleteResourcePolicy(t.Context(), &dynamodb.DeleteResourcePolicyInput{ResourceArn: arnOf("Things"), ExpectedRevisionId: expected})
		if err != nil {
			return "", err
		}
		return aws.ToString(out.RevisionId), nil
	}
	if rev, err := remove(nil); err != nil || rev != *put.RevisionId {
		t.Fatalf("revision %q, %v, want %q", rev, err, *put.RevisionId)
	}
	for _, c := range []struct {
		after time.Duration
		known bool
		words string
	}{
		{time.Second, true, "the policy associated to target table Things has revision id"},
		{15 * time.Second, false, "table Things has no associated policy."},
	} {
		clock.advance(c.after)
		if rev, err := remove(nil); err != nil || (rev != "") != c.known {
			t.Errorf("after %v: revision %q, %v", c.after, rev, err)
		}
		_, err := remove(put.RevisionId)
		var api smithy.APIError
		if !errors.As(err, &api) || api.ErrorCode() != "PolicyNotFoundException" || !strings.Contains(api.ErrorMessage(), c.words) {
			t.Errorf("after %v: %v", c.after, err)
		}
	}
}
