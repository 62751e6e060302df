package ddbtest

import "net/http"

// transport calls the DB in process as long as it is open.
type transport struct {
	db *DB
	in http.RoundTripper
}

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if t.db.closed.Load() {
		if r.Body != nil {
			r.Body.Close()
		}
		return nil, closedError{}
	}
	return t.in.RoundTrip(r)
}

// closedError is what a client sees that outlived its DB, most often in a goroutine that a test did not wait for. The SDK
// would try three times, for seconds, what a server says that is going down.
type closedError struct{}

func (closedError) Error() string {
	return "ddbtest: this DB is closed: the test it was started for has ended, or Close was called"
}

// RetryableError tells the SDK not to try again.
func (closedError) RetryableError() bool { return false }
