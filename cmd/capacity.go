package cmd

import (
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// spent tells on standard error what was done, what it cost and how long it took, where a person looks on or --stats asks for it.
func (a *app) spent(done string, c *types.ConsumedCapacity, took time.Duration) {
	if !a.io.ErrTerminal && !a.flags.stats {
		return
	}
	text := units(c) + ", " + took.Round(time.Millisecond).String()
	if done != "" {
		text = done + ", " + text
	}
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
