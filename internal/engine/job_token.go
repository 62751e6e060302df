package engine

import (
	"encoding/hex"
	"strings"
)

// jobTokenLen is the length of the text in a page token: its hexadecimal form has the 112 digits the API asks for
// (API reference, ListImports: NextToken).
const jobTokenLen = 56

// jobToken makes the token that goes on after the job with an id. It says of which kind the job is: the token of one list is none of another's.
func jobToken(kind, id string) string {
	text := kind + "/" + id
	return hex.EncodeToString([]byte(text + strings.Repeat(" ", max(0, jobTokenLen-len(text)))))
}

// readJobToken reads the id out of a token; an empty token begins at the beginning.
func readJobToken(kind, token string) (string, error) {
	if token == "" {
		return "", nil
	}
	raw, err := hex.DecodeString(token)
	id, ok := strings.CutPrefix(strings.TrimRight(string(raw), " "), kind+"/")
	if err != nil || len(raw) != jobTokenLen || !ok {
		return "", invalidRequest("Provided nextToken is invalid: " + token)
	}
	return id, nil
}

// usualJobPage is how many exports, imports or bulk operations a page lists that asks for no number (DDB-IMPORT-016; API reference,
// ListBulkOperations).
const usualJobPage = 10

// pageOf is the number of jobs a page has: what was asked for, else the usual.
func pageOf(asked *int64) int {
	if asked == nil {
		return usualJobPage
	}
	return int(*asked)
}
