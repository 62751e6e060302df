package mcp

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// session is the one client on the other end of a pair of pipes. mcp-go keeps
// its own stdio session in a package variable, which two servers in one process
// (a test, an embedding program) would share.
type session struct {
	notifications chan mcp.JSONRPCNotification
	asked         questions
	initialized   atomic.Bool

	mu           sync.RWMutex
	info         mcp.Implementation
	capabilities mcp.ClientCapabilities
	protocol     string
}

var (
	_ server.ClientSession              = (*session)(nil)
	_ server.SessionWithClientInfo      = (*session)(nil)
	_ server.SessionWithProtocolVersion = (*session)(nil)
	_ server.SessionWithElicitation     = (*session)(nil)
)

// notificationQueue is how many notifications may wait for a slow client.
const notificationQueue = 100

// newSession makes a session whose questions go out by send and wait for their answers so long.
func newSession(send func(mcp.JSONRPCMessage) error, patience time.Duration) *session {
	return &session{
		notifications: make(chan mcp.JSONRPCNotification, notificationQueue),
		asked:         questions{waiting: map[string]chan envelope{}, send: send, patience: patience, gone: make(chan struct{})},
	}
}

func (s *session) SessionID() string { return "stdio" }
func (s *session) Initialize()       { s.initialized.Store(true) }
func (s *session) Initialized() bool { return s.initialized.Load() }

func (s *session) NotificationChannel() chan<- mcp.JSONRPCNotification { return s.notifications }

func (s *session) GetClientInfo() mcp.Implementation {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.info
}

func (s *session) SetClientInfo(info mcp.Implementation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.info = info
}

func (s *session) GetClientCapabilities() mcp.ClientCapabilities {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.capabilities
}

func (s *session) SetClientCapabilities(c mcp.ClientCapabilities) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.capabilities = c
}

func (s *session) ProtocolVersion() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.protocol
}

// SetProtocolVersion is called by mcp-go when it has negotiated one.
func (s *session) SetProtocolVersion(version string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.protocol = version
}

// tell writes a notification at once. Those that go by the queue may be written behind the answer they belong before.
func (s *session) tell(notification mcp.JSONRPCNotification) {
	// Whoever does not read it does not read the answer either, and that is told there.
	_ = s.asked.send(notification)
}
