package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// task is a question and how it is answered. Its file is named after a toolset; a task begins with "= QUESTION", and each
// line below is a step:
//
//	table NAME pk:S[,sk:N] [stream]   makes a table before the question is asked
//	put TABLE {"plain": "item"}…      puts items there; a step goes on in lines that begin with a blank
//	file BUCKET/KEY TEXT              puts an object into the directory that stands for S3
//	sdk ACTION {…}                    any other call of the SDK
//	call TOOL {…} ;; CLAUSE…          what the assistant does
//	until TOOL {…} ;; CLAUSE…         the same, repeated until the clauses hold
//	check ACTION {…} ;; CLAUSE…       what must be so in the end, read through the SDK
//
// A clause is PATH=JSON, PATH~TEXT (contains), PATH? (is there), PATH! (is not), error=CODE, or save NAME=PATH, whose value
// later steps write ${NAME}. A path is names and positions with dots; # is a length.
type task struct {
	toolset, question string
	steps             []step
}

type step struct {
	verb, name, body string
	clauses          []string
	line             int
}

//go:embed tasks
var files embed.FS

// verbs that take a name and a body.
var verbs = map[string]bool{"table": true, "put": true, "file": true, "sdk": true, "call": true, "until": true, "check": true}

func readTasks(word string) ([]task, error) {
	names, err := fs.Glob(files, "tasks/*.txt")
	if err != nil {
		return nil, err
	}
	var all []task
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		list, err := parseTasks(strings.TrimSuffix(path.Base(name), ".txt"), string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, t := range list {
			if strings.Contains(strings.ToLower(t.toolset+" "+t.question), strings.ToLower(word)) {
				all = append(all, t)
			}
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no task has the word %q", word)
	}
	return all, nil
}

func parseTasks(toolset, text string) ([]task, error) {
	var list []task
	for i, line := range strings.Split(text, "\n") {
		switch {
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "= "):
			list = append(list, task{toolset: toolset, question: line[2:]})
		case len(list) == 0:
			return nil, errors.New("a file begins with a question: = …")
		case line[0] == ' ':
			steps := list[len(list)-1].steps
			if len(steps) == 0 {
				return nil, fmt.Errorf("line %d goes on where nothing began", i+1)
			}
			last := &steps[len(steps)-1]
			body, clauses, _ := strings.Cut(line, ";;")
			if len(last.clauses) == 0 {
				last.body += " " + strings.TrimSpace(body)
			} else {
				clauses = line
			}
			last.clauses = append(last.clauses, split(clauses)...)
		default:
			verb, rest, _ := strings.Cut(line, " ")
			name, rest, _ := strings.Cut(rest, " ")
			if !verbs[verb] || name == "" {
				return nil, fmt.Errorf("line %d: %q is no step", i+1, line)
			}
			body, clauses, _ := strings.Cut(rest, ";;")
			t := &list[len(list)-1]
			t.steps = append(t.steps, step{verb, name, strings.TrimSpace(body), split(clauses), i + 1})
		}
	}
	return list, nil
}

func split(clauses string) []string {
	var list []string
	for c := range strings.SplitSeq(clauses, ";;") {
		if c = strings.TrimSpace(c); c != "" {
			list = append(list, c)
		}
	}
	return list
}
