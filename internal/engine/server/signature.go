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
	auth := first(r.Header, "Authorization")
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
	for rest != "" {
		part := rest
		if end := separator(rest); end >= 0 {
			part, rest = rest[:end], rest[end+1:]
		} else {
			rest = ""
		}
		if part == "" {
			continue
		}
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
	if first(r.Header, "X-Amz-Date") == "" && first(r.Header, "Date") == "" {
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

// separator finds the first comma or blank. Either search passes many bytes at a time, where looking at each for both does not.
func separator(s string) int {
	comma := strings.IndexByte(s, ',')
	if comma >= 0 {
		s = s[:comma]
	}
	if blank := strings.IndexByte(s, ' '); blank >= 0 {
		return blank
	}
	return comma
}

// first is http.Header.Get for a name in canonical form, which it need not be looked for.
func first(h http.Header, name string) string {
	if v := h[name]; len(v) > 0 {
		return v[0]
	}
	return ""
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
