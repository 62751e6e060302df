package cmd

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/render"
)

// consumed tells a person what the call cost, on standard error.
func (a *app) consumed(p *render.Printer, items int, c *types.ConsumedCapacity) {
	if !p.Terminal() || !a.io.ErrTerminal || c == nil {
		return
	}
	text := counted(items, "item") + ", " + units(c)
	a.io.notef("%s", a.paint("2", text))
}

func units(c *types.ConsumedCapacity) string {
	if c == nil {
		return "no capacity"
	}
	n := strconv.FormatFloat(aws.ToFloat64(c.CapacityUnits), 'f', -1, 64)
	if n == "1" {
		return n + " capacity unit"
	}
	return n + " capacity units"
}

// counted is "1 item" or "1,200 items".
func counted(n int, noun string) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	if n == 1 {
		return digits + " " + noun
	}
	return digits + " " + noun + "s"
}
