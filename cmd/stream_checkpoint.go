package cmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/ddb-cli/ddb/internal/ops/stream"
	"github.com/ddb-cli/ddb/internal/wholefile"
)

// checkpointFile is what --checkpoint keeps: the stream, and how far each of its shards was read.
type checkpointFile struct {
	Stream string                  `json:"stream"`
	Shards map[string]stream.Place `json:"shards"`
}

// readCheckpoint gives the places kept in a file; none where it is not there yet. Places of another stream are refused: going on
// from them would pass over records without a word.
func readCheckpoint(name, arn string) (map[string]stream.Place, error) {
	if name == "" {
		return nil, nil
	}
	wholefile.Sweep(name)
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		if err := writeCheckpoint(name, arn, map[string]stream.Place{}); err != nil { // said now, and not behind the first records
			return nil, usage(err.Error(), "--checkpoint names a file in a folder that can be written")
		}
		return nil, nil
	}
	if err != nil {
		return nil, usage(err.Error(), "--checkpoint names a file that keeps the place reached")
	}
	var kept checkpointFile
	if err := json.Unmarshal(text, &kept); err != nil {
		return nil, usage(fmt.Sprintf("%s is no checkpoint of ddb: %v", name, err), "name another file, or remove it to begin anew")
	}
	if kept.Stream != arn {
		return nil, usage(
			fmt.Sprintf("%s is a checkpoint of another stream: %s", name, kept.Stream),
			fmt.Sprintf("the table's stream is %s now; remove the file to begin anew, or tail the old stream by its ARN while it is kept", arn))
	}
	return kept.Shards, nil
}

// writeCheckpoint replaces the file as a whole, so that one that was cut short is never read.
func writeCheckpoint(name, arn string, places map[string]stream.Place) error {
	if name == "" {
		return nil
	}
	text, err := json.MarshalIndent(checkpointFile{arn, places}, "", "  ")
	if err != nil {
		return fmt.Errorf("write the checkpoint: %w", err)
	}
	if err := wholefile.Write(name, append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("write the checkpoint %s: %w", name, err)
	}
	return nil
}
