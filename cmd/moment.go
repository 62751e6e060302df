package cmd

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const momentHint = "write it as 2026-01-31T10:00:00Z, 2026-01-31, 2026-01-31T10:00, 10:00, yesterday-10:00, \"2h ago\" or now; without a zone it is local time"

// moment reads a time as people write it, seen from now: an instant of RFC 3339, a date, a time of day, a day's name with a
// time of day, or how long ago. What has no zone is in now's.
func moment(text string, now time.Time) (time.Time, error) {
	word := strings.ToLower(strings.TrimSpace(text))
	if word == "now" {
		return now, nil
	}
	if t, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(text)); err == nil {
		return t, nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, strings.ToUpper(word), now.Location()); err == nil {
			return t, nil
		}
	}
	if ago, ok := strings.CutSuffix(word, "ago"); ok {
		if d, err := span(strings.TrimSpace(ago)); err == nil {
			return now.Add(-d), nil
		}
	}
	if ago, ok := strings.CutPrefix(word, "-"); ok {
		if d, err := span(ago); err == nil {
			return now.Add(-d), nil
		}
	}
	if d, err := span(word); err == nil {
		return now.Add(-d), nil
	}
	if t, ok := timeOfDay(word, now); ok {
		return t, nil
	}
	return time.Time{}, usage(fmt.Sprintf("%q is no time", text), momentHint)
}

// timeOfDay reads "10:00", "today-10:00", "yesterday 10:00" and the bare names of days, which stand for their first moment.
func timeOfDay(word string, now time.Time) (time.Time, bool) {
	day, clock := 0, word
	for name, back := range map[string]int{"today": 0, "yesterday": 1} {
		if rest, ok := strings.CutPrefix(word, name); ok {
			day, clock = back, strings.TrimLeft(rest, "-t ,")
			if clock == "" {
				clock = "00:00"
			}
		}
	}
	for _, layout := range []string{"15:04:05", "15:04"} {
		if t, err := time.Parse(layout, clock); err == nil {
			y, m, d := now.Date()
			return time.Date(y, m, d-day, t.Hour(), t.Minute(), t.Second(), 0, now.Location()), true
		}
	}
	return time.Time{}, false
}

var spanPart = regexp.MustCompile(`^(\d+(?:\.\d+)?)\s*(ms|seconds?|sec|s|minutes?|min|m|hours?|h|days?|d|weeks?|w)\s*`)

// span reads a length of time: what Go writes (1h30m), and days and weeks (30d, 2 weeks). A day is 24 hours.
func span(text string) (time.Duration, error) {
	var total time.Duration
	rest := strings.ToLower(strings.TrimSpace(text))
	for parts := 0; rest != "" || parts == 0; parts++ {
		m := spanPart.FindStringSubmatch(rest)
		if m == nil {
			return 0, usage(fmt.Sprintf("%q is no length of time", text), "write it as 90s, 15m, 2h, 30d or 1w")
		}
		n, err := strconv.ParseFloat(m[1], 64)
		unit := spanUnit(m[2])
		if err != nil || n*float64(unit) > float64(1<<62) {
			return 0, usage(fmt.Sprintf("%q is too long", text), "write it as 90s, 15m, 2h, 30d or 1w")
		}
		total += time.Duration(n * float64(unit))
		rest = rest[len(m[0]):]
	}
	return total, nil
}

func spanUnit(name string) time.Duration {
	switch {
	case name == "ms":
		return time.Millisecond
	case name[0] == 's':
		return time.Second
	case name[0] == 'm':
		return time.Minute
	case name[0] == 'h':
		return time.Hour
	case name[0] == 'd':
		return 24 * time.Hour
	}
	return 7 * 24 * time.Hour
}
