package config

import (
	"strconv"

	"github.com/ddb-cli/ddb/internal/op"
)

// defaultSnapshots is how many snapshots of deleted tables the embedded engine keeps where DDB_SNAPSHOTS says nothing;
// maxSnapshots what it may say.
const (
	defaultSnapshots = 10
	maxSnapshots     = 1000
)

// snapshots reads DDB_SNAPSHOTS.
func (l *loader) snapshots() (int, error) {
	text := l.env.text("snapshots")
	if text == "" {
		return defaultSnapshots, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > maxSnapshots {
		return 0, &op.Error{
			Code: op.CodeConfig, Message: "DDB_SNAPSHOTS is " + quote(text) + ", which is no number from 0 to " + strconv.Itoa(maxSnapshots),
			Hint: "it is how many deleted tables the embedded engine can bring back; 0 keeps none",
		}
	}
	return n, nil
}
