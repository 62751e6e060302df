package server

import (
	"net/http"
	"net/url"
	"strings"
)

// signatureParts are what an Authorization header holds, in the order in which the service misses them.
var signatureParts = [...]string{"Credential", "Signature", "SignedHeaders"}

// checkSignature looks whether a request is signed at all, as the service does once it knows the operation, and returns
// the exception if not. The signature itself is not verified: there is no secret to verify it with. The words are those of
// captured answers of the service.
func checkSignature(r *http.Request) (exception, message string) {
	auth := r.Header.Get("Authorization")
	if r.URL.RawQuery != "" {
		if query := r.URL.Query(); query.Has("X-Amz-Algorithm") {
			if auth != "" {
				return "InvalidSignatureException", "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."
			}
			return checkQuery(query)
		}
	}
	algorithm, rest, _ := strings.Cut(strings.TrimSpace(auth), " ")
	if !strings.HasPrefix(algorithm, "AWS4-") {
		return "MissingAuthenticationTokenException", "Request is missing Authentication Token"
	}
	// The parts stand behind commas, blanks or both.
	var found [len(signatureParts)]string
	for part := range strings.FieldsFuncSeq(rest, func(c rune) bool { return c == ',' || c == ' ' }) {
		name, value, ok := strings.Cut(part, "=")
		if !ok {
			return "IncompleteSignatureException", "'" + part + "' not a valid key=value pair (missing equal-sign) in Authorization header: '" + auth + "'."
		}
		for i := range signatureParts {
			if signatureParts[i] == name {
				found[i] = value
			}
		}
	}
	credential := found[0]
	var wrong []string
	for i, name := range signatureParts {
		if found[i] == "" {
			wrong = append(wrong, "Authorization header requires '"+name+"' parameter.")
		}
	}
	if r.Header.Get("X-Amz-Date") == "" && r.Header.Get("Date") == "" {
		wrong = append(wrong, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
	}
	switch {
	case len(wrong) > 0:
		return "IncompleteSignatureException", strings.Join(wrong, " ") + " Authorization=" + auth
	case algorithm != "AWS4-HMAC-SHA256" && algorithm != "AWS4-ECDSA-P256-SHA256":
		return "IncompleteSignatureException", "Unsupported AWS 'algorithm': '" + algorithm + "' (only AWS4-HMAC-SHA256 for" + " now). "
	case algorithm == "AWS4-HMAC-SHA256" && strings.Count(strings.TrimRight(credential, "/"), "/") != 4:
		return "IncompleteSignatureException", "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '" + credential + "'"
	}
	return "", ""
}

// checkQuery is checkSignature for a signature in the URL.
func checkQuery(query url.Values) (exception, message string) {
	var wrong strings.Builder
	for _, name := range []string{"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"} {
		if query.Get(name) == "" {
			wrong.WriteString("AWS query-string parameters must include '" + name + "'. ")
		}
	}
	if wrong.Len() == 0 {
		return "", ""
	}
	return "IncompleteSignatureException", wrong.String() + "Re-examine the query-string parameters."
}
