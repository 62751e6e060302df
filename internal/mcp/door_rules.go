package mcp

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"
)

// hostRule says which names a request may be addressed to. A page that makes its own name point to this machine, to have a
// browser call the server as if it were the page's, is stopped here: it cannot change the name in Host.
type hostRule struct {
	names     []string
	addresses bool // any IP address: the server listens on all of this machine's
}

func newHostRule(listening net.Addr, allowed []string) hostRule {
	rule := hostRule{names: []string{"localhost"}}
	if tcp, ok := listening.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		rule.addresses = true
		if name, err := os.Hostname(); err == nil {
			rule.names = append(rule.names, strings.ToLower(name))
		}
	} else if ok {
		rule.names = append(rule.names, tcp.IP.String())
	}
	for _, name := range allowed {
		rule.names = append(rule.names, strings.ToLower(strings.TrimSpace(name)))
	}
	return rule
}

// allows reads a Host header, with or without a port.
func (h hostRule) allows(header string) bool {
	if slices.Contains(h.names, "*") {
		return true
	}
	host := header
	if name, _, err := net.SplitHostPort(header); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if ip, err := netip.ParseAddr(host); err == nil && (h.addresses || ip.IsLoopback()) {
		return true
	}
	return slices.Contains(h.names, host) || slices.Contains(h.names, strings.ToLower(header))
}

// sameOrigin says whether a request comes from a page of this very server, or a program that says so. There is no such page; the name in
// Host was allowed before, so that no other page passes for one by its name.
func sameOrigin(r *http.Request, origin string) bool {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	return strings.EqualFold(origin, scheme+r.Host)
}

// allowCrossOrigin says whether pages of an origin may call, and tells the browser so.
func allowCrossOrigin(w http.ResponseWriter, origin string, allowed []string) bool {
	if !slices.Contains(allowed, origin) && !slices.Contains(allowed, "*") {
		return false
	}
	w.Header().Set("Access-Control-Allow-Origin", origin)
	w.Header().Add("Vary", "Origin")
	w.Header().Set("Access-Control-Expose-Headers", "Mcp-Session-Id, Mcp-Protocol-Version, WWW-Authenticate")
	return true
}

// preflight answers the question a browser puts before it lets a page of an allowed origin call.
func preflight(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "GET, POST, DELETE")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Accept, Mcp-Session-Id, Mcp-Protocol-Version, Mcp-Method, Mcp-Name, Last-Event-ID")
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
}

// readBody reads a message whole, no more of it than a message may have, and no longer than bodyTime.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	control := http.NewResponseController(w)
	// Where deadlines are not to be had, as in a test's recorder, there is no slow client either.
	_ = control.SetReadDeadline(time.Now().Add(bodyTime))
	defer func() { _ = control.SetReadDeadline(time.Time{}) }()
	var body bytes.Buffer
	if r.ContentLength > 0 && r.ContentLength <= 64<<10 {
		body.Grow(int(r.ContentLength) + bytes.MinRead)
	}
	if _, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, maxLine)); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(body.Bytes()), nil
}

func bodyOf(text []byte) io.ReadCloser { return io.NopCloser(bytes.NewReader(text)) }

// patientWriter gives a client so long to take each piece of an answer, and no longer.
type patientWriter struct {
	http.ResponseWriter
	controller *http.ResponseController
}

// Unwrap is for http.ResponseController.
func (p *patientWriter) Unwrap() http.ResponseWriter { return p.ResponseWriter }

func (p *patientWriter) Write(b []byte) (int, error) {
	p.extend()
	return p.ResponseWriter.Write(b)
}

// Flush sends what was written.
func (p *patientWriter) Flush() {
	p.extend()
	_ = p.controller.Flush()
}

func (p *patientWriter) extend() { _ = p.controller.SetWriteDeadline(time.Now().Add(writeTime)) }
