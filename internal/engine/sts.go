package engine

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// The one operation of AWS Security Token Service that is answered, so that a program which asks who it is before it
// starts, as "ddb whoami" does, works with the engine alone.
const (
	stsNamespace = "https://sts.amazonaws.com/doc/2011-06-15/"
	stsVersion   = "2011-06-15"
)

// maxQuestion is the largest body in bytes of a request to another service than DynamoDB. No question that is answered here has a kilobyte, and what its
// decoded form takes may be a hundred times as much.
const maxQuestion = 64 << 10

type callerIdentity struct {
	XMLName  xml.Name `xml:"GetCallerIdentityResponse"`
	Space    string   `xml:"xmlns,attr"`
	Identity struct {
		ARN     string `xml:"Arn"`
		UserID  string `xml:"UserId"`
		Account string
	} `xml:"GetCallerIdentityResult"`
	RequestID string `xml:"ResponseMetadata>RequestId"`
}

type stsError struct {
	XMLName xml.Name `xml:"ErrorResponse"`
	Space   string   `xml:"xmlns,attr"`
	Error   struct {
		Type    string
		Code    string
		Message string
	}
	RequestID string `xml:"RequestId"`
}

// serveForm answers requests of the query protocol: a form body with Action and Version, an answer in XML. It reports
// whether the request was one.
func (e *Engine) serveForm(w http.ResponseWriter, r *http.Request) bool {
	// A request with a target is DynamoDB's whatever its content type says: curl -d calls every body a form.
	if r.Header.Get("X-Amz-Target") != "" || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return false
	}
	body, err := readUpTo(maxQuestion, r, nil)
	if err != nil {
		writeError(w, r, newRequestID(), err)
		return true
	}
	form, bad := url.ParseQuery(string(body))
	if cloudWatchActions[form.Get("Action")] != nil && bad == nil {
		e.serveCloudWatchForm(w, r, form)
		return true
	}
	id := newUUID()
	if bad != nil || form.Get("Action") != "GetCallerIdentity" {
		answer := stsError{Space: stsNamespace, RequestID: id}
		answer.Error.Type, answer.Error.Code = "Sender", "InvalidAction"
		answer.Error.Message = "Could not find operation " + form.Get("Action") + " for version " + stsVersion
		writeXML(w, http.StatusBadRequest, id, answer)
		return true
	}
	answer := callerIdentity{Space: stsNamespace, RequestID: id}
	answer.Identity.ARN = "arn:aws:iam::" + catalog.Account + ":root"
	answer.Identity.UserID = catalog.Account
	answer.Identity.Account = catalog.Account
	writeXML(w, http.StatusOK, id, answer)
	return true
}

func writeXML(w http.ResponseWriter, status int, requestID string, answer any) {
	body, err := xml.Marshal(answer)
	if err != nil {
		status = http.StatusInternalServerError
	}
	w.Header().Set("Content-Type", "text/xml")
	w.Header().Set("X-Amzn-Requestid", requestID)
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
