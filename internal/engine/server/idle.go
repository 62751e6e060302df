package server

import (
	"container/list"
	"net"
	"net/http"
	"sync"
)

// idle are the connections between two requests, the longest idle first. When there is no slot for another connection, the first of them makes room: its
// client opens a new one when it needs one, and no client keeps others out by doing nothing.
type idle struct {
	mu      sync.Mutex
	in      list.List
	at      map[net.Conn]*list.Element
	wanting int // listeners that wait for a slot
	closing int // connections that were closed for them and whose slots none has taken yet
}

// note is the server's ConnState.
func (i *idle) note(c net.Conn, state http.ConnState) {
	i.mu.Lock()
	if e, ok := i.at[c]; ok {
		i.in.Remove(e)
		delete(i.at, c)
	}
	if state == http.StateIdle {
		if i.at == nil {
			i.at = map[net.Conn]*list.Element{}
		}
		i.at[c] = i.in.PushBack(c)
	}
	i.mu.Unlock()
	i.close()
}

// want says that a listener waits for a slot, until it calls what it is given.
func (i *idle) want() (enough func()) {
	i.mu.Lock()
	i.wanting++
	i.mu.Unlock()
	i.close()
	return func() {
		i.mu.Lock()
		i.wanting--
		i.closing = max(0, i.closing-1)
		i.mu.Unlock()
	}
}

// close ends the connection that has been idle for the longest time, if one is and a listener waits for which none was closed yet.
func (i *idle) close() {
	i.mu.Lock()
	e := i.in.Front()
	if e == nil || i.closing >= i.wanting {
		i.mu.Unlock()
		return
	}
	i.closing++
	c := e.Value.(net.Conn)
	i.in.Remove(e)
	delete(i.at, c)
	i.mu.Unlock()
	_ = c.Close()
}
