package server

import (
	"net/http"
	"strings"
)

// checkSignature looks whether a request is signed at all, as the service does before anything else, and returns the
// exception if not. The signature itself is not verified: there is no secret to verify it with.
func checkSignature(r *http.Request) (exception, message string) {
	auth := r.Header.Get("Authorization")
	if auth == "" {
		if r.URL.Query().Get("X-Amz-Algorithm") != "" {
			return "", ""
		}
		return "MissingAuthenticationTokenException", "Request is missing Authentication Token"
	}
	algorithm, rest, _ := strings.Cut(auth, " ")
	if algorithm != "AWS4-HMAC-SHA256" && algorithm != "AWS4-ECDSA-P256-SHA256" {
		return "MissingAuthenticationTokenException", "Request is missing Authentication Token"
	}
	params := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		if ok {
			params[name] = value
		}
	}
	var wrong []string
	for _, name := range []string{"Credential", "Signature", "SignedHeaders"} {
		if params[name] == "" {
			wrong = append(wrong, "Authorization header requires '"+name+"' parameter.")
		}
	}
	if r.Header.Get("X-Amz-Date") == "" && r.Header.Get("Date") == "" {
		wrong = append(wrong, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
	}
	if len(wrong) > 0 {
		return "IncompleteSignatureException", strings.Join(wrong, " ") + " Authorization=" + auth
	}
	if strings.Count(params["Credential"], "/") < 4 && algorithm == "AWS4-HMAC-SHA256" {
		return "IncompleteSignatureException", "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '" + params["Credential"] + "'"
	}
	return "", ""
}
