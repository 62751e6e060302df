package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
)

// Listen listens on a TCP address such as 0.0.0.0:8000; port 0 takes a free one. The error says what to do where the port is in use.
func Listen(ctx context.Context, address string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", address)
	if err == nil {
		return l, nil
	}
	if inUse(err) {
		_, port, _ := net.SplitHostPort(address)
		return nil, fmt.Errorf("port %s is in use by another program: stop it, or choose another port (0 takes a free one): %w", port, err)
	}
	return nil, fmt.Errorf("cannot listen on %s: %w", address, err)
}

// inUse also knows the words of Windows, whose error number has another name.
func inUse(err error) bool {
	return errors.Is(err, syscall.EADDRINUSE) || strings.Contains(err.Error(), "Only one usage of each socket address")
}

// IsLoopback reports whether only this machine can reach the address. A server elsewhere deserves a warning: it asks for no
// password.
func IsLoopback(a net.Addr) bool {
	switch a := a.(type) {
	case *net.TCPAddr:
		return a.IP.IsLoopback()
	case *net.UnixAddr:
		return true
	}
	return false
}
