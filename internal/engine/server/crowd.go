package server

import (
	"context"
	"sync"

	"github.com/ddb-cli/ddb/internal/engine/room"
)

// crowd is a room with the requests in it that depend on their clients, who are hurried while others wait. Requests take of several rooms in the order
// bodies, work, answers.
type crowd struct {
	*room.Room
	mu   sync.Mutex
	slow map[*slow]struct{}
}

func crowdIn(bytes int64) *crowd { return &crowd{Room: room.Of(bytes), slow: map[*slow]struct{}{}} }

// take waits until there are so many bytes of room; room.ErrBusy when that takes too long or the request ends.
func (m *crowd) take(ctx context.Context, bytes int64) error { return m.Take(ctx, bytes, m.hurryAll) }
