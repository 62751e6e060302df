package engine

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/cbor"
	"github.com/ddb-cli/ddb/internal/jsonscan"
)

// members is a structure of an answer; its values are string, bool, int64, float64, time.Time, members and []any.
type members []member

type member struct {
	name  string
	value any
}

func writeCloudWatchJSON(w http.ResponseWriter, requestID string, status int, out members) {
	w.Header().Set("Content-Type", typeAmazon[0])
	writeAnswer(w, requestID, status, out.appendJSON(nil))
}

func writeCloudWatchCBOR(w http.ResponseWriter, requestID string, status int, out members) {
	w.Header().Set("Content-Type", typeCBOR)
	w.Header().Set(protocolHeader, protocolCBOR)
	writeAnswer(w, requestID, status, out.appendCBOR(nil))
}

func writeAnswer(w http.ResponseWriter, requestID string, status int, body []byte) {
	w.Header().Set("X-Amzn-Requestid", requestID)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// appendJSON writes times as seconds.
func (m members) appendJSON(dst []byte) []byte {
	dst = append(dst, '{')
	for i, x := range m {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(jsonscan.AppendQuoted(dst, x.name), ':')
		dst = appendJSONValue(dst, x.value)
	}
	return append(dst, '}')
}

func appendJSONValue(dst []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return jsonscan.AppendQuoted(dst, v)
	case members:
		return v.appendJSON(dst)
	case time.Time:
		return strconv.AppendFloat(dst, float64(v.UnixMilli())/1000, 'f', -1, 64)
	case []any:
		dst = append(dst, '[')
		for i, x := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendJSONValue(dst, x)
		}
		return append(dst, ']')
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return append(dst, "null"...) // no such number is counted
	}
	return append(dst, raw...)
}

func (m members) appendCBOR(dst []byte) []byte {
	dst = cbor.AppendMap(dst, len(m))
	for _, x := range m {
		dst = appendCBORValue(cbor.AppendText(dst, x.name), x.value)
	}
	return dst
}

func appendCBORValue(dst []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return cbor.AppendText(dst, v)
	case bool:
		return cbor.AppendBool(dst, v)
	case int64:
		return cbor.AppendInt(dst, v)
	case float64:
		return cbor.AppendFloat(dst, v)
	case time.Time:
		return cbor.AppendTime(dst, v)
	case members:
		return v.appendCBOR(dst)
	case []any:
		dst = cbor.AppendArray(dst, len(v))
		for _, x := range v {
			dst = appendCBORValue(dst, x)
		}
	}
	return dst
}

// appendXML writes times as RFC 3339 and lists as members.
func (m members) appendXML(dst []byte) []byte {
	for _, x := range m {
		dst = append(dst, "<"+x.name+">"...)
		dst = append(appendXMLValue(dst, x.value), "</"+x.name+">"...)
	}
	return dst
}

func appendXMLValue(dst []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		var b strings.Builder
		_ = xml.EscapeText(&b, []byte(v)) // a builder takes everything
		return append(dst, b.String()...)
	case bool:
		return strconv.AppendBool(dst, v)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case float64:
		return strconv.AppendFloat(dst, v, 'f', -1, 64)
	case time.Time:
		return v.UTC().AppendFormat(dst, time.RFC3339)
	case members:
		return v.appendXML(dst)
	case []any:
		for _, x := range v {
			dst = append(appendXMLValue(append(dst, "<member>"...), x), "</member>"...)
		}
	}
	return dst
}

// listOf makes a list of an answer.
func listOf[T any](values []T) []any {
	out := make([]any, 0, len(values))
	for _, v := range values {
		out = append(out, v)
	}
	return slices.Clip(out)
}
