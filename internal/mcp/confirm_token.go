package mcp

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	endian "encoding/binary"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/ddb-cli/ddb/internal/op"
)

// tokens gives tokens that stand for one call: a tool with its arguments, for a time, once. The server remembers only those
// that were used; what a token is good for is in its signature, by a key that ends with the process.
type tokens struct {
	key      [32]byte
	patience time.Duration
	now      func() time.Time

	mu   sync.Mutex
	used map[string]time.Time // signature → until when it would be good
}

const (
	stampBytes = 8  // the time it ends, in nanoseconds
	saltBytes  = 8  // makes two tokens for the same call differ
	macBytes   = 16 // of HMAC-SHA-256
)

func newTokens(patience time.Duration) *tokens {
	t := &tokens{patience: patience, now: time.Now, used: map[string]time.Time{}}
	_, _ = rand.Read(t.key[:]) // it never fails (crypto/rand)
	return t
}

// bind is what a confirmation is bound to. The arguments are compared as values, not as text: the second call may have its
// members in another order.
func bind(tool string, arguments json.RawMessage) []byte {
	text := []byte(arguments)
	dec := json.NewDecoder(bytes.NewReader(arguments))
	dec.UseNumber()
	var value any
	if dec.Decode(&value) == nil {
		if sorted, err := json.Marshal(value); err == nil {
			text = sorted
		}
	}
	return append([]byte(tool+"\x00"), text...)
}

func (t *tokens) issue(bound []byte) string {
	head := make([]byte, stampBytes+saltBytes)
	endian.BigEndian.PutUint64(head, uint64(t.now().Add(t.patience).UnixNano()))
	_, _ = rand.Read(head[stampBytes:])
	return base64.RawURLEncoding.EncodeToString(slices.Concat(head, t.sign(head, bound)))
}

func (t *tokens) sign(head, bound []byte) []byte {
	mac := hmac.New(sha256.New, t.key[:])
	mac.Write(head)
	mac.Write(bound)
	return mac.Sum(nil)[:macBytes]
}

// redeem accepts a token once, for the call it was given for, while its time lasts.
func (t *tokens) redeem(token string, bound []byte) error {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != stampBytes+saltBytes+macBytes {
		return op.Invalid("the confirmation's token cannot be read", "repeat the call without "+tokenParameter+" to get one")
	}
	head, signature := raw[:stampBytes+saltBytes], raw[stampBytes+saltBytes:]
	if !hmac.Equal(signature, t.sign(head, bound)) {
		return op.Invalid("the confirmation was given for another call: other arguments, another tool or an earlier start of the server; nothing was changed",
			"repeat the call with the very arguments that were confirmed, or without "+tokenParameter+" to ask again")
	}
	until := time.Unix(0, int64(endian.BigEndian.Uint64(head)))
	now := t.now()
	if now.After(until) {
		return timedOut(t.patience)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for old, end := range t.used {
		if now.After(end) {
			delete(t.used, old)
		}
	}
	if _, again := t.used[string(signature)]; again {
		return op.Invalid("the confirmation was used already; nothing was changed", "each call has to be confirmed by itself: repeat it without "+tokenParameter)
	}
	t.used[string(signature)] = until
	return nil
}
