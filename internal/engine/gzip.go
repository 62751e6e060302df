package engine

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// gzipFrom is the size from which an answer is worth compressing.
const gzipFrom = 1024

// acceptsGzip reports whether the client asked for gzip. The SDKs do not unless told to.
func acceptsGzip(h http.Header) bool {
	for _, v := range h["Accept-Encoding"] {
		for part := range strings.SplitSeq(v, ",") {
			name, quality, _ := strings.Cut(strings.TrimSpace(part), ";")
			if strings.EqualFold(name, "gzip") && strings.TrimSpace(quality) != "q=0" {
				return true
			}
		}
	}
	return false
}

func gzipped(body []byte) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed) // the level is a valid constant
	_, _ = z.Write(body)                            // a bytes.Buffer takes everything
	_ = z.Close()
	return b.Bytes()
}
