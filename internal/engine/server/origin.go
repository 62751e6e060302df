package server

import (
	"net/http"
	"slices"
)

// preflight is how long a browser may remember that it was allowed, in seconds: two days, as the service says.
const preflight = "172800"

// crossOrigin lets pages of the origins in Options call the server, and answers the question a browser puts first. It
// reports whether the request was that question. Without Options.Origins no page may.
func (s *Server) crossOrigin(w http.ResponseWriter, r *http.Request) bool {
	origin := first(r.Header, "Origin")
	if origin == "" || len(s.opts.Origins) == 0 {
		return false
	}
	h := w.Header()
	switch {
	case slices.Contains(s.opts.Origins, "*"):
		h.Set("Access-Control-Allow-Origin", "*")
	case slices.Contains(s.opts.Origins, origin):
		h.Set("Access-Control-Allow-Origin", origin)
		h.Add("Vary", "Origin")
	default:
		return false
	}
	h.Set("Access-Control-Expose-Headers", "x-amzn-requestid,x-amz-crc32")
	if r.Method != http.MethodOptions {
		return false
	}
	for ask, grant := range map[string]string{
		"Access-Control-Request-Headers": "Access-Control-Allow-Headers",
		"Access-Control-Request-Method":  "Access-Control-Allow-Methods",
	} {
		if v := r.Header.Get(ask); v != "" {
			h.Set(grant, v)
		}
	}
	h.Set("Access-Control-Max-Age", preflight)
	h.Set("Content-Length", "0")
	w.WriteHeader(http.StatusOK)
	return true
}
