package server

import (
	"errors"
	"net"
	"sync"
)

// slots is a listener that accepts so many connections at a time; the others wait in the system's queue.
type slots struct {
	net.Listener
	free chan struct{}
	done chan struct{}
	once sync.Once
	idle *idle // of the same connections; nil for a server that does not tell
}

// Limit makes a listener that keeps to n connections at a time.
func Limit(l net.Listener, n int) net.Listener { return limit(l, make(chan struct{}, n), nil) }

func limit(l net.Listener, free chan struct{}, i *idle) net.Listener {
	return &slots{Listener: l, free: free, done: make(chan struct{}), idle: i}
}

// Accept waits for a free slot, then for a connection.
func (s *slots) Accept() (net.Conn, error) {
	if err := s.take(); err != nil {
		return nil, err
	}
	c, err := s.Listener.Accept()
	if err != nil {
		<-s.free
		return nil, err
	}
	return &slot{Conn: c, free: s.free}, nil
}

// take waits for a free slot.
func (s *slots) take() error {
	select {
	case s.free <- struct{}{}:
		return nil
	case <-s.done:
		return net.ErrClosed
	default:
	}
	if s.idle != nil {
		defer s.idle.want()()
	}
	select {
	case s.free <- struct{}{}:
		return nil
	case <-s.done:
		return net.ErrClosed
	}
}

// Close closes the listener and wakes an Accept that waits for a slot.
func (s *slots) Close() error {
	s.once.Do(func() { close(s.done) })
	return s.Listener.Close()
}

// slot is a connection that gives its place back when it is closed.
type slot struct {
	net.Conn
	free chan struct{}
	once sync.Once
}

// Close closes the connection.
func (c *slot) Close() error {
	err := c.Conn.Close()
	c.once.Do(func() { <-c.free })
	return err
}

// CloseWrite ends the sending side, as net/http does before it drops a connection whose client still sends.
func (c *slot) CloseWrite() error {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		return tcp.CloseWrite()
	}
	return errors.ErrUnsupported
}
