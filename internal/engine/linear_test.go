package engine_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/engine"
)

// registers is the state of the items of the linearizability check: their numbers, 0 for one that is not there.
type registers [3]int

// linearOp is one call: what is asked. Each reads or writes the items in keys.
type linearOp struct {
	kind string // get, put, delete, add, swap, transfer, snapshot
	keys []int
	want int // swap, transfer: the number the first item must have
	to   int // put, swap, transfer: the number it gets
}

// linearAnswer is what came of it.
type linearAnswer struct {
	refused bool // the condition does not hold
	nothing bool // a conflict: nothing was done
	values  registers
}

// linearModel is what one call after the other would do.
var linearModel = porcupine.Model{
	Init: func() any { return registers{} },
	Step: func(state, input, output any) (bool, any) {
		s, op, out := state.(registers), input.(linearOp), output.(linearAnswer)
		if out.nothing {
			return true, s
		}
		k := op.keys[0]
		holds := s[k] == op.want
		switch op.kind {
		case "get", "snapshot":
			for _, k := range op.keys {
				if out.values[k] != s[k] {
					return false, s
				}
			}
			return true, s
		case "put":
			s[k] = op.to
		case "delete":
			old := s[k]
			s[k] = 0
			return out.values[k] == old, s
		case "add":
			s[k]++
			return out.values[k] == s[k], s
		case "swap":
			if out.refused || !holds {
				return out.refused && !holds && out.values[k] == s[k], s
			}
			s[k] = op.to
		case "transfer":
			if out.refused || !holds {
				return out.refused && !holds, s
			}
			for _, k := range op.keys {
				s[k] = op.to
			}
		}
		return true, s
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v → %+v", input, output) },
}

// registerClient makes calls on the items of one table.
type registerClient struct{ c *dynamodb.Client }

func registerKey(k int) item { return item{"pk": str(fmt.Sprint("r", k))} }

func registerValue(it item) int { return max(intOf(it, "v"), 0) }

// do makes a call. A conflict with a transaction under way is an answer: nothing was done.
func (r registerClient) do(ctx context.Context, op linearOp) (linearAnswer, error) {
	out, err := r.call(ctx, op)
	if _, conflict := errors.AsType[*types.TransactionConflictException](err); conflict {
		return linearAnswer{nothing: true}, nil
	}
	return out, err
}

func (r registerClient) call(ctx context.Context, op linearOp) (linearAnswer, error) {
	var out linearAnswer
	table, k := aws.String("Registers"), op.keys[0]
	values := item{":want": num(fmt.Sprint(op.want)), ":to": num(fmt.Sprint(op.to))}
	condition := aws.String("v = :want")
	if op.want == 0 {
		condition = aws.String("attribute_not_exists(v)")
		delete(values, ":want")
	}
	set := aws.String("SET v = :to")
	switch op.kind {
	case "get":
		got, err := r.c.GetItem(ctx, &dynamodb.GetItemInput{TableName: table, Key: registerKey(k), ConsistentRead: aws.Bool(true)})
		if err != nil {
			return out, err
		}
		out.values[k] = registerValue(got.Item)
	case "put":
		it := registerKey(k)
		it["v"] = num(fmt.Sprint(op.to))
		_, err := r.c.PutItem(ctx, &dynamodb.PutItemInput{TableName: table, Item: it})
		return out, err
	case "delete":
		got, err := r.c.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: table, Key: registerKey(k), ReturnValues: "ALL_OLD"})
		if err != nil {
			return out, err
		}
		out.values[k] = registerValue(got.Attributes)
	case "add":
		got, err := r.c.UpdateItem(ctx, &dynamodb.UpdateItemInput{
			TableName: table, Key: registerKey(k), UpdateExpression: aws.String("ADD v :one"),
			ExpressionAttributeValues: item{":one": num("1")}, ReturnValues: "UPDATED_NEW",
		})
		if err != nil {
			return out, err
		}
		out.values[k] = registerValue(got.Attributes)
	case "swap":
		_, err := r.c.UpdateItem(ctx, &dynamodb.UpdateItemInput{
			TableName: table, Key: registerKey(k), UpdateExpression: set, ConditionExpression: condition,
			ExpressionAttributeValues: values, ReturnValuesOnConditionCheckFailure: "ALL_OLD",
		})
		if failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
			out.refused, out.values[k] = true, registerValue(failed.Item)
			return out, nil
		}
		return out, err
	case "transfer":
		in := &dynamodb.TransactWriteItemsInput{}
		for i, k := range op.keys {
			u := &types.Update{TableName: table, Key: registerKey(k), UpdateExpression: set, ExpressionAttributeValues: item{":to": values[":to"]}}
			if i == 0 {
				u.ConditionExpression, u.ExpressionAttributeValues = condition, values
			}
			in.TransactItems = append(in.TransactItems, types.TransactWriteItem{Update: u})
		}
		_, err := r.c.TransactWriteItems(ctx, in)
		return r.canceled(out, err)
	case "snapshot":
		in := &dynamodb.TransactGetItemsInput{}
		for _, k := range op.keys {
			in.TransactItems = append(in.TransactItems, types.TransactGetItem{Get: &types.Get{TableName: table, Key: registerKey(k)}})
		}
		got, err := r.c.TransactGetItems(ctx, in)
		if err != nil {
			return r.canceled(out, err)
		}
		for i, k := range op.keys {
			out.values[k] = registerValue(got.Responses[i].Item)
		}
	}
	return out, nil
}

// canceled reads why a transaction was not carried out.
func (registerClient) canceled(out linearAnswer, err error) (linearAnswer, error) {
	failed, ok := errors.AsType[*types.TransactionCanceledException](err)
	if !ok {
		return out, err
	}
	for _, reason := range failed.CancellationReasons {
		switch aws.ToString(reason.Code) {
		case "ConditionalCheckFailed":
			out.refused = true
		case "TransactionConflict":
			out.nothing = true
		}
	}
	return out, nil
}

func randomOp(r *rand.Rand) linearOp {
	kinds := []string{"get", "put", "delete", "add", "swap", "swap", "transfer", "transfer", "snapshot"}
	op := linearOp{kind: kinds[r.IntN(len(kinds))], keys: r.Perm(len(registers{})), want: r.IntN(4), to: 1 + r.IntN(3)}
	switch op.kind {
	case "transfer", "snapshot":
		op.keys = op.keys[:2+r.IntN(2)]
	default:
		op.keys = op.keys[:1]
	}
	return op
}

// TestHistoriesAreLinearizable has clients make conditional writes, transactions and reads on three items at once, and
// looks for an order of all calls, each at an instant between its beginning and its end, that explains every answer.
func TestHistoriesAreLinearizable(t *testing.T) {
	const clients, each = 5, 40
	for round := range 8 {
		_, c := open(t, engine.Options{})
		simpleTable(t, c, "Registers")
		r := registerClient{c}
		seed := rand.Uint64()
		start := time.Now()
		var mu sync.Mutex
		var history []porcupine.Operation
		var wg sync.WaitGroup
		for client := range clients {
			wg.Go(func() {
				dice := rand.New(rand.NewPCG(seed, uint64(client)))
				for range each {
					op := randomOp(dice)
					call := time.Since(start).Nanoseconds()
					out, err := r.do(t.Context(), op)
					back := time.Since(start).Nanoseconds()
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					history = append(history, porcupine.Operation{ClientId: client, Input: op, Call: call, Output: out, Return: back})
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if result := porcupine.CheckOperationsTimeout(linearModel, history, 20*time.Second); result != porcupine.Ok {
			t.Errorf("round %d, seed %d: %s", round, seed, result)
			for _, op := range history {
				t.Logf("%d–%d client %d: %+v → %+v", op.Call, op.Return, op.ClientId, op.Input, op.Output)
			}
			return
		}
	}
}
