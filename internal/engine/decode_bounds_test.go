package engine_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// TestListsByTheMillion sends lists and maps of as many members as a body has room for. The answer is that of a few, and what is made of them for it
// stays within a small multiple of what was sent: before it did, one request took up to 7 GB.
func TestListsByTheMillion(t *testing.T) {
	send := rawEngine(t)
	const n = 1_200_000
	for name, c := range map[string]struct {
		operation, before, member, after string
		same                             bool // the answer to so many is the answer to 200
	}{
		"definitions":     {"CreateTable", `{"TableName":"abd","KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],"AttributeDefinitions":[`, `{}`, `]}`, true},
		"keys":            {"CreateTable", `{"TableName":"abd","AttributeDefinitions":[],"KeySchema":[`, `{}`, `]}`, true},
		"indexes":         {"RestoreTableFromBackup", `{"TargetTableName":"abd","BackupArn":"arn:aws:dynamodb:us-west-2:000000000000:table/abc/backup/01","GlobalSecondaryIndexOverride":[`, `{}`, `]}`, true},
		"gets":            {"TransactGetItems", `{"TransactItems":[`, `{}`, `]}`, false},
		"puts":            {"TransactWriteItems", `{"TransactItems":[`, `{"Put":{}}`, `]}`, false},
		"statements":      {"BatchExecuteStatement", `{"Statements":[`, `{}`, `]}`, true},
		"actions":         {"TransactWriteItems", `{"TransactItems":[`, `{}`, `]}`, false},
		"writes":          {"BatchWriteItem", `{"RequestItems":{"abc":[`, `{}`, `]}}`, false},
		"keys of a batch": {"BatchGetItem", `{"RequestItems":{"abc":{"Keys":[`, `{}`, `]}}}`, false},
	} {
		list := func(n int) string { return c.before + strings.Repeat(c.member+",", n-1) + c.member + c.after }
		body := list(n)
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		got := send(c.operation, body)
		runtime.ReadMemStats(&after)
		if !strings.Contains(got, "validation error") || len(got) > 3<<20 {
			t.Errorf("%s: %d bytes: %.300s", name, len(got), got)
		}
		if want := send(c.operation, list(200)); c.same && got != want { // what has a limit shows as much as messages do
			t.Errorf("%s: of many %.500s\nof a few %.500s", name, got, want)
		}
		// Everything that was allocated, whether or not it was garbage soon, the body and its copies included.
		if made := after.TotalAlloc - before.TotalAlloc; made > 400<<20 {
			t.Errorf("%s: %d MB were allocated for a body of %d", name, made>>20, len(body)>>20)
		}
	}
}

// TestViolationsOfManyMembers holds that what is told of a long list is what the first ten violations in it are, in the places they had.
func TestViolationsOfManyMembers(t *testing.T) {
	send := rawEngine(t)
	members := strings.Repeat(`{"Get":{"TableName":"abc","Key":{"p":{"S":"1"}}}},`, 50) + strings.Repeat(`{"Get":{"TableName":"a"}},`, 50)
	got := send("TransactGetItems", `{"ReturnConsumedCapacity":"x","TransactItems":[`+strings.TrimSuffix(members, ",")+`]}`)
	if n := strings.Count(got, "failed to satisfy constraint"); n != 10 || !strings.Contains(got, "10 validation errors detected: ") {
		t.Errorf("%d violations: %.2000s", n, got)
	}
	for _, place := range []int{51, 52, 53} {
		if want := fmt.Sprintf("transactItems.%d.member.get.key", place); !strings.Contains(got, want) {
			t.Errorf("%s is not told: %.2000s", want, got)
		}
	}
}

// TestLongValuesAreCutInMessages holds messages to a size, and text to whole characters.
func TestLongValuesAreCutInMessages(t *testing.T) {
	send := rawEngine(t)
	got := send("ListTables", `{"ExclusiveStartTableName":"`+strings.Repeat("ä", 3<<20)+`"}`)
	if len(got) > 3<<20 || !strings.Contains(got, "ä...' at 'exclusiveStartTableName' failed") || strings.Contains(got, "\ufffd") {
		t.Errorf("%d bytes: %.100s…%.300s", len(got), got, got[max(0, len(got)-300):])
	}
}

// TestManyMembersAreRefused sends a map of more members than are kept, none of which can be left out unsaid.
func TestManyMembersAreRefused(t *testing.T) {
	send := rawEngine(t)
	got := send("UpdateItem", `{"TableName":"abc","Key":{"p":{"S":"1"}},"Expected":{`+each(1_000_000, `"%x":{}`)+`}}`)
	if !strings.Contains(got, "Value at 'expected' failed to satisfy constraint: Member must have length less than or equal to ") {
		t.Errorf("%.300s", got)
	}
}
