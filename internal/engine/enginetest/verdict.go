package enginetest

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Verdict says which of two answers that differ is the service's.
type Verdict string

// The verdicts. A difference for which Theirs holds is a defect of the engine.
const (
	Ours       Verdict = "ours"
	Theirs     Verdict = "theirs"
	Neither    Verdict = "not comparable"
	Unjudged   Verdict = "no verdict"
	Consequent Verdict = "follows from another"
)

// Ruling is a verdict on all differences that have its form, with the reason or source for it. An empty pattern fits
// everything.
type Ruling struct {
	Verdict Verdict
	Because string
	Line    int  // in the file of rulings
	Hits    int  // differences it was the first to fit
	Varies  bool // what it is about differs from run to run, so its differences are not named one by one

	file, operation, input, member, ours, theirs *regexp.Regexp
}

// ParseRulings reads a file of rulings: blocks of lines, each a word and its value, apart by blank lines; # begins a comment.
// verdict (ours, theirs, not comparable) and because are needed; file, operation, input, member, ours and theirs are regular
// expressions, of which at least one is. "varies yes" sets Varies.
func ParseRulings(text string) ([]*Ruling, error) {
	var all []*Ruling
	var current *Ruling
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			current = nil
			continue
		}
		if strings.HasPrefix(line, "#") {
			continue
		}
		if current == nil {
			current = &Ruling{Line: i + 1}
			all = append(all, current)
		}
		word, value, _ := strings.Cut(line, " ")
		if err := current.set(word, strings.TrimSpace(value)); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	for _, r := range all {
		if r.Verdict == "" || r.Because == "" {
			return nil, fmt.Errorf("line %d: a ruling has a verdict and a because", r.Line)
		}
		if r.file == nil && r.operation == nil && r.input == nil && r.member == nil && r.ours == nil && r.theirs == nil {
			return nil, fmt.Errorf("line %d: a ruling names what it is about", r.Line)
		}
	}
	return all, nil
}

func (r *Ruling) set(word, value string) error {
	switch word {
	case "verdict":
		r.Verdict = Verdict(value)
		if r.Verdict != Ours && r.Verdict != Theirs && r.Verdict != Neither {
			return fmt.Errorf("verdict %q: expected ours, theirs or not comparable", value)
		}
		return nil
	case "varies":
		r.Varies = value == "yes"
		if !r.Varies {
			return fmt.Errorf("varies %q: expected yes", value)
		}
		return nil
	case "because":
		r.Because = strings.TrimSpace(r.Because + " " + value)
		return nil
	}
	pattern, err := regexp.Compile("(?s)" + value)
	if err != nil {
		return err
	}
	for name, field := range map[string]**regexp.Regexp{
		"file": &r.file, "operation": &r.operation, "input": &r.input, "member": &r.member, "ours": &r.ours, "theirs": &r.theirs,
	} {
		if name == word {
			*field = pattern
			return nil
		}
	}
	return errors.New("unknown word " + word)
}

// Judge finds the first ruling that fits a difference and counts it there. Without one the verdict is Unjudged, or Consequent
// where the target had refused to make the table.
func Judge(rulings []*Ruling, d Difference) (Verdict, *Ruling) {
	for _, r := range rulings {
		if fits(r.file, d.File) && fits(r.operation, d.Operation) && fits(r.input, d.Input) && fits(r.member, d.Member) && fits(r.ours, d.Ours) && fits(r.theirs, d.Theirs) {
			r.Hits++
			return r.Verdict, r
		}
	}
	if d.Follows != "" {
		return Consequent, nil
	}
	return Unjudged, nil
}

func fits(pattern *regexp.Regexp, text string) bool {
	return pattern == nil || pattern.MatchString(text)
}
