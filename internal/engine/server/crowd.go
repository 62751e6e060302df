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
	bytes int64 // of the whole room
	mu    sync.Mutex
	slow  map[*slow]struct{}
}

func crowdIn(bytes int64) *crowd {
	return &crowd{Room: room.Of(bytes), bytes: bytes, slow: map[*slow]struct{}{}}
}

// take waits until there are so many bytes of room, after a call of pause, which may be nil; room.ErrBusy when that takes too long or the request ends.
func (m *crowd) take(ctx context.Context, bytes int64, pause func()) error {
	return m.Take(ctx, bytes, func() {
		if pause != nil {
			pause()
		}
		m.hurryAll()
	})
}
