package prompts

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed tasks/*.md
var taskFiles embed.FS

// A Task is a prompt for one piece of work. Its text names arguments as {{table}}.
type Task struct {
	Name, Title string
	// Arguments are the names of what the text leaves open, in order, with what to say of each.
	Arguments []Argument
}

// An Argument is what a task's text leaves open. Open is what stands there when nobody fills it in.
type Argument struct{ Name, Description, Open string }

var tableArgument = Argument{"table", "name of the table", "the table in question (ask which, or list them)"}

// Tasks are the prompts for pieces of work, in the order they are shown.
var Tasks = []Task{
	{"review_model", "Review the data model of a table", []Argument{tableArgument}},
	{"migrate_from_sql", "Plan the move of a relational schema to DynamoDB", []Argument{{"schema", "CREATE TABLE statements and queries", "the schema and the queries (ask for both)"}}},
	{"explain_throttling", "Find out why requests are throttled", []Argument{tableArgument, {"index", "name of an index", "none named"}}},
	{"reduce_cost", "Find out where a table's money goes", []Argument{tableArgument, {"attribute", "a time after which an item is not needed", "none named"}}},
}

// LimitsText are the limits of DynamoDB that a design meets.
func LimitsText() string { return taskText("limits") }

func taskText(name string) string {
	text, err := taskFiles.ReadFile("tasks/" + name + ".md")
	if err != nil {
		return "" // a test reads each
	}
	return string(text)
}

// Fill is a task's text with arguments put in; one that is not given is left open in words.
func (t Task) Fill(arguments map[string]string) string {
	var pairs []string
	for _, a := range t.Arguments {
		value := strings.TrimSpace(arguments[a.Name])
		if value == "" {
			value = a.Open
		}
		pairs = append(pairs, "{{"+a.Name+"}}", value)
	}
	return strings.NewReplacer(pairs...).Replace(taskText(t.Name))
}

// Guide is the text on a topic: a task, "limits", or a section of the modeling prompt. An unknown topic is an error that
// lists the valid ones.
func Guide(topic string) (string, error) {
	names := make([]string, 0, len(Tasks)+1+len(sections))
	for _, t := range Tasks {
		if t.Name == topic {
			return t.Fill(nil), nil
		}
		names = append(names, t.Name)
	}
	if topic == "limits" {
		return LimitsText(), nil
	}
	names = append(names, "limits")
	for _, s := range sections {
		if s.Name == topic {
			return s.Text, nil
		}
		names = append(names, s.Name)
	}
	return "", fmt.Errorf("unknown topic %q; choose one of: %s", topic, strings.Join(names, ", "))
}
