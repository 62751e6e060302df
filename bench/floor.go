package main

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The floor is what an engine on net/http can at best approach: it reads a request to its end and answers with bytes of the
// right size that were made once. It keeps nothing and looks at nothing but the name of the operation and, for a Scan, the
// page asked for.
type floor struct {
	answers map[string]prepared
	pages   []prepared
	buffers sync.Pool
}

type prepared struct {
	body     []byte
	checksum string
}

func prepare(body string) prepared {
	return prepared{[]byte(body), strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(body))), 10)}
}

// pageItems is how many items of 1 KB make a page of 1 MB.
const pageItems = 1000

func newFloor(items int) *floor {
	f := &floor{buffers: sync.Pool{New: func() any { return new(bytes.Buffer) }}}
	repeat := func(n int) string {
		items := make([]string, n)
		for i := range items {
			items[i] = itemJSON(i)
		}
		return strings.Join(items, ",")
	}
	description := `{"TableName":"` + *tableName + `","TableStatus":"ACTIVE"}`
	f.answers = map[string]prepared{
		"ListTables":         prepare(`{"TableNames":[]}`),
		"CreateTable":        prepare(`{"TableDescription":` + description + `}`),
		"DescribeTable":      prepare(`{"Table":` + description + `}`),
		"PutItem":            prepare(`{}`),
		"GetItem":            prepare(`{"Item":` + itemJSON(0) + `}`),
		"UpdateItem":         prepare(`{"Attributes":{"visits":{"N":"1"}}}`),
		"Query":              prepare(`{"Items":[` + repeat(partition) + `],"Count":100,"ScannedCount":100}`),
		"BatchWriteItem":     prepare(`{"UnprocessedItems":{}}`),
		"TransactWriteItems": prepare(`{}`),
	}
	for first := 0; first < items; first += pageItems {
		n, next := min(pageItems, items-first), ""
		if first+n < items {
			next = fmt.Sprintf(`,"LastEvaluatedKey":{"owner":{"S":"x"},"entry":{"S":"page:%d"}}`, len(f.pages)+1)
		}
		f.pages = append(f.pages, prepare(fmt.Sprintf(`{"Items":[%s],"Count":%d,"ScannedCount":%d%s}`, repeat(n), n, n, next)))
	}
	return f
}

// ServeHTTP answers as quickly as net/http lets it.
func (f *floor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	buffer, _ := f.buffers.Get().(*bytes.Buffer)
	buffer.Reset()
	defer f.buffers.Put(buffer)
	if _, err := io.Copy(buffer, r.Body); err != nil {
		return
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	answer, ok := f.answers[operation]
	if !ok {
		answer = f.page(buffer.Bytes())
	}
	h := w.Header()
	h["Content-Type"] = []string{"application/x-amz-json-1.0"}
	h["Content-Length"] = []string{strconv.Itoa(len(answer.body))}
	h["X-Amz-Crc32"] = []string{answer.checksum}
	w.Write(answer.body)
}

// page finds the page a Scan asks for; what follows its number is the quotation mark that ends the key.
func (f *floor) page(request []byte) prepared {
	_, after, _ := bytes.Cut(request, []byte("page:"))
	number, _, _ := bytes.Cut(after, []byte(`"`))
	if n, err := strconv.Atoi(string(number)); err == nil && n > 0 && n < len(f.pages) {
		return f.pages[n]
	}
	return f.pages[0]
}

func serveFloor(address string, items int) error {
	server := &http.Server{Addr: address, Handler: newFloor(items), ReadHeaderTimeout: time.Minute}
	return server.ListenAndServe()
}
