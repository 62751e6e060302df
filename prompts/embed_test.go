package prompts

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestModelingFitsItsBudget(t *testing.T) {
	if n := len(Modeling()); n > MaxBytes || n < 24*1024 {
		t.Errorf("the modeling prompt has %d bytes, want between 24 KB and %d", n, MaxBytes)
	}
}

func TestModelingHoldsThePhrasesClientsLookFor(t *testing.T) {
	whole := Modeling()
	for _, phrase := range []string{
		"DynamoDB Data Modeling Expert System Prompt", "Multi-Table First", "Denormalization", "Sparse GSI",
		"dynamodb_requirement.md", "dynamodb_data_model.md",
	} {
		if !strings.Contains(whole, phrase) {
			t.Errorf("the modeling prompt lacks %q", phrase)
		}
	}
}

func TestSectionsMakeTheWhole(t *testing.T) {
	files, err := filepath.Glob("modeling/*.md")
	if err != nil {
		t.Fatal(err)
	}
	if len(Sections()) != len(files) {
		t.Fatalf("%d sections from %d files", len(Sections()), len(files))
	}
	seen := map[string]bool{}
	rest := Modeling()
	for i, s := range Sections() {
		disk, err := os.ReadFile(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if s.Text != string(disk) {
			t.Errorf("section %q differs from %s", s.Name, files[i])
		}
		if s.Name == "" || seen[s.Name] || s.Name != strings.ToLower(s.Name) || strings.ContainsAny(s.Name, " _.") {
			t.Errorf("section name %q is not a unique lower-case word", s.Name)
		}
		seen[s.Name] = true
		if s.Title == "" || !strings.HasPrefix(s.Text, "# "+s.Title+"\n") || !strings.HasSuffix(s.Text, "\n") {
			t.Errorf("section %q does not begin with its title or end with a newline", s.Name)
		}
		if i > 0 {
			rest = strings.TrimPrefix(rest, "\n")
		}
		if !strings.HasPrefix(rest, s.Text) {
			t.Fatalf("section %q is not where the whole has it", s.Name)
		}
		rest = strings.TrimPrefix(rest, s.Text)
	}
	if rest != "" {
		t.Errorf("the whole has more than its sections: %q", rest)
	}
}

func TestSectionByName(t *testing.T) {
	s, err := SectionByName("indexes")
	if err != nil || !strings.Contains(s.Text, "Sparse GSI") {
		t.Errorf("SectionByName(indexes) = %q, %v", s.Title, err)
	}
	_, err = SectionByName("index")
	if err == nil || !strings.Contains(err.Error(), "indexes") || !strings.Contains(err.Error(), "role") {
		t.Errorf("the error for an unknown section lists no valid names: %v", err)
	}
}

func TestCodeFencesAndTablesAreWhole(t *testing.T) {
	for _, s := range Sections() {
		if strings.Count(s.Text, "```")%2 != 0 {
			t.Errorf("section %q has an open code fence", s.Name)
		}
		columns := 0
		for line := range strings.SplitSeq(s.Text, "\n") {
			if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "| <") || !strings.HasSuffix(line, "|") {
				columns = 0
				continue
			}
			n := strings.Count(line, "|")
			if columns != 0 && n != columns {
				t.Errorf("section %q: a row of %d columns in a table of %d: %s", s.Name, n-1, columns-1, line)
			}
			columns = n
		}
	}
}

// Prices and rules as the prompt states them; the sums below use them alone.
const (
	month      = 2_592_000.0
	readPrice  = 0.125 / 1e6
	writePrice = 0.625 / 1e6
	gbMonth    = 0.25
	gb         = 1 << 30
	kb         = 1024.0
)

func readUnits(kilobytes float64) float64 { return math.Ceil(kilobytes/4) / 2 } // eventual
func writeUnits(kilobytes float64) float64 {
	return math.Ceil(kilobytes)
}
func usd(v float64) string { return fmt.Sprintf("$%.2f", v) }

// wants fails for each text the named section lacks. Spaces count as one, so
// the prompt may align its columns.
func wants(t *testing.T, section string, texts ...string) {
	t.Helper()
	s, err := SectionByName(section)
	if err != nil {
		t.Fatal(err)
	}
	spaces := regexp.MustCompile(` +`)
	body := spaces.ReplaceAllString(s.Text, " ")
	for _, text := range texts {
		if !strings.Contains(body, text) {
			t.Errorf("section %q does not say %q, which its own figures give", section, text)
		}
	}
}

func TestWorkedExampleAddsUp(t *testing.T) {
	ticketWithMessages := 1.5 + 10*0.8
	list := readUnits(25 * 0.4)
	reads := 40*readUnits(ticketWithMessages) + 25*list + 20*list + 2*(readUnits(0.1)+readUnits(1))
	create := writeUnits(1.5) + writeUnits(0.4)
	assign := writeUnits(1.5) + writeUnits(0.4)
	closing := writeUnits(1.5) + 2*writeUnits(0.4)
	writes := 5*create + 50*writeUnits(0.8) + 8*(assign+closing)/2
	readCost := reads * month * readPrice
	writeCost := writes * month * writePrice
	storedGB := 5 * month * 6 * (ticketWithMessages*kb + 11*100) / gb
	open := 5.0 * 2 * 86_400
	indexGB := open * (0.4*kb + 100) * 2 / gb
	storage := (storedGB + indexGB) * gbMonth

	wants(t, "example",
		fmt.Sprintf("reads %g/s × 2,592,000 = %.2f million × $0.125 = %s", reads, reads*month/1e6, usd(readCost)),
		fmt.Sprintf("writes %g/s × 2,592,000 = %.2f million × $0.625 = %s", writes, writes*month/1e6, usd(writeCost)),
		fmt.Sprintf("storage %.2f million tickets a month × (9.5 KB + 11 × 100 B) × 6 = %.1f GB × $0.25 = %s", 5*month/1e6, storedGB, usd(storedGB*gbMonth)),
		fmt.Sprintf("%.0f,000 (Little's law) × %.1f B × 2 = %.2f GB = %s", open/1000, 0.4*kb+100, indexGB, usd(indexGB*gbMonth)),
		fmt.Sprintf("total %s a month", usd(readCost+writeCost+storage)),
		fmt.Sprintf("0.6 × %s = %s", usd(storage), usd(0.6*storage)),
		fmt.Sprintf("0.25 × %s = %s", usd(readCost+writeCost), usd(0.25*(readCost+writeCost))),
		fmt.Sprintf("= %.0f write units/s", 0.4*(20+15)),
		fmt.Sprintf("= %.0f read units/s", 0.4*100*list),
		"net about $70",
	)
	if net := 0.6*storage - 0.25*(readCost+writeCost); math.Round(net) != 70 {
		t.Errorf("Standard-IA would save %.2f, the example says about 70", net)
	}
	wants(t, "indexes", fmt.Sprintf("%.0f,000 open tickets instead of the %.0f million", open/1000, math.Round(5*month*6/1e6)))
}

func TestRulesOfThumbAddUp(t *testing.T) {
	wants(t, "cost",
		fmt.Sprintf("$%.3f for an eventual read", month*readUnits(4)*readPrice),
		fmt.Sprintf("$%.3f for a strong one", month*2*readUnits(4)*readPrice),
		fmt.Sprintf("$%.2f for a write", month*writeUnits(1)*writePrice),
		fmt.Sprintf("about %.0f %% steady", 100*(0.00065/3600)/writePrice),
		fmt.Sprintf("%.0f %% of request cost", 100*0.25/0.60),
		fmt.Sprintf("3 + 3 + 3 = %.0f units", 3*writeUnits(2.5)),
		fmt.Sprintf("3 + 6 + 3 = %.0f", 4*writeUnits(2.5)),
	)
	if w, r := (0.00065/3600)/writePrice, (0.00013/3600)/readPrice; math.Round(w*100) != math.Round(r*100) {
		t.Errorf("break-even differs for writes (%.3f) and reads (%.3f); the prompt gives one figure", w, r)
	}
	wants(t, "indexes",
		fmt.Sprintf("≈ 64 KB (%.0f strong or %.0f eventual", 2*readUnits(64), readUnits(64)),
		fmt.Sprintf("about $%.0f a month", 10*readUnits(64)*month*readPrice))
	wants(t, "load",
		fmt.Sprintf("N = ⌈4,500 ÷ 500⌉ = %.0f", math.Ceil(4500.0/500)),
		fmt.Sprintf("take 10 (%d each)", 4500/10),
		fmt.Sprintf("10 × 0.5 = %.0f read units", 10*readUnits(1)))
	wants(t, "denormalization", fmt.Sprintf("300 × 25 = %d,500", 300*25/1000))
	wants(t, "features",
		fmt.Sprintf("1,536 dimensions are %d KB in the index but about %d KB in the item at 8 digits", 1536*4/1024, 1536*(8/2+1+1)/1024))
	wants(t, "tables", fmt.Sprintf("costs %.0f write units", writeUnits(20)))
}

func TestSortOrdersThePromptTeaches(t *testing.T) {
	for _, c := range []struct{ low, high string }{
		{"MSG#2026", "TICKET"},
		{"2026-03-01T10:15:00.123Z", "2026-03-01T10:15:00Z"},
		{"10", "9"},
	} {
		if c.low >= c.high {
			t.Errorf("%q does not sort before %q, as the prompt says", c.low, c.high)
		}
	}
	if !strings.HasPrefix("DE#BY#Munich", "DE#B") || strings.HasPrefix("DE#BY#Munich", "DE#BE#") {
		t.Error("the prefixes of the hierarchy example do not behave as the prompt says")
	}
}
