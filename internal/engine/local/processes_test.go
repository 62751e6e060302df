package local

import (
	"bufio"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/ddb-cli/ddb/internal/engine"
)

// The environment of a child process of these tests: the data folder, and how many increments to make.
const (
	childFolder = "DDB_TEST_LOCAL_DIR"
	childCalls  = "DDB_TEST_LOCAL_CALLS"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		os.Exit(child(dir))
	}
	code := m.Run()
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Println(err)
			code = 1
		}
	}
	os.Exit(code)
}

// child increments one counter and reports each call on a line: "ok", or "lost" when the owner went away with it.
func child(dir string) int {
	calls, err := strconv.Atoi(os.Getenv(childCalls))
	if err != nil {
		return 2
	}
	ctx, cancel := contextWithLimit(30 * time.Second)
	defer cancel()
	s, err := Open(ctx, Options{Options: engine.Options{Dir: dir}})
	if err != nil {
		fmt.Println("error", err)
		return 1
	}
	if s.Owner() {
		fmt.Println("owner", os.Getpid())
	}
	for range calls {
		status, body := increment(s.Handler())
		switch {
		case status == http.StatusOK:
			fmt.Println("ok")
		case strings.Contains(body, "LocalAnswerLostException"):
			fmt.Println("lost")
		default:
			fmt.Println("error", status, body)
			return 1
		}
		if s.Owner() {
			fmt.Println("owner", os.Getpid())
		}
	}
	if err := s.Close(); err != nil {
		fmt.Println("error", err)
		return 1
	}
	return 0
}

// call sends one request to a handler.
func call(h http.Handler, action, body string) (int, string) {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+action)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func increment(h http.Handler) (int, string) {
	return call(h, "UpdateItem", `{"TableName":"Counters","Key":{"pk":{"S":"c"}},"UpdateExpression":"ADD n :one","ExpressionAttributeValues":{":one":{"N":"1"}}}`)
}

func counter(t *testing.T, h http.Handler) int {
	t.Helper()
	_, body := call(h, "GetItem", `{"TableName":"Counters","Key":{"pk":{"S":"c"}},"ConsistentRead":true}`)
	_, after, _ := strings.Cut(body, `"n":{"N":"`)
	digits, _, _ := strings.Cut(after, `"`)
	n, err := strconv.Atoi(digits)
	if err != nil {
		t.Fatalf("the counter reads %s", body)
	}
	return n
}

// countersTable makes the table of the counter and closes the store again.
func countersTable(t *testing.T, dir string) {
	t.Helper()
	s := openStore(t, dir)
	status, body := call(s.Handler(), "CreateTable", `{"TableName":"Counters","BillingMode":"PAY_PER_REQUEST",
		"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]}`)
	if status != http.StatusOK {
		t.Fatalf("CreateTable: %s", body)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func openStore(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(t.Context(), Options{Options: engine.Options{Dir: dir}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// tally is what the children reported.
type tally struct {
	mu       sync.Mutex
	ok, lost int
	errors   []string
	owners   map[int]bool
	current  int // the owner that reported last
}

func (c *tally) add(line string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch word, rest, _ := strings.Cut(line, " "); word {
	case "ok":
		c.ok++
	case "lost":
		c.lost++
	case "owner":
		c.current, _ = strconv.Atoi(rest)
		c.owners[c.current] = true
	default:
		c.errors = append(c.errors, line)
	}
}

func (c *tally) counts() (ok, owner int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ok, c.current
}

// run starts n children at once, each to make calls increments, and waits for all of them. killed are those that may end
// badly, by process id.
func run(t *testing.T, dir string, n, calls int, killed *sync.Map) *tally {
	t.Helper()
	c := &tally{owners: map[int]bool{}}
	c.start(t, dir, n, calls, killed).Wait()
	for _, e := range c.errors {
		t.Error("a child reported: " + e)
	}
	return c
}

func (c *tally) start(t *testing.T, dir string, n, calls int, killed *sync.Map) *sync.WaitGroup {
	t.Helper()
	var wg sync.WaitGroup
	for range n {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), childFolder+"="+dir, childCalls+"="+strconv.Itoa(calls))
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			for lines := bufio.NewScanner(out); lines.Scan(); {
				c.add(lines.Text())
			}
			if err := cmd.Wait(); err != nil {
				if _, expected := killed.Load(cmd.Process.Pid); !expected {
					t.Errorf("child %d: %v", cmd.Process.Pid, err)
				}
			}
		})
	}
	return &wg
}

// TestFiftyProcessesCountExactly starts 50 processes at once on one store; each ends when it is done, so ownership is
// handed on while calls are on their way.
func TestFiftyProcessesCountExactly(t *testing.T) {
	dir := t.TempDir()
	countersTable(t, dir)
	start := time.Now()
	c := run(t, dir, 50, 20, new(sync.Map))
	if c.ok != 1000 || c.lost != 0 {
		t.Errorf("%d of 1000 calls were answered and %d lost", c.ok, c.lost)
	}
	if n := counter(t, openStore(t, dir).Handler()); n != 1000 {
		t.Errorf("the counter is %d after 1000 increments", n)
	}
	t.Logf("%d owners in %v", len(c.owners), time.Since(start).Round(time.Millisecond))
}

// TestAKilledOwnerIsReplaced kills the owner while others work. What was answered is kept; what was lost is reported, and
// counted at most once.
func TestAKilledOwnerIsReplaced(t *testing.T) {
	dir := t.TempDir()
	countersTable(t, dir)
	var killed sync.Map
	c := &tally{owners: map[int]bool{}}
	done := c.start(t, dir, 8, 400, &killed)
	kills := 0
	for limit := time.Now().Add(10 * time.Second); kills < 3 && time.Now().Before(limit); time.Sleep(2 * time.Millisecond) {
		ok, owner := c.counts()
		if _, done := killed.Load(owner); owner == 0 || done || ok < 300*(kills+1) {
			continue
		}
		killed.Store(owner, true)
		if p, err := os.FindProcess(owner); err == nil && p.Kill() == nil {
			kills++
		}
	}
	done.Wait()
	for _, e := range c.errors {
		t.Error("a child reported: " + e)
	}
	if kills == 0 {
		t.Fatal("no owner was killed")
	}
	n := counter(t, openStore(t, dir).Handler())
	// Of each killed process one call may have been done and not reported.
	if n < c.ok || n > c.ok+c.lost+kills {
		t.Errorf("the counter is %d: %d calls were answered, %d lost, %d owners killed", n, c.ok, c.lost, kills)
	}
	t.Logf("%d answered, %d lost, %d owners killed, counter %d", c.ok, c.lost, kills, n)
}
