package cmd

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"github.com/ddb-cli/ddb/internal/engine/server"
	"github.com/ddb-cli/ddb/internal/mcp"
	"github.com/ddb-cli/ddb/internal/op"
)

const (
	// mcpConnections bounds the connections of a server over HTTP; others wait in the system's queue.
	mcpConnections = 2048
	// mcpRate is how many requests a second a token may send: far more than an assistant does, and far less than a loop.
	mcpRate = 200
)

// httpFlags are the settings of serve-mcp over HTTP.
type httpFlags struct {
	address        string
	stateless      bool
	cert, key      string
	tokens         string
	hosts, origins []string
	rate           float64
	idle           time.Duration
}

func (h *httpFlags) define(f *pflag.FlagSet) {
	f.StringVar(&h.address, "http", "", "serve streamable HTTP on this `address`, such as 127.0.0.1:8808, instead of standard input and output")
	f.BoolVar(&h.stateless, "stateless", false, "keep no sessions: each request over HTTP stands by itself")
	f.StringVar(&h.cert, "tls-cert", "", "PEM `file` of the certificate to serve HTTPS with; a new one is taken up by itself")
	f.StringVar(&h.key, "tls-key", "", "PEM `file` of the certificate's key")
	f.StringVar(&h.tokens, "tokens", "", "`file` of bearer tokens, of which a client must carry one, and what each may do; read again when it changes")
	f.StringSliceVar(&h.hosts, "allow-host", nil, "serve requests addressed to this host `name` too")
	f.StringSliceVar(&h.origins, "cors", nil, "let web pages of this `origin` call the server, such as https://app.example.com; * is any")
	f.Float64Var(&h.rate, "rate", mcpRate, "requests a second taken from one token over HTTP; 0 for no limit")
	f.DurationVar(&h.idle, "session-idle", mcp.DefaultSessionIdle, "end a session over HTTP that is unused for so long")
}

// unused refuses settings of HTTP where there is none.
func (h *httpFlags) unused(f *pflag.FlagSet) error {
	for _, name := range []string{"stateless", "tls-cert", "tls-key", "tokens", "allow-host", "cors", "rate", "session-idle"} {
		if f.Changed(name) {
			return usage("--"+name+" is for HTTP, and nothing is served over HTTP", "add --http 127.0.0.1:8808")
		}
	}
	return nil
}

// serveHTTP serves until ctx is done. The address goes to standard output when the server listens.
func (a *app) serveHTTP(ctx context.Context, o mcp.Options, h httpFlags) error {
	options := mcp.HTTPOptions{Stateless: h.stateless, Hosts: h.hosts, Origins: h.origins, Rate: h.rate, SessionIdle: h.idle}
	if h.rate < 0 {
		return usage("--rate is less than nothing", "0 sets no limit")
	}
	if err := checkOrigins(h.origins); err != nil {
		return err
	}
	if h.idle < time.Second {
		return usage("--session-idle is less than a second", "it is for example 30m")
	}
	if (h.cert == "") != (h.key == "") {
		return usage("--tls-cert and --tls-key go together", "give both, or neither for HTTP without TLS")
	}
	if h.cert != "" {
		pair := &keyPair{cert: h.cert, key: h.key, logger: o.Logger}
		first, err := pair.get(nil)
		if err != nil {
			return &op.Error{Code: op.CodeConfig, Message: fmt.Sprintf("the certificate %s with the key %s cannot be used: %v", h.cert, h.key, err), Hint: "both files are PEM, the certificate's own first, then those that signed it", Cause: err}
		}
		if leaf := first.Leaf; leaf != nil && (time.Now().After(leaf.NotAfter) || time.Now().Before(leaf.NotBefore)) {
			o.Logger.Warn("the certificate is not valid now, and clients will refuse it", "file", h.cert, "from", leaf.NotBefore, "until", leaf.NotAfter)
		}
		options.Certificate = pair.get
	}
	read := stateOf(h.tokens)
	if h.tokens != "" {
		grants, err := readGrants(h.tokens)
		if err != nil {
			return err
		}
		options.Grants = grants
	}
	s, err := mcp.NewHTTP(o, options)
	if err != nil {
		return err
	}
	address := h.address
	if !strings.Contains(address, ":") {
		address = net.JoinHostPort("127.0.0.1", address)
	}
	l, err := server.Listen(ctx, address)
	if err != nil {
		return err
	}
	scheme := "http"
	if h.cert != "" {
		scheme = "https"
	}
	url := fmt.Sprintf("%s://%s/mcp", scheme, l.Addr())
	if err := s.Admit(l.Addr()); err != nil {
		_ = l.Close()
		return err
	}
	if _, err := fmt.Fprintln(a.out, url); err != nil {
		_ = l.Close()
		return err
	}
	if h.cert == "" && !server.IsLoopback(l.Addr()) {
		o.Logger.Warn("tokens and data travel in the clear: put TLS in front, or give --tls-cert and --tls-key", "address", l.Addr().String())
	}
	_ = easeMemory() // a store of this process was told before it was opened
	if h.tokens != "" {
		file := &tokenFile{path: h.tokens, state: read, seen: read, use: s.SetGrants, logger: o.Logger}
		go file.watch(ctx)
	}
	return s.Serve(ctx, server.Limit(l, mcpConnections))
}

// keyPair reads a certificate again when its file has changed, since many live for days only. A new one that cannot be
// used leaves the old in place.
type keyPair struct {
	cert, key string
	logger    *slog.Logger

	mu      sync.Mutex
	told    string // of what is wrong with a new one
	pair    *tls.Certificate
	changed time.Time
	looked  time.Time
}

func (k *keyPair) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.pair != nil && time.Since(k.looked) < time.Second {
		return k.pair, nil
	}
	k.looked = time.Now()
	info, err := os.Stat(k.cert)
	if err == nil && k.pair != nil && info.ModTime().Equal(k.changed) {
		return k.pair, nil
	}
	var pair tls.Certificate
	if err == nil {
		pair, err = tls.LoadX509KeyPair(k.cert, k.key)
	}
	if err != nil {
		if k.pair == nil {
			return nil, err
		}
		if k.told != err.Error() {
			k.told = err.Error()
			k.logger.Error("the certificate has changed and cannot be used: the one read before stays in force", "file", k.cert, "error", err)
		}
		return k.pair, nil
	}
	k.pair, k.changed, k.told = &pair, info.ModTime(), ""
	return k.pair, nil
}
