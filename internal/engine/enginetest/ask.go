package enginetest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
)

// ask makes the call of a step, again and again where the step waits for something.
func (s *scenario) ask(ctx context.Context, t *testing.T, d *datadriven.TestData, input []byte) (map[string]any, error) {
	target := s.targetOf(t, d)
	call := func() (map[string]any, error) {
		switch {
		case d.HasArg("raw"):
			return target.raw(ctx, d.Cmd, input)
		case d.HasArg("all"):
			return allPages(ctx, target, d.Cmd, input)
		}
		return target.call(ctx, d.Cmd, input)
	}
	path, want := waited(t, d)
	for deadline := time.Now().Add(s.patience(time.Minute)); ; time.Sleep(5 * time.Millisecond) {
		answer, err := call()
		if path == "" || err == nil && strings.Trim(flatten(reach(answer, path)), `"`) == want || time.Now().After(deadline) {
			return answer, err
		}
	}
}

// targetOf is the target in the region a step names with region=; the scenario's own without.
func (s *scenario) targetOf(t *testing.T, d *datadriven.TestData) *Target {
	if !d.HasArg("region") {
		return s.target
	}
	var region string
	d.ScanArgs(t, "region", &region)
	if s.elsewhere[region] == nil {
		if s.elsewhere == nil {
			s.elsewhere = map[string]*Target{}
		}
		s.elsewhere[region] = NewTarget(s.target.endpoint, region, s.target.http.Transport, s.target.creds)
	}
	return s.elsewhere[region]
}

// waited reads until=(path,value): the member an answer must have before the step takes it.
func waited(t *testing.T, d *datadriven.TestData) (path, want string) {
	if d.HasArg("until") {
		d.ScanArgs(t, "until", &path, &want)
	}
	return path, want
}
