package engine

import (
	"encoding/hex"
	"strings"
)

// jobTokenLen is the length of the text in a page token: its hexadecimal form has the 112 digits the API asks for
// (API reference, ListImports: NextToken).
const jobTokenLen = 56

// jobToken makes the token that goes on after the job with an id.
func jobToken(id string) string {
	return hex.EncodeToString([]byte(id + strings.Repeat(" ", max(0, jobTokenLen-len(id)))))
}

// readJobToken reads the id out of a token; an empty token begins at the beginning.
func readJobToken(token string) (string, error) {
	raw, err := hex.DecodeString(token)
	if err != nil || token != "" && len(raw) != jobTokenLen {
		return "", invalidParameter("NextToken is not valid: " + token)
	}
	return strings.TrimRight(string(raw), " "), nil
}

// maxJobPage is the most exports, imports or bulk operations one answer lists.
const maxJobPage = 25

// pageOf is the number of jobs a page has: what was asked for, else the default.
func pageOf(asked *int64, usual int) int {
	if asked == nil {
		return usual
	}
	return int(*asked)
}
