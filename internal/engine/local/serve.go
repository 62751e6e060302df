package local

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/server"
	"github.com/ddb-cli/ddb/internal/version"
)

// controlHeader carries the token of a server's file; with it a request is for the server itself.
const controlHeader = "X-Ddb-Control"

// grace is how long a server that is asked to end waits for the answers it is writing.
const grace = 5 * time.Second

// Serve opens the store and answers the DynamoDB protocol on addresses ("127.0.0.1:8000", "[::1]:8000") until ctx ends,
// in the foreground. Port 0 takes a free port, the same for all addresses. ready is called once with the addresses that
// are listened on. An address of a kind this machine does not have (no IPv6) is left out as long as one is left.
//
// Errors: a port in use, by name; those of Open; nil when ctx ended.
func Serve(ctx context.Context, o Options, addresses []string, ready func(...net.Addr)) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	listeners, err := listenAll(ctx, addresses)
	if err != nil {
		return err
	}
	store, err := Open(ctx, o)
	if err != nil {
		closeAll(listeners)
		return err
	}
	token, err := newToken()
	if err != nil {
		closeAll(listeners)
		return errors.Join(err, store.Close())
	}
	front := server.New(server.Options{Handler: control(token, stop, store.Handler()), Region: o.Region, Hosts: o.Hosts, Origins: o.Origins, Logger: o.Logger})
	failed := make(chan error, 1)
	go func() { failed <- front.Serve(listeners...) }()
	unregister := register(o.Dir, token, listeners)
	if ready != nil {
		ready(addrs(listeners)...)
	}
	select {
	case <-ctx.Done():
		err = nil
	case err = <-failed:
	}
	unregister()
	wait, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	_ = front.Shutdown(wait) // what has not ended by then is cut off
	return errors.Join(err, store.Close())
}

// listenAll listens on every address, or on none.
func listenAll(ctx context.Context, addresses []string) ([]net.Listener, error) {
	var listeners []net.Listener
	var skipped error
	port := ""
	for _, a := range addresses {
		host, p, err := net.SplitHostPort(a)
		if err != nil {
			closeAll(listeners)
			return nil, fmt.Errorf("address %q: expected host:port: %w", a, err)
		}
		if p == "0" && port != "" {
			p = port
		}
		l, err := server.Listen(ctx, net.JoinHostPort(host, p))
		switch {
		case err == nil:
			listeners = append(listeners, l)
			_, port, _ = net.SplitHostPort(l.Addr().String())
		case errors.Is(err, syscall.EADDRNOTAVAIL), errors.Is(err, syscall.EAFNOSUPPORT):
			skipped = err
		default:
			closeAll(listeners)
			return nil, err
		}
	}
	if len(listeners) == 0 && len(addresses) == 1 {
		return nil, skipped
	}
	if len(listeners) == 0 {
		return nil, fmt.Errorf("cannot listen on any of %s: %w", strings.Join(addresses, ", "), skipped)
	}
	return listeners, nil
}

func closeAll(listeners []net.Listener) {
	for _, l := range listeners {
		_ = l.Close()
	}
}

func addrs(listeners []net.Listener) []net.Addr {
	out := make([]net.Addr, len(listeners))
	for i, l := range listeners {
		out[i] = l.Addr()
	}
	return out
}

func newToken() (string, error) {
	b := make([]byte, 16)
	_, err := rand.Read(b)
	return hex.EncodeToString(b), err
}

// control answers requests that carry the server's token in front of everything else: "ping <token>" says that the server
// lives, "stop <token>" ends it.
func control(token string, stop func(), next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		told := r.Header[controlHeader] // a name in canonical form
		if len(told) == 0 || !strings.Contains(told[0], " ") {
			next.ServeHTTP(w, r)
			return
		}
		verb, given, _ := strings.Cut(told[0], " ")
		if subtle.ConstantTimeCompare([]byte(given), []byte(token)) != 1 {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		w.WriteHeader(http.StatusNoContent)
		if verb == "stop" {
			stop()
		}
	})
}

// register leaves a note of the server in the data folder, readable by this user alone, and returns what removes it. A
// server without a data folder leaves none.
func register(dir, token string, listeners []net.Listener) (unregister func()) {
	if dir == "" {
		return func() {}
	}
	self := process{PID: os.Getpid(), Version: version.String(), Started: time.Now().UTC(), Token: token}
	for _, a := range addrs(listeners) {
		self.Addresses = append(self.Addresses, a.String())
	}
	path := filepath.Join(dir, serverFile)
	if writeJSON(path, self) != nil {
		return func() {}
	}
	return func() {
		if p := readProcess(path); p != nil && p.Token == token {
			_ = os.Remove(path)
		}
	}
}

// ErrNoServer says that no server runs on a data folder.
var ErrNoServer = errors.New("no server is running")

// findServer finds the server that was started on a data folder and is still there. ErrNoServer when there is none; another error is of one that hangs.
func findServer(dir string) (*process, error) {
	p := readProcess(filepath.Join(dir, serverFile))
	if p == nil || p.Token == "" || len(p.Addresses) == 0 {
		return nil, ErrNoServer
	}
	if err := p.ask("ping"); errors.Is(err, context.DeadlineExceeded) {
		return nil, fmt.Errorf("the server (process %d) does not answer; end it yourself: %w", p.PID, err)
	} else if err != nil {
		return nil, ErrNoServer
	}
	return p, nil
}

// ask sends a control request to a server.
func (p *process) ask(verb string) error {
	ctx, cancel := context.WithTimeout(context.Background(), helloWait)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+p.Addresses[0]+"/", nil)
	if err != nil {
		return err
	}
	r.Header.Set(controlHeader, verb+" "+p.Token)
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // and no proxy: the server is on this machine
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body)
	if answer.StatusCode != http.StatusNoContent {
		return fmt.Errorf("%s answers with status %d", p.Addresses[0], answer.StatusCode)
	}
	return nil
}

// Stop asks the server on a data folder to end and waits until it has. ErrNoServer when there is none.
func Stop(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	p, err := findServer(dir)
	if err != nil {
		return err
	}
	if err := p.ask("stop"); err != nil {
		return fmt.Errorf("the server (process %d) does not end: %w", p.PID, err)
	}
	for limit := time.Now().Add(grace + time.Second); time.Now().Before(limit); time.Sleep(10 * time.Millisecond) {
		if q := readProcess(filepath.Join(dir, serverFile)); q == nil || q.Token != p.Token {
			if owner := findOwner(dir); owner == nil || owner.PID != p.PID {
				return nil
			}
		}
	}
	return fmt.Errorf("the server (process %d) was asked to end and has not; end it yourself", p.PID)
}
