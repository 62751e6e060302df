package cmd

import "testing"

func TestQuotesForTheShellOfTheSystem(t *testing.T) {
	const text = `{"pk":"it's"}`
	for system, want := range map[string]string{
		"linux":   `'{"pk":"it'\''s"}'`,
		"darwin":  `'{"pk":"it'\''s"}'`,
		"windows": `'{"pk":"it''s"}'`,
	} {
		if got := shellQuoteOn(system, text); got != want {
			t.Errorf("%s: %s, want %s", system, got, want)
		}
	}
}

// A console that would show them as they stand gets no colours and no line that is written over.
func TestConsoleThatShowsEscapesGetsNone(t *testing.T) {
	a := newApp(&IO{OutTerminal: true, ErrTerminal: true, Mute: true})
	a.loaded, a.cfg.Color = true, "auto"
	if a.color(true) || a.colorErr() || a.io.redraws() {
		t.Error("a mute console gets colours, or a line of progress")
	}
	a.io.Mute = false
	if !a.color(true) || !a.colorErr() || !a.io.redraws() {
		t.Error("a console that understands gets no colours, or no line of progress")
	}
}
