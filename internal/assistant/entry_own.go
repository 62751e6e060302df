package assistant

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

func members(entry any) map[string]any {
	m, _ := entry.(map[string]any)
	return m
}

// commandLine is what an entry starts: Zed's older form has an object with path and args.
func commandLine(entry any) []string {
	m := members(entry)
	command := m["command"]
	if older := members(command); older != nil {
		m, command = older, older["path"]
	}
	var words []string
	if s, ok := command.(string); ok {
		words = append(words, s)
	}
	list, _ := m["args"].([]any)
	for _, a := range list {
		words = append(words, fmt.Sprint(a))
	}
	return words
}

// isOurs says whether an entry starts serve-mcp: by a program whose name begins with ddb, whatever starts that (a shell, a container), or by one
// of any name where the entry is named after DynamoDB. The program may well be called ddb-1.2 or have a name of its user's choice.
func isOurs(name string, entry any) bool {
	words := strings.Fields(strings.Join(commandLine(entry), " "))
	at := slices.Index(words, "serve-mcp")
	if at < 1 {
		return false
	}
	if name = strings.ToLower(name); strings.Contains(name, "dynamodb") || strings.Contains(name, "ddb") {
		return true
	}
	return slices.ContainsFunc(words[:at], func(word string) bool {
		return strings.HasPrefix(strings.ToLower(path.Base(strings.ReplaceAll(word, `\`, "/"))), "ddb")
	})
}

func startsAwslabs(entry any) bool {
	return slices.ContainsFunc(commandLine(entry), func(word string) bool {
		return strings.Contains(word, "awslabs.dynamodb-mcp-server") || strings.Contains(word, "awslabs/dynamodb-mcp-server")
	})
}

// containerEnvironment is what stands elsewhere than in env and belongs there: what `docker run` was told to set, and the
// variables of Zed's older form.
func containerEnvironment(entry any) (map[string]string, error) {
	words := commandLine(entry)
	env := map[string]string{}
	for name, value := range members(members(members(entry)["command"])["env"]) {
		env[name] = fmt.Sprint(value)
	}
	for i := 0; i < len(words); i++ {
		flag, value, joined := strings.Cut(words[i], "=")
		if strings.HasPrefix(words[i], "--env-file") {
			return nil, errors.New("its variables are in a file (--env-file)")
		}
		if flag != "--env" && words[i] != "-e" {
			continue
		}
		if !joined || flag == "-e" {
			if i++; i >= len(words) {
				break
			}
			value = words[i]
		}
		if name, text, ok := strings.Cut(value, "="); ok {
			env[name] = text
		}
	}
	return env, nil
}
