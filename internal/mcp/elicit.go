package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
)

// questions are the requests this server sent to its client and waits for.
type questions struct {
	mu      sync.Mutex
	last    int
	waiting map[string]chan envelope
	// send writes a request; it is nil where nothing can be sent.
	send     func(mcp.JSONRPCMessage) error
	patience time.Duration
	gone     chan struct{} // closed when no answer can come any more
}

var errClientGone = errors.New("the client has closed its end")

// deliver hands an answer to whoever waits for it, and says whether anybody did.
func (q *questions) deliver(answer envelope) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	waiter, ok := q.waiting[string(answer.ID)]
	if ok {
		delete(q.waiting, string(answer.ID))
		waiter <- answer // it has room for one
	}
	return ok
}

func (q *questions) open() (id string, answer chan envelope) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.last++
	id = strconv.Quote("ask-" + strconv.Itoa(q.last))
	answer = make(chan envelope, 1)
	q.waiting[id] = answer
	return id, answer
}

func (q *questions) forget(id string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.waiting, id)
}

// RequestElicitation puts a question to the user through the client. Where no answer comes in time the result's action is
// actionTimeout, and the client is told that none is wanted any more.
func (s *session) RequestElicitation(ctx context.Context, request mcp.ElicitationRequest) (*mcp.ElicitationResult, error) {
	id, answers := s.asked.open()
	defer s.asked.forget(id)
	err := s.asked.send(mcp.JSONRPCRequest{
		JSONRPC: mcp.JSONRPC_VERSION, ID: mcp.NewRequestId(json.RawMessage(id)),
		Request: mcp.Request{Method: string(mcp.MethodElicitationCreate)}, Params: request.Params,
	})
	if err != nil {
		return nil, err
	}
	late := time.NewTimer(s.asked.patience)
	defer late.Stop()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-s.asked.gone:
		return nil, errClientGone
	case <-late.C:
		s.notify("notifications/cancelled", map[string]any{"requestId": json.RawMessage(id), "reason": "no answer in time"})
		return &mcp.ElicitationResult{ElicitationResponse: mcp.ElicitationResponse{Action: actionTimeout}}, nil
	case answer := <-answers:
		if answer.Error != nil {
			return nil, fmt.Errorf("the client refused to ask: %s", answer.Error)
		}
		result := new(mcp.ElicitationResult)
		if err := json.Unmarshal(answer.Result, result); err != nil {
			return nil, fmt.Errorf("the client's answer cannot be read: %w", err)
		}
		return result, nil
	}
}

// notify queues a notification; a client too slow to take it does without.
func (s *session) notify(method string, fields map[string]any) {
	n := mcp.JSONRPCNotification{JSONRPC: mcp.JSONRPC_VERSION}
	n.Method = method
	n.Params.AdditionalFields = fields
	select {
	case s.notifications <- n:
	default:
	}
}
