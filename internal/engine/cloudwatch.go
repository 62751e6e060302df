package engine

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/ddb-cli/ddb/internal/engine/cbor"
)

// The operations of Amazon CloudWatch that read Contributor Insights, on the endpoint of DynamoDB. CloudWatch speaks three
// protocols, and so do its clients: boto3 and the AWS CLI of today JSON, the SDKs for Go and JavaScript CBOR, older ones
// the query protocol with XML.

const (
	targetCloudWatch = "GraniteServiceVersion20100801."
	pathCloudWatch   = "/service/GraniteServiceVersion20100801/operation/"
	cloudWatchSpace  = "http://monitoring.amazonaws.com/doc/2010-08-01/"
	spaceCloudWatch  = "com.amazonaws.cloudwatch#"
	typeCBOR         = "application/cbor"
	protocolHeader   = "Smithy-Protocol"
	protocolCBOR     = "rpc-v2-cbor"
)

// cloudWatchActions answer a request that was read into a map with a structure.
var cloudWatchActions = map[string]func(c *call, in map[string]any) (members, error){
	"GetInsightRuleReport": getInsightRuleReport,
	"DescribeInsightRules": describeInsightRules,
}

// serveCloudWatch answers a request of CloudWatch in JSON or CBOR, and reports whether it was one.
func (e *Engine) serveCloudWatch(w http.ResponseWriter, r *http.Request) bool {
	name, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), targetCloudWatch)
	write := writeCloudWatchJSON
	if !ok {
		if r.Header.Get(protocolHeader) != protocolCBOR {
			return false
		}
		if name, ok = strings.CutPrefix(r.URL.Path, pathCloudWatch); !ok {
			return false
		}
		write = writeCloudWatchCBOR
	}
	c := e.newCall(r, name)
	defer c.release()
	body, err := readUpTo(maxQuestion, r, nil)
	var in map[string]any
	if err == nil && r.Header.Get(protocolHeader) == protocolCBOR {
		in, err = cborInput(body)
	} else if err == nil {
		in, err = jsonInput(body)
	}
	var out members
	if err == nil {
		out, err = c.cloudWatch(name, in)
	}
	if err != nil {
		api := asAPIError(err)
		status, code := api.Status, cloudWatchCode(api.Type)
		if status == 0 {
			status = http.StatusBadRequest
		}
		w.Header().Set("X-Amzn-Query-Error", code+";Sender")
		out = append(members{{"__type", spaceCloudWatch + api.Type}, {"message", api.Message}}, cloudWatchMembers(api)...)
		write(w, c.requestID, status, out)
		return true
	}
	write(w, c.requestID, http.StatusOK, out)
	return true
}

// cloudWatch carries an operation out.
func (c *call) cloudWatch(name string, in map[string]any) (members, error) {
	act, ok := cloudWatchActions[name]
	if !ok {
		return nil, &apiError{Type: "UnknownOperationException", Message: "Of CloudWatch, GetInsightRuleReport and DescribeInsightRules are answered here"}
	}
	return act(c, in)
}

func jsonInput(body []byte) (map[string]any, error) {
	var in map[string]any
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, serialization("")
	}
	return in, nil
}

func cborInput(body []byte) (map[string]any, error) {
	if len(body) == 0 {
		return nil, nil
	}
	v, err := cbor.Decode(body)
	if err != nil {
		return nil, serialization(err.Error())
	}
	in, ok := v.(map[string]any)
	if !ok {
		return nil, serialization("the body is no structure")
	}
	return in, nil
}

// formInput reads the parameters of the query protocol, in which lists are spelled Name.member.1.
func formInput(form url.Values) map[string]any {
	in := map[string]any{}
	for key, values := range form {
		name, _, list := strings.Cut(key, ".member.")
		if !list {
			in[name] = values[0]
		}
	}
	for i := 1; ; i++ {
		v := form.Get("Metrics.member." + strconv.Itoa(i))
		if v == "" {
			return in
		}
		old, _ := in["Metrics"].([]any)
		in["Metrics"] = append(old, v)
	}
}

// serveCloudWatchForm answers a request of the query protocol, in XML.
func (e *Engine) serveCloudWatchForm(w http.ResponseWriter, r *http.Request, form url.Values) {
	c := e.newCall(r, form.Get("Action"))
	defer c.release()
	out, err := c.cloudWatch(c.action, formInput(form))
	if err != nil {
		api := asAPIError(err)
		status := api.Status
		if status == 0 {
			status = http.StatusBadRequest
		}
		answer := stsError{Space: cloudWatchSpace, RequestID: c.requestID}
		answer.Error.Type, answer.Error.Code, answer.Error.Message = "Sender", cloudWatchCode(api.Type), api.Message
		writeXML(w, status, c.requestID, answer)
		return
	}
	body := append([]byte("<"+c.action+`Response xmlns="`+cloudWatchSpace+`"><`+c.action+"Result>"), out.appendXML(nil)...)
	body = append(body, "</"+c.action+"Result><ResponseMetadata><RequestId>"+c.requestID+"</RequestId></ResponseMetadata></"+c.action+"Response>"...)
	w.Header().Set("Content-Type", "text/xml")
	w.Header().Set("X-Amzn-Requestid", c.requestID)
	_, _ = w.Write(body)
}

// cloudWatchCode is what the query protocol calls an exception.
func cloudWatchCode(exception string) string {
	if exception == "MissingRequiredParameterException" {
		return "MissingParameter"
	}
	if exception == "ResourceNotFoundException" {
		return exception
	}
	return strings.TrimSuffix(exception, "Exception")
}

// cloudWatchMembers are the further members of an exception.
func cloudWatchMembers(api *apiError) members {
	var out members
	for _, f := range api.Extra {
		text, err := strconv.Unquote(string(f.Raw))
		if err == nil {
			out = append(out, member{f.Name, text})
		}
	}
	return out
}
