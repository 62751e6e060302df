package tablefile

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// samePolicy reports whether two policies say the same. The service reads a policy back in a form of its own: lists of one as text, accounts as the
// ARN of their root, and a version where none was given; a file that is written otherwise would differ from its own table for ever.
func samePolicy(a, b string) bool {
	if a == b {
		return true
	}
	x, okA := policyForm(a)
	y, okB := policyForm(b)
	return okA && okB && reflect.DeepEqual(x, y)
}

// policyForm is a policy with every list spelled out and sorted; false is for what is none, such as Off.
func policyForm(text string) (map[string]any, bool) {
	var doc map[string]any
	if json.Unmarshal([]byte(text), &doc) != nil {
		return nil, false
	}
	if doc["Version"] == nil {
		doc["Version"] = "2008-10-17"
	}
	if one, ok := doc["Statement"].(map[string]any); ok {
		doc["Statement"] = []any{one}
	}
	statements, _ := doc["Statement"].([]any)
	for _, s := range statements {
		if statement, ok := s.(map[string]any); ok {
			statementForm(statement)
		}
	}
	return doc, true
}

func statementForm(statement map[string]any) {
	for _, member := range []string{"Action", "NotAction", "Resource", "NotResource"} {
		if v, ok := statement[member]; ok {
			statement[member] = sortedTexts(v)
		}
	}
	for _, member := range []string{"Principal", "NotPrincipal"} {
		if kinds, ok := statement[member].(map[string]any); ok {
			for kind, names := range kinds {
				kinds[kind] = sortedTexts(names)
			}
		}
	}
	if effect, ok := statement["Effect"].(string); ok {
		statement["Effect"] = strings.ToLower(effect)
	}
	if operators, ok := statement["Condition"].(map[string]any); ok {
		for _, keys := range operators {
			if keys, ok := keys.(map[string]any); ok {
				for key, values := range keys {
					keys[key] = sortedTexts(values)
				}
			}
		}
	}
}

// root is the ARN of an account itself, which is another way to write its id.
var root = regexp.MustCompile(`^arn:aws[a-z-]*:iam::(\d{12}):root$`)

// sortedTexts is a text, or a list of texts in any order, as a sorted list without repetitions; anything else stays.
func sortedTexts(v any) any {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	texts := make([]string, 0, len(list))
	for _, item := range list {
		text, ok := item.(string)
		if !ok {
			return v
		}
		if account := root.FindStringSubmatch(text); account != nil {
			text = account[1]
		}
		texts = append(texts, text)
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}
