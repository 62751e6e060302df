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

// rulingsFile holds the verdicts on what DynamoDB Local answers otherwise.
const rulingsFile = "differential/rulings.txt"

var (
	against = flag.String("differential", "", "compare the scenarios' answers with those of this endpoint, and judge the differences")
	show    = flag.String("show", "", "also print the differences with this verdict, or 'all'")
)

// TestDifferential is not part of CI; `make differential` starts DynamoDB Local and runs it. It fails where a difference has no
// verdict or the verdict is that the engine is wrong.
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
	counts := map[enginetest.Verdict]int{}
	for _, d := range all {
		verdict, ruling := enginetest.Judge(rulings, d)
		counts[verdict]++
		wrong := verdict == enginetest.Unjudged || verdict == enginetest.Theirs
		if !wrong && *show != "all" && *show != string(verdict) {
			continue
		}
		because := ""
		if ruling != nil {
			because = ": " + ruling.Because
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
	}
	for _, verdict := range slices.Sorted(maps.Keys(counts)) {
		t.Logf("%4d differences: %s", counts[verdict], verdict)
	}
	t.Logf("%d files", files)
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
	text, err := os.ReadFile(rulingsFile)
	if err != nil {
		t.Fatal(err)
	}
	rulings, err := enginetest.ParseRulings(string(text))
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
	for _, bad := range []string{"verdict maybe", "verdict ours\nbecause x", "because x\nmember a", "verdict ours\nbecause x\nmember (", "verdict ours\nfoo x"} {
		if _, err := enginetest.ParseRulings(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
