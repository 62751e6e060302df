package engine

import (
	"fmt"
	"time"

	"github.com/ddb-cli/ddb/internal/engine/catalog"
)

// Decreases of provisioned throughput that a table or an index has in a day of UTC: some at any time, and after those one
// an hour (Developer Guide, "Quotas": decreasing provisioned throughput).
const (
	freeDecreases = 4
	decreaseEvery = time.Hour
)

// setThroughput changes the provisioned throughput of a table or index, and counts a decrease of either part as one.
func setThroughput(t *catalog.Throughput, p *provisionedThroughput, now time.Time) error {
	now = now.UTC()
	if p.ReadCapacityUnits < t.Read || p.WriteCapacityUnits < t.Write {
		if !sameDay(t.LastDecrease, now) {
			t.DecreasesToday = 0
		}
		if next := t.LastDecrease.Add(decreaseEvery); t.DecreasesToday >= freeDecreases && now.Before(next) {
			if midnight := now.Truncate(24 * time.Hour).Add(24 * time.Hour); midnight.Before(next) {
				next = midnight // with the day all decreases come back (DDB-TABLE-184)
			}
			return errDecreases(t, next)
		}
		t.LastDecrease = now
		t.DecreasesToday++
	}
	if t.Read > 0 && (p.ReadCapacityUnits > t.Read || p.WriteCapacityUnits > t.Write) { // not when it comes with the billing mode (DDB-TABLE-055)
		t.LastIncrease = now
	}
	t.Read, t.Write = p.ReadCapacityUnits, p.WriteCapacityUnits
	return nil
}

func sameDay(a, b time.Time) bool {
	return a.UTC().Truncate(24 * time.Hour).Equal(b.UTC().Truncate(24 * time.Hour))
}

// errDecreases is the refusal of one decrease too many.
func errDecreases(t *catalog.Throughput, next time.Time) error {
	const form = "Monday, January 2, 2006 at 3:04:05 PM"
	return &apiError{Type: "LimitExceededException", Message: fmt.Sprintf("Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. "+
		"After the first %d decreases, each subsequent decrease in the same UTC day can be performed at most once every %d seconds. "+
		"Number of decreases today: %d. Last decrease at %s Coordinated Universal Time. Next decrease can be made at %s Coordinated Universal Time",
		freeDecreases, int(decreaseEvery.Seconds()), t.DecreasesToday, t.LastDecrease.UTC().Format(form), next.UTC().Format(form))}
}
