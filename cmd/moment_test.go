package cmd

import (
	"testing"
	"time"
)

func TestMomentsAsPeopleWriteThem(t *testing.T) {
	zone := time.FixedZone("east", 2*60*60)
	now := time.Date(2026, 3, 1, 15, 4, 5, 0, zone)
	for text, want := range map[string]string{
		"now":                       "2026-03-01T15:04:05+02:00",
		"2026-01-31T10:00:00Z":      "2026-01-31T10:00:00Z",
		"2026-01-31t10:00:00.5Z":    "",
		"2026-01-31":                "2026-01-31T00:00:00+02:00",
		"2026-01-31T10:00":          "2026-01-31T10:00:00+02:00",
		"2026-01-31 10:00:07":       "2026-01-31T10:00:07+02:00",
		"10:30":                     "2026-03-01T10:30:00+02:00",
		"today-10:30":               "2026-03-01T10:30:00+02:00",
		"yesterday":                 "2026-02-28T00:00:00+02:00",
		"Yesterday-10:00":           "2026-02-28T10:00:00+02:00",
		"yesterday 23:59:59":        "2026-02-28T23:59:59+02:00",
		"2h ago":                    "2026-03-01T13:04:05+02:00",
		"1h30m ago":                 "2026-03-01T13:34:05+02:00",
		"-15m":                      "2026-03-01T14:49:05+02:00",
		"3d":                        "2026-02-26T15:04:05+02:00",
		"1 week ago":                "2026-02-22T15:04:05+02:00",
		"tomorrow":                  "",
		"":                          "",
		"25:00":                     "",
		"2026-13-01":                "",
		"99999999999999999999w ago": "",
		"h ago":                     "",
	} {
		got, err := moment(text, now)
		switch {
		case want == "" && err == nil:
			t.Errorf("moment(%q) = %s, want an error", text, got)
		case want != "" && err != nil:
			t.Errorf("moment(%q): %v", text, err)
		case want != "" && got.Format(time.RFC3339) != want:
			t.Errorf("moment(%q) = %s, want %s", text, got.Format(time.RFC3339), want)
		}
	}
}

func TestSpansOfTime(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"90s": 90 * time.Second, "1h30m": 90 * time.Minute, "30d": 720 * time.Hour, "2 weeks": 336 * time.Hour, "1.5h": 90 * time.Minute, "250ms": 250 * time.Millisecond,
		"": 0, "5": 0, "five days": 0, "-1h": 0, "1h!": 0, "1e9d": 0,
	} {
		got, err := span(text)
		if (err != nil) != (want == 0) || got != want {
			t.Errorf("span(%q) = %s, %v; want %s", text, got, err, want)
		}
	}
}
