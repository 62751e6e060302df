package cmd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/render"
)

// severities, least first.
var severities = []string{"info", "low", "medium", "high"}

// A finding is something about a table that somebody should know.
type finding struct {
	Severity string `json:"severity"`
	Profile  string `json:"profile,omitempty"` // where several were named
	Region   string `json:"region"`
	Table    string `json:"table"`
	Check    string `json:"check"`
	Message  string `json:"message"`
	Fix      string `json:"fix,omitempty"`
}

type doctorReport struct {
	Tables   int       `json:"tables"`
	Findings []finding `json:"findings"`
	Counts   struct {
		High   int `json:"high"`
		Medium int `json:"medium"`
		Low    int `json:"low"`
		Info   int `json:"info"`
	} `json:"counts"`
	// Unknown is what could not be looked at, and why.
	Unknown []string `json:"unknown"`
}

func (d *doctor) unknown(text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !slices.Contains(d.report.Unknown, text) {
		d.report.Unknown = append(d.report.Unknown, text)
	}
}

// finish sorts, counts and shows, gravest first.
func (d *doctor) finish(least, failOn string) error {
	r := &d.report
	kept := []finding{}
	failed := false
	for _, f := range r.Findings {
		rank := slices.Index(severities, f.Severity)
		failed = failed || failOn != "never" && rank >= slices.Index(severities, failOn)
		switch f.Severity {
		case "high":
			r.Counts.High++
		case "medium":
			r.Counts.Medium++
		case "low":
			r.Counts.Low++
		default:
			r.Counts.Info++
		}
		if rank >= slices.Index(severities, least) {
			kept = append(kept, f)
		}
	}
	slices.SortFunc(kept, func(x, y finding) int {
		if i, j := slices.Index(severities, x.Severity), slices.Index(severities, y.Severity); i != j {
			return j - i
		}
		return strings.Compare(x.Profile+"\x00"+x.Region+"\x00"+x.Table+"\x00"+x.Check+x.Message, y.Profile+"\x00"+y.Region+"\x00"+y.Table+"\x00"+y.Check+y.Message)
	})
	r.Findings = kept
	r.Unknown = append([]string{}, slices.Sorted(slices.Values(r.Unknown))...) // a list in JSON also where it is empty
	if err := d.show(); err != nil {
		return err
	}
	if d.w != nil {
		if err := d.a.failedPlaces(d.w, d.visits, d.errs); err != nil {
			return err
		}
	}
	d.a.io.notef("ddb: %s looked at: %d high, %d medium, %d low, %d info", counted(r.Tables, "table"), r.Counts.High, r.Counts.Medium, r.Counts.Low, r.Counts.Info)
	if failed {
		return &errQuiet{exitDifference}
	}
	return nil
}

// show prints the report, or in formats of rows a row for each finding; what is not known then stands on standard error.
func (d *doctor) show() error {
	p, err := d.a.printer()
	if err != nil {
		return err
	}
	if !p.ByRow() {
		return d.a.show(d.report, func(o *render.Object) []render.Section { return doctorView(o, d.a.io.Width) })
	}
	for _, text := range d.report.Unknown {
		d.a.io.notef("ddb: not known: %s", text)
	}
	return d.a.show(d.report.Findings, nil)
}

// doctorView is a table where it fits the width (0 for any), and otherwise lines: what was found, and what to do about it, are of no use cut off.
func doctorView(o *render.Object, width int) []render.Section {
	s := render.Section{Header: []string{"severity", "region", "table", "check", "message", "what to do"}}
	for _, x := range o.List("findings") {
		if f, ok := x.(*render.Object); ok {
			where := strings.TrimPrefix(f.Text("profile")+"@"+f.Text("region"), "@")
			s.Rows = append(s.Rows, []string{f.Text("severity"), where, f.Text("table"), f.Text("check"), f.Text("message"), f.Text("fix")})
		}
	}
	if s.Width() > width && width > 0 {
		lines := render.Section{}
		for _, r := range s.Rows {
			lines.Rows = append(lines.Rows, []string{strings.Join(r[:4], "  ")}, []string{"  " + r[4]}, []string{"  → " + r[5]})
		}
		s = lines
	}
	unknown := render.Section{Title: "Not known"}
	for _, x := range o.List("unknown") {
		unknown.Rows = append(unknown.Rows, []string{fmt.Sprint(x)})
	}
	if len(s.Rows) == 0 {
		return []render.Section{unknown}
	}
	return []render.Section{s, unknown}
}
