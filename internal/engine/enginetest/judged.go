package enginetest

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Judged is the set of differences that somebody has looked at, one line each. A ruling is a pattern and may fit a difference
// nobody has seen; only those named here count as judged.
type Judged map[string]bool

// ParseJudged reads a file of judged differences: lines as Mark writes them; # begins a comment.
func ParseJudged(text string) Judged {
	judged := Judged{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			judged[line] = true
		}
	}
	return judged
}

// Mark names a difference: the scenario, the operation, the member, and a digest of the input and both answers. Calls that move
// within their file keep it; another answer of either side is another difference.
func (d Difference) Mark() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{d.Input, d.Ours, d.Theirs}, "\x00")))
	return strings.Join([]string{d.File, d.Operation, d.Member, hex.EncodeToString(sum[:6])}, " ")
}

// Gone lists what is judged and was not met again.
func (j Judged) Gone(met []Difference) []string {
	seen := Judged{}
	for _, d := range met {
		seen[d.Mark()] = true
	}
	var gone []string
	for mark := range j {
		if !seen[mark] {
			gone = append(gone, mark)
		}
	}
	slices.Sort(gone)
	return gone
}
