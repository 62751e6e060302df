package enginetest_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/ddb-cli/ddb/internal/engine/enginetest"
)

// rulingsFile holds the verdicts on what DynamoDB Local answers otherwise, judgedFile the differences they were given for.
const (
	rulingsFile = "differential/rulings.txt"
	judgedFile  = "differential/judged.txt"
)

const judgedHead = `# The differences from DynamoDB Local that were looked at when their ruling was written or seen to fit, each with a digest of the
# call and both answers. Written by: make differential ACCEPT=1
`

var (
	against = flag.String("differential", "", "compare the scenarios' answers with those of this endpoint, and judge the differences")
	show    = flag.String("show", "", "also print the differences with this verdict, or 'all'")
	accept  = flag.Bool("accept", false, "write down the differences that a ruling fits as judged")
)

// TestDifferential is not part of CI; `make differential` starts DynamoDB Local and runs it. It fails where a difference has no
// verdict, was not there when its ruling was last looked at, or shows that the engine is wrong; and where a ruling fits nothing.
func TestDifferential(t *testing.T) {
	if *against == "" {
		t.Skip("no endpoint to compare with: make differential")
	}
	rulings := readRulings(t)
	files := 0
	var all []enginetest.Difference
	t.Run("scenarios", func(t *testing.T) {
		all = enginetest.Compare(t, "testdata", func(*testing.T) *enginetest.Target {
			files++
			// DynamoDB Local keeps tables apart by access key, and so every scenario gets an empty one.
			key := credentials.NewStaticCredentialsProvider(fmt.Sprintf("SCENARIO%d", files), "secret", "")
			return enginetest.NewTarget(*against, region, nil, key)
		})
	})
	old := enginetest.ParseJudged(readFile(t, judgedFile))
	now := enginetest.Judged{}
	counts := map[enginetest.Verdict]int{}
	fresh := 0
	for _, d := range all {
		verdict, ruling := enginetest.Judge(rulings, d)
		counts[verdict]++
		wrong := verdict == enginetest.Unjudged || verdict == enginetest.Theirs
		because := ""
		if ruling != nil {
			because = ": " + ruling.Because
		}
		if !wrong && (ruling == nil || !ruling.Varies) {
			now[d.Mark()] = true
			if !old[d.Mark()] && !*accept {
				wrong = true
				fresh++
				because += "\n  NEW: if the verdict holds for it, make differential ACCEPT=1"
			}
		}
		if !wrong && *show != "all" && *show != string(verdict) {
			continue
		}
		report := fmt.Sprintf("%s:%d %s %s\n  %s\n  ours   %s\n  theirs %s\n  %s%s", d.File, d.Line, d.Operation, brief(d.Input), d.Member, brief(d.Ours), brief(d.Theirs), verdict, because)
		if wrong {
			t.Error(report)
		} else {
			t.Log(report)
		}
	}
	for _, r := range rulings {
		t.Logf("%4d × %-14s %s", r.Hits, r.Verdict, r.Because)
		if r.Hits == 0 && !r.Varies {
			t.Errorf("%s:%d: the ruling fits no difference: remove it", rulingsFile, r.Line)
		}
	}
	for _, verdict := range slices.Sorted(maps.Keys(counts)) {
		t.Logf("%4d differences: %s", counts[verdict], verdict)
	}
	t.Logf("%4d of them new", fresh)
	t.Logf("%d files", files)
	if *accept {
		writeJudged(t, now)
	} else if gone := old.Gone(all); len(gone) > 0 {
		t.Errorf("%d judged differences are no more (make differential ACCEPT=1):\n  %s", len(gone), strings.Join(gone, "\n  "))
	}
}

func writeJudged(t *testing.T, judged enginetest.Judged) {
	t.Helper()
	text := judgedHead + strings.Join(slices.Sorted(maps.Keys(judged)), "\n") + "\n"
	if err := os.WriteFile(judgedFile, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func brief(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 700 {
		text = text[:700] + "…"
	}
	return text
}

func readRulings(t *testing.T) []*enginetest.Ruling {
	t.Helper()
	rulings, err := enginetest.ParseRulings(readFile(t, rulingsFile))
	if err != nil {
		t.Fatalf("%s: %v", rulingsFile, err)
	}
	return rulings
}

// The file of rulings is read in CI too, and a difference gets the verdict of the first that fits.
func TestRulings(t *testing.T) {
	if len(readRulings(t)) == 0 {
		t.Error("no ruling")
	}
	rulings, err := enginetest.ParseRulings("# comment\nverdict theirs\nbecause of\nbecause this\nmember ^a\\.b$\ntheirs ^1$\n\nverdict ours\nbecause x\noperation Query")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		d    enginetest.Difference
		want enginetest.Verdict
	}{
		{enginetest.Difference{Operation: "Query", Member: "a.b", Theirs: "1"}, enginetest.Theirs},
		{enginetest.Difference{Operation: "Query", Member: "a.b", Theirs: "2"}, enginetest.Ours},
		{enginetest.Difference{Operation: "Scan", Member: "a.b", Theirs: "2"}, enginetest.Unjudged},
		{enginetest.Difference{Operation: "Scan", Follows: "T"}, enginetest.Consequent},
	} {
		if got, _ := enginetest.Judge(rulings, tc.d); got != tc.want {
			t.Errorf("%+v: %s, want %s", tc.d, got, tc.want)
		}
	}
	if rulings[0].Because != "of this" || rulings[0].Hits != 1 {
		t.Errorf("the first ruling is %+v", rulings[0])
	}
	for _, bad := range []string{"verdict maybe", "verdict ours\nbecause x", "because x\nmember a", "verdict ours\nbecause x\nmember (", "verdict ours\nfoo x", "verdict ours\nbecause x\nmember a\nvaries no"} {
		if _, err := enginetest.ParseRulings(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// A difference is known by what was asked and answered, not by where it stands.
func TestJudged(t *testing.T) {
	d := enginetest.Difference{File: "a.txt", Line: 3, Operation: "Query", Input: "{}", Member: "error", Ours: "a", Theirs: "b"}
	moved, other := d, d
	moved.Line, other.Theirs = 4, "c"
	if d.Mark() != moved.Mark() || d.Mark() == other.Mark() {
		t.Errorf("%q, moved %q, answered otherwise %q", d.Mark(), moved.Mark(), other.Mark())
	}
	judged := enginetest.ParseJudged("# comment\n\n" + d.Mark() + "\n" + other.Mark() + "\n")
	if gone := judged.Gone([]enginetest.Difference{moved}); !slices.Equal(gone, []string{other.Mark()}) || len(judged) != 2 {
		t.Errorf("gone of %v: %q", judged, gone)
	}
	if len(enginetest.ParseJudged(readFile(t, judgedFile))) == 0 {
		t.Error("no difference is judged")
	}
}
