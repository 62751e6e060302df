package mcp

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/op"
)

// Grant is a bearer token and what whoever carries it may do, always within what the server itself may.
type Grant struct {
	// Name stands for the token in logs and errors; the token itself is kept nowhere.
	Name string
	// Digest is the SHA-256 of the token.
	Digest [sha256.Size]byte
	// Gate narrows what the server's own Env admits.
	Gate op.Gate
	// Toolsets, Tools and Exclude choose tools as those of Options do. Where the server was given a choice of its own, a
	// token gets no more than that.
	Toolsets, Tools, Exclude []string
	// Rate is how many requests a second are taken; 0 for that of the server.
	Rate float64
	// Expires is when the token ends; zero for never.
	Expires time.Time
}

// bearer is the place of a presented token's grant, −1 where there is none that is good. It compares with every grant, whatever the first ones said, and always
// digests of one length, so the time it takes says nothing about the tokens.
func bearer(grants []Grant, token string, now time.Time) int {
	digest := sha256.Sum256([]byte(token))
	found := -1
	for i := range grants {
		same := subtle.ConstantTimeCompare(digest[:], grants[i].Digest[:])
		found = subtle.ConstantTimeSelect(same, i, found)
	}
	if found >= 0 && !grants[found].Expires.IsZero() && !now.Before(grants[found].Expires) {
		return -1
	}
	return found
}

// forGrant is a server for the bearer of a token: the tools and the environment of the options, and no more of either than
// the grant says.
func forGrant(o Options, g Grant) (*Server, error) {
	gate := g.Gate
	if gate.ReadOnly {
		gate.ReadOnlyBy = fmt.Sprintf("read_only of the token %q", g.Name)
	}
	if err := gate.Check(); err != nil {
		return nil, fmt.Errorf("the token %q: %w", g.Name, err)
	}
	offered, err := o.chosen()
	if err != nil {
		return nil, err
	}
	limited := len(clean(o.Toolsets)) > 0 || len(clean(o.Tools)) > 0 || o.Discover
	served := o
	if len(g.Toolsets) > 0 || len(g.Tools) > 0 {
		o.Toolsets, o.Tools = g.Toolsets, g.Tools
	}
	o.Env, o.Exclude, o.Started = o.Env.Narrowed(gate), slices.Concat(o.Exclude, g.Exclude), nil
	chosen, err := o.chosen()
	if err != nil {
		return nil, fmt.Errorf("the token %q: %w", g.Name, err)
	}
	if limited {
		chosen = slices.DeleteFunc(chosen, func(c op.Operation) bool { return !slices.Contains(offered, c) })
	}
	if len(chosen) == 0 {
		return nil, op.Invalid(fmt.Sprintf("the server offers none of the tools of the token %q", g.Name), "choose among those of --toolsets and --tools")
	}
	return build(o, chosen, func(left op.Operation) string {
		narrowed := len(g.Toolsets) > 0 || len(g.Tools) > 0 || slices.Contains(clean(g.Exclude), left.Spec().Tool)
		if slices.Contains(offered, left) || narrowed && !limited && !slices.Contains(clean(served.Exclude), left.Spec().Tool) {
			return fmt.Sprintf("the token %q does not include it", g.Name)
		}
		return served.withheld(left)
	}), nil
}

// bearerToken reads an Authorization header: "Bearer TOKEN", in any case of the first word.
func bearerToken(headers []string) (string, bool) {
	if len(headers) != 1 {
		return "", false
	}
	scheme, token, ok := strings.Cut(headers[0], " ")
	token = strings.TrimSpace(token)
	return token, ok && strings.EqualFold(scheme, "Bearer") && token != ""
}
