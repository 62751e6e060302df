package main

import (
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/ops"
)

// What the tasks may take together. A change that costs an assistant more calls or more reading shows here.
const (
	maxCalls = 125
	maxBytes = 108_000
)

// TestTasks answers every question with the real program and looks at what is left behind.
func TestTasks(t *testing.T) {
	if testing.Short() {
		t.Skip("-short was asked for, and this builds the program and runs forty tasks with it")
	}
	tasks, err := readTasks("")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	binary, err := build(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	w, err := openWorld(t.Context(), binary, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.close)
	var total cost
	for i, task := range tasks {
		t.Run(task.question, func(t *testing.T) {
			spent, err := w.play(t.Context(), i, task)
			if err != nil {
				t.Error(err)
			}
			total.calls, total.bytes = total.calls+spent.calls, total.bytes+spent.bytes
		})
	}
	t.Logf("%d tasks, %d calls, %d bytes", len(tasks), total.calls, total.bytes)
	if total.calls > maxCalls || total.bytes > maxBytes {
		t.Errorf("%d calls and %d bytes; at most %d and %d are allowed", total.calls, total.bytes, maxCalls, maxBytes)
	}
}

// The tasks are forty, no two alike, reach every toolset, and each looks at the end state.
func TestTasksAreWhole(t *testing.T) {
	tasks, err := readTasks("")
	if err != nil {
		t.Fatal(err)
	}
	if len(tasks) != 40 {
		t.Errorf("%d tasks, 40 are wanted", len(tasks))
	}
	questions, toolsets := map[string]bool{}, map[string]bool{}
	for _, task := range tasks {
		if questions[task.question] {
			t.Errorf("%s: is there twice", task.question)
		}
		questions[task.question] = true
		calls, checks := 0, 0
		for _, s := range task.steps {
			switch s.verb {
			case "call", "until":
				calls++
				o, ok := ops.ByTool(s.name)
				if !ok {
					t.Errorf("%s: there is no tool %s", task.question, s.name)
					continue
				}
				toolsets[o.Spec().Toolset] = true
			case "check":
				checks++
				if len(s.clauses) == 0 {
					t.Errorf("%s: a check of nothing", task.question)
				}
			}
		}
		if calls == 0 || checks == 0 || task.steps[len(task.steps)-1].verb != "check" {
			t.Errorf("%s: %d calls and %d checks; a task calls tools, and ends with a look at what is left", task.question, calls, checks)
		}
	}
	for _, o := range ops.All {
		if !toolsets[o.Spec().Toolset] {
			t.Errorf("no task uses the toolset %s", o.Spec().Toolset)
			toolsets[o.Spec().Toolset] = true
		}
	}
}

// A clause that does not hold is told, so that no task passes by itself.
func TestClauses(t *testing.T) {
	a, err := readAnswer([]byte(`{"Items":[{"id":{"S":"a"}}],"Count":1,"Key":null,"Text":"a b"}`))
	if err != nil {
		t.Fatal(err)
	}
	saved := map[string]string{}
	for _, clauses := range []string{"Items.#=1", "Items.0.id.S=a", "Count=1", "Key!", "Nothing!", "Count?", "Text~b", "Text=a b", "save x=Items.0", `Items.0=${x}`} {
		if err := a.hold([]string{clauses}, saved); err != nil {
			t.Error(err)
		}
	}
	if saved["x"] != `{"id":{"S":"a"}}` {
		t.Errorf("saved %q", saved["x"])
	}
	for _, clause := range []string{"Items.#=2", "Items.1.id.S=a", "Count=2", "Key?", "Count!", "Text~c", "error=X", "save y=Nothing", "Count", "Items.0.id.N=a"} {
		if err := a.hold([]string{clause}, saved); err == nil {
			t.Errorf("%s holds", clause)
		}
	}
	if _, err := parseTasks("x", "call y {}"); err == nil || !strings.Contains(err.Error(), "question") {
		t.Errorf("a step without a question: %v", err)
	}
	if _, err := parseTasks("x", "= q\nshout y {}"); err == nil {
		t.Error("an unknown verb is taken")
	}
}
