// Package nearest finds the name that was perhaps meant: of a table, a flag, a tool, a setting in a file. It is a leaf, so that each
// front end and file format that suggests something asks the same question.
package nearest

import "strings"

// Name gives the candidate a misspelt name was perhaps meant to be: the same but for case, or with one letter different, and in
// names of four letters and more a third of them and one. It gives "" where none is near.
func Name(name string, candidates []string) string {
	most := 1
	if len(name) >= 4 {
		most = len(name)/3 + 1
	}
	return Within(name, candidates, most)
}

// Within is Name for a slip of the finger only: of most letters, inserted, left out, replaced or swapped.
func Within(name string, candidates []string, most int) string {
	best, least := "", most+1
	for _, c := range candidates {
		d := distance(strings.ToLower(name), strings.ToLower(c))
		if d < least {
			best, least = c, d
		}
	}
	return best
}

// distance counts the letters to insert, delete or replace, and neighbours to swap, to make b of a.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, row := make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(x); i++ {
		next := make([]int, len(y)+1)
		next[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row = row, next
	}
	return row[len(y)]
}
