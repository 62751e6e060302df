package engine_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/ddb-cli/ddb/internal/engine"
)

// BenchmarkParallel makes calls on different keys from many goroutines. With -cpu 1,2,4 it shows whether they get into each
// other's way: the time of a call falls as processors are added.
func BenchmarkParallel(b *testing.B) {
	const n = 5000
	for _, disk := range []bool{false, true} {
		for action, body := range map[string]func(i int) string{
			"GetItem": func(i int) string { return `{"TableName":"bench","Key":` + keyJSON(i) + `}` },
			"PutItem": func(i int) string { return `{"TableName":"bench","Item":` + itemJSON(i) + `}` },
		} {
			b.Run(fmt.Sprintf("%s/disk=%t", action, disk), func(b *testing.B) {
				o := engine.Options{}
				if disk {
					o.Dir = b.TempDir()
				}
				_, h := loadedWith(b, o, n)
				bodies := make([]string, n)
				for i := range bodies {
					bodies[i] = body(i)
				}
				var next atomic.Int64
				b.SetParallelism(4)
				b.ResetTimer()
				b.RunParallel(func(p *testing.PB) {
					for p.Next() {
						send(b, h, action, bodies[int(next.Add(1))*7919%n])
					}
				})
			})
		}
	}
}
