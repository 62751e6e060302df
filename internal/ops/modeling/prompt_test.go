package modeling

import (
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/prompts"
)

func TestPrompt(t *testing.T) {
	// No clients: the prompt must come without a service.
	out, err := Prompt.Call(t.Context(), &op.Env{Gate: op.Gate{ReadOnly: true}}, &PromptInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, phrase := range []string{"DynamoDB Data Modeling Expert System Prompt", "Multi-Table First", "Denormalization", "Sparse GSI"} {
		if !strings.Contains(out.Text, phrase) {
			t.Errorf("%q is not in the prompt", phrase)
		}
	}
	section := prompts.Sections()[1]
	out, err = Prompt.Call(t.Context(), &op.Env{}, &PromptInput{Section: section.Name})
	if err != nil || out.Text != section.Text {
		t.Errorf("section %s: %v", section.Name, err)
	}
	if _, err := Prompt.Call(t.Context(), &op.Env{}, &PromptInput{Section: "nonsense"}); err == nil || !strings.Contains(err.Error(), section.Name) {
		t.Errorf("an unknown section: %v", err)
	}
}
