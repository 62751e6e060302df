package assistant

import (
	"fmt"
	"slices"
	"strings"
)

// context is how many lines that stay are shown around those that change.
const context = 3

// Diff shows the change line by line in the unified format; "" where there is none.
func (c Change) Diff() string {
	if !c.Made() {
		return ""
	}
	before, after := lines(c.Before), lines(c.After)
	head := 0
	for head < min(len(before), len(after)) && before[head] == after[head] {
		head++
	}
	tail := 0
	for tail < min(len(before), len(after))-head && before[len(before)-1-tail] == after[len(after)-1-tail] {
		tail++
	}
	first, last := max(0, head-context), min(context, tail)
	removed, added := before[head:len(before)-tail], after[head:len(after)-tail]
	var b strings.Builder
	from := c.File
	if len(before) == 0 {
		from = "/dev/null"
	}
	fmt.Fprintf(&b, "--- %s\n+++ %s\n", from, c.File)
	kept := head - first + last
	fmt.Fprintf(&b, "@@ -%s +%s @@\n", span(first, kept+len(removed)), span(first, kept+len(added)))
	show := func(sign string, list []string) {
		for _, l := range list {
			b.WriteString(sign + strings.TrimRight(l, "\r\n") + "\n")
			if !strings.HasSuffix(l, "\n") {
				b.WriteString("\\ No newline at end of file\n")
			}
		}
	}
	show(" ", before[first:head])
	for _, step := range steps(removed, added) {
		show(step.sign, []string{step.line})
	}
	show(" ", before[len(before)-tail:len(before)-tail+last])
	return b.String()
}

func lines(text []byte) []string {
	if len(text) == 0 {
		return nil
	}
	list := strings.SplitAfter(string(text), "\n")
	if list[len(list)-1] == "" {
		list = list[:len(list)-1]
	}
	return list
}

func span(first, count int) string {
	if count == 0 {
		return fmt.Sprintf("%d,0", first)
	}
	return fmt.Sprintf("%d,%d", first+1, count)
}

type diffStep struct{ sign, line string }

// steps is the shortest way from one list of lines to another by their longest common subsequence.
func steps(removed, added []string) []diffStep {
	common := make([][]int, len(removed)+1)
	for i := range common {
		common[i] = make([]int, len(added)+1)
	}
	for i, line := range slices.Backward(removed) {
		for j := len(added) - 1; j >= 0; j-- {
			if line == added[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var out []diffStep
	i, j := 0, 0
	for i < len(removed) || j < len(added) {
		switch {
		case i < len(removed) && j < len(added) && removed[i] == added[j]:
			out = append(out, diffStep{" ", removed[i]})
			i, j = i+1, j+1
		case j == len(added) || i < len(removed) && common[i+1][j] >= common[i][j+1]:
			out = append(out, diffStep{"-", removed[i]})
			i++
		default:
			out = append(out, diffStep{"+", added[j]})
			j++
		}
	}
	return out
}
