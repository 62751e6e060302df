package stream

import (
	"errors"
	"strings"
)

// iteratorTable gives the ARN of the stream an iterator leads into. The service begins its iterators with it (API reference,
// GetShardIterator, sample response); one that does not may touch any table.
func iteratorTable(iterator string) ([]string, error) {
	arn, _, ok := strings.Cut(iterator, "|")
	if !ok || !strings.HasPrefix(arn, "arn:") {
		return nil, errors.New("the shard iterator does not begin with its stream's ARN")
	}
	return []string{arn}, nil
}
