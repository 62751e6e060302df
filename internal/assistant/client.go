package assistant

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/op"
)

// Scope says for whom an entry is, and so which of a client's two files has it.
type Scope string

// The scopes. Not every client has a file in a project.
const (
	User    Scope = "user"    // for the user, wherever they work
	Project Scope = "project" // for everyone who works in this folder
)

// Client is an assistant that starts MCP servers by a file of its own, in JSON with comments or in TOML. See Clients.
type Client struct {
	// Name is what the command line calls it; Title its own name.
	Name, Title string
	// servers is the way to the object that holds the entries, from the top of the file.
	servers []string
	toml    bool
	// extra are members a new entry has beside command and args.
	extra []field
	// project is its file in a project; "" where it has none.
	project string
	user    func(config.Folders) string
	// After says what to do for the entry to count.
	After string
}

// Clients are the assistants known, by name. The places are those their own documentation names.
var Clients = []Client{
	{
		Name: "amazon-q", Title: "Amazon Q Developer", servers: mcpServers, project: ".amazonq/mcp.json", After: "start a new session (the file counts unless useLegacyMcpJson is false in Amazon Q's default.json)",
		user: func(f config.Folders) string { return f.Join(f.Home, ".aws", "amazonq", "mcp.json") },
	},
	{
		Name: "claude-code", Title: "Claude Code", servers: mcpServers, extra: stdio, project: ".mcp.json", After: "start a new session",
		user: func(f config.Folders) string {
			if f.ClaudeConfig != "" {
				return f.Join(f.ClaudeConfig, ".claude.json")
			}
			return f.Join(f.Home, ".claude.json")
		},
	},
	{
		Name: "claude-desktop", Title: "Claude Desktop", servers: mcpServers, After: "quit it and start it again",
		user: func(f config.Folders) string {
			if f.ClaudePackage != "" {
				return f.Join(f.ClaudePackage, "Claude", "claude_desktop_config.json")
			}
			return f.Join(f.Settings(), "Claude", "claude_desktop_config.json")
		},
	},
	{
		Name: "cline", Title: "Cline", servers: mcpServers, After: "it sees the change by itself",
		user: func(f config.Folders) string {
			return f.Join(f.Settings(), "Code", "User", "globalStorage", "saoudrizwan.claude-dev", "settings", "cline_mcp_settings.json")
		},
	},
	{
		Name: "codex", Title: "Codex", servers: []string{"mcp_servers"}, toml: true, project: ".codex/config.toml", After: "start a new session (a project's file counts where Codex trusts the project)",
		user: func(f config.Folders) string {
			if f.CodexHome != "" {
				return f.Join(f.CodexHome, "config.toml")
			}
			return f.Join(f.Home, ".codex", "config.toml")
		},
	},
	{
		Name: "copilot-cli", Title: "GitHub Copilot CLI", servers: mcpServers, project: ".github/mcp.json", After: "start a new session",
		extra: []field{{"type", "local"}, {"tools", []string{"*"}}},
		user: func(f config.Folders) string {
			if f.CopilotHome != "" {
				return f.Join(f.CopilotHome, "mcp-config.json")
			}
			return f.Join(f.Home, ".copilot", "mcp-config.json")
		},
	},
	{
		Name: "cursor", Title: "Cursor", servers: mcpServers, project: ".cursor/mcp.json", After: "turn the server on in Cursor's settings, Tools and MCP",
		user: func(f config.Folders) string { return f.Join(f.Home, ".cursor", "mcp.json") },
	},
	{
		Name: "gemini-cli", Title: "Gemini CLI", servers: mcpServers, project: ".gemini/settings.json", After: "start a new session",
		user: func(f config.Folders) string { return f.Join(cmp.Or(f.GeminiHome, f.Home), ".gemini", "settings.json") },
	},
	{
		Name: "kiro", Title: "Kiro", servers: mcpServers, project: ".kiro/settings/mcp.json", After: "it sees the change by itself",
		user: func(f config.Folders) string { return f.Join(f.Home, ".kiro", "settings", "mcp.json") },
	},
	{
		Name: "lm-studio", Title: "LM Studio", servers: mcpServers, After: "it sees the change by itself",
		user: func(f config.Folders) string {
			if f.LMStudio != "" {
				return f.Join(f.LMStudio, "mcp.json")
			}
			return f.Join(f.Home, ".lmstudio", "mcp.json")
		},
	},
	{
		Name: "roo-code", Title: "Roo Code", servers: mcpServers, project: ".roo/mcp.json", After: "it sees the change by itself",
		user: func(f config.Folders) string {
			return f.Join(f.Settings(), "Code", "User", "globalStorage", "rooveterinaryinc.roo-cline", "settings", "mcp_settings.json")
		},
	},
	{
		Name: "vscode", Title: "Visual Studio Code", servers: []string{"servers"}, extra: stdio, project: ".vscode/mcp.json",
		After: "start the server from the file, or with MCP: List Servers",
		user:  func(f config.Folders) string { return f.Join(f.Settings(), "Code", "User", "mcp.json") },
	},
	{
		Name: "windsurf", Title: "Windsurf", servers: mcpServers, After: "refresh the servers in Cascade",
		user: func(f config.Folders) string { return f.Join(f.Home, ".codeium", "windsurf", "mcp_config.json") },
	},
	{
		Name: "zed", Title: "Zed", servers: []string{"context_servers"}, project: ".zed/settings.json", After: "it sees the change by itself",
		user: func(f config.Folders) string {
			if f.OS == config.Windows {
				return f.Join(f.AppData, "Zed", "settings.json")
			}
			return f.Join(f.XDGConfig, "zed", "settings.json") // on macOS too
		},
	},
}

var (
	mcpServers = []string{"mcpServers"}
	stdio      = []field{{"type", "stdio"}}
)

// Names lists the Name of every client, in order.
func Names() []string {
	names := make([]string, len(Clients))
	for i, c := range Clients {
		names[i] = c.Name
	}
	return names
}

// ByName finds a client.
func ByName(name string) (Client, error) {
	i := slices.IndexFunc(Clients, func(c Client) bool { return c.Name == name })
	if i < 0 {
		meant := ""
		for _, known := range Names() {
			if name != "" && strings.HasPrefix(known, strings.ToLower(name)) {
				meant += ", " + known
			}
		}
		if meant != "" {
			meant = "did you mean " + strings.ReplaceAll(strings.TrimPrefix(meant, ", "), ", ", " or ") + "? "
		}
		return Client{}, op.Invalid("the assistant \""+name+"\" is not known", meant+"known are "+strings.Join(Names(), ", ")+
			`; for another one, put {"command": "ddb", "args": ["serve-mcp"]} where it keeps its servers`)
	}
	return Clients[i], nil
}

// File is where the client keeps the servers of a scope.
func (c Client) File(f config.Folders, scope Scope) (string, error) {
	switch scope {
	case User:
		return c.user(f), nil
	case Project:
		if c.project == "" {
			return "", op.Invalid(c.Title+" keeps no servers in a project", "leave out --scope project")
		}
		return f.Join(append([]string{f.Working}, strings.Split(c.project, "/")...)...), nil
	}
	return "", op.Invalid("the scope \""+string(scope)+"\" is not known", "it is user or project")
}
