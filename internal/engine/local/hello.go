package local

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/ddb-cli/ddb/internal/version"
)

// protocol is the version of what is spoken on the socket: HTTP/1.1 behind one line each way.
const protocol = 1

// helloWait is how long either side waits for the other's line.
const helloWait = 2 * time.Second

// maxHello is the longest such line.
const maxHello = 256

// hello is an owner's line: "ddb <protocol> <version> <store id> <pid>". A peer's ends behind the version.
type hello struct {
	protocol int
	version  string
	store    string
	pid      int
}

func (h hello) String() string {
	return fmt.Sprintf("ddb %d %s %s %d\n", h.protocol, h.version, h.store, h.pid)
}

var errNoHello = errors.New("what listens on the socket is not ddb")

func parseHello(line string) (hello, error) {
	var h hello
	if _, err := fmt.Sscanf(line, "ddb %d %s %s %d", &h.protocol, &h.version, &h.store, &h.pid); err != nil {
		return h, errNoHello
	}
	return h, nil
}

// readLine reads up to a line's end and not a byte further.
func readLine(c net.Conn) (string, error) {
	var b strings.Builder
	for one := make([]byte, 1); b.Len() < maxHello; {
		if _, err := c.Read(one); err != nil {
			return "", err
		}
		if one[0] == '\n' {
			return b.String(), nil
		}
		b.WriteByte(one[0])
	}
	return "", errNoHello
}

// greet is the peer's side of the first exchange.
func greet(c net.Conn) (hello, error) {
	if err := c.SetDeadline(time.Now().Add(helloWait)); err != nil {
		return hello{}, err
	}
	if _, err := fmt.Fprintf(c, "ddb %d %s\n", protocol, version.String()); err != nil {
		return hello{}, err
	}
	line, err := readLine(c)
	if err != nil {
		return hello{}, err
	}
	h, err := parseHello(line)
	if err != nil {
		return h, err
	}
	return h, c.SetDeadline(time.Time{})
}

// greeter is a listener whose connections begin with the owner's side of the first exchange. It happens at the first
// read, so that a peer that says nothing holds up nobody.
type greeter struct {
	net.Listener
	line string
}

func (g *greeter) Accept() (net.Conn, error) {
	c, err := g.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &greeting{Conn: c, line: g.line}, nil
}

type greeting struct {
	net.Conn
	line string
	once sync.Once
	err  error
}

func (g *greeting) Read(p []byte) (int, error) {
	g.once.Do(func() { g.err = g.exchange() })
	if g.err != nil {
		return 0, g.err
	}
	return g.Conn.Read(p)
}

// exchange reads the peer's line and answers with ours, even one of another protocol: it tells the peer who we are.
func (g *greeting) exchange() error {
	if err := g.SetReadDeadline(time.Now().Add(helloWait)); err != nil {
		return err
	}
	line, err := readLine(g.Conn)
	if err != nil {
		return err
	}
	if _, err := g.Conn.Write([]byte(g.line)); err != nil {
		return err
	}
	if !strings.HasPrefix(line, fmt.Sprintf("ddb %d ", protocol)) {
		return fmt.Errorf("%w: it began with %q", errNoHello, line)
	}
	return g.SetReadDeadline(time.Time{})
}

func ourHello(store string) hello {
	return hello{protocol: protocol, version: version.String(), store: store, pid: os.Getpid()}
}
