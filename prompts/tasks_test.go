package prompts

import (
	"strings"
	"testing"
)

func TestTasks(t *testing.T) {
	for _, task := range Tasks {
		text := task.Fill(map[string]string{"table": "Orders"})
		if !strings.HasPrefix(text, "# ") || strings.Contains(text, "{{") || len(text) > 6000 {
			t.Errorf("%s: %d bytes, begins %.40q, open: %v", task.Name, len(text), text, strings.Contains(text, "{{"))
		}
		if task.Arguments[0].Name == "table" && !strings.Contains(text, "Orders") {
			t.Errorf("%s does not name its table", task.Name)
		}
		for _, a := range task.Arguments {
			if !strings.Contains(taskText(task.Name), "{{"+a.Name+"}}") {
				t.Errorf("%s has no place for %s", task.Name, a.Name)
			}
		}
	}
	if !strings.Contains(LimitsText(), "400 KB") {
		t.Error("no limits")
	}
}
