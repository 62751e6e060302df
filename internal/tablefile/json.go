package tablefile

import (
	"bytes"
	"encoding/json"
	"strings"
)

// indented writes JSON for people.
func indented(doc string) string {
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(doc), "", "  "); err != nil {
		return doc
	}
	return b.String()
}

// Region is the region an ARN speaks of, "" for a text that is none.
func Region(arn string) string {
	parts := strings.SplitN(arn, ":", 5)
	if len(parts) < 5 || parts[0] != "arn" {
		return ""
	}
	return parts[3]
}

func compare(a, b string) int { return strings.Compare(a, b) }
