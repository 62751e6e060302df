package assistant

import (
	"strings"
	"testing"

	"github.com/ddb-cli/ddb/internal/config"
)

var (
	linux   = config.Folders{OS: "linux", Home: "/h/ada", Working: "/src/shop", XDGConfig: "/h/ada/.config", AppData: "/h/ada/AppData/Roaming"}
	mac     = config.Folders{OS: "darwin", Home: "/m/ada", Working: "/src/shop", XDGConfig: "/m/ada/.config"}
	windows = config.Folders{OS: "windows", Home: `C:\ada`, Working: `D:\shop`, XDGConfig: `C:\ada\.config`, AppData: `C:\ada\AppData\Roaming`}
)

func TestFiles(t *testing.T) {
	moved := linux
	moved.ClaudeConfig, moved.CodexHome, moved.CopilotHome, moved.XDGConfig = "/etc/claude", "/opt/codex", "/opt/copilot", "/h/ada/settings"
	moved.GeminiHome, moved.LMStudio = "/opt/gemini", "/h/ada/.cache/lm-studio"
	cases := []struct {
		client               string
		linux, mac, windows  string
		moved                string // on Linux with variables set
		project, projectOnPC string // "" where the client has none
	}{
		{
			"amazon-q", "/h/ada/.aws/amazonq/mcp.json", "/m/ada/.aws/amazonq/mcp.json", `C:\ada\.aws\amazonq\mcp.json`,
			"/h/ada/.aws/amazonq/mcp.json", "/src/shop/.amazonq/mcp.json", `D:\shop\.amazonq\mcp.json`,
		},
		{"claude-code", "/h/ada/.claude.json", "/m/ada/.claude.json", `C:\ada\.claude.json`, "/etc/claude/.claude.json", "/src/shop/.mcp.json", `D:\shop\.mcp.json`},
		{
			"claude-desktop", "/h/ada/.config/Claude/claude_desktop_config.json", "/m/ada/Library/Application Support/Claude/claude_desktop_config.json",
			`C:\ada\AppData\Roaming\Claude\claude_desktop_config.json`, "/h/ada/settings/Claude/claude_desktop_config.json", "", "",
		},
		{
			"cline", "/h/ada/.config/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
			"/m/ada/Library/Application Support/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
			`C:\ada\AppData\Roaming\Code\User\globalStorage\saoudrizwan.claude-dev\settings\cline_mcp_settings.json`,
			"/h/ada/settings/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json", "", "",
		},
		{"codex", "/h/ada/.codex/config.toml", "/m/ada/.codex/config.toml", `C:\ada\.codex\config.toml`, "/opt/codex/config.toml", "/src/shop/.codex/config.toml", `D:\shop\.codex\config.toml`},
		{"copilot-cli", "/h/ada/.copilot/mcp-config.json", "/m/ada/.copilot/mcp-config.json", `C:\ada\.copilot\mcp-config.json`, "/opt/copilot/mcp-config.json", "/src/shop/.github/mcp.json", `D:\shop\.github\mcp.json`},
		{"cursor", "/h/ada/.cursor/mcp.json", "/m/ada/.cursor/mcp.json", `C:\ada\.cursor\mcp.json`, "/h/ada/.cursor/mcp.json", "/src/shop/.cursor/mcp.json", `D:\shop\.cursor\mcp.json`},
		{"gemini-cli", "/h/ada/.gemini/settings.json", "/m/ada/.gemini/settings.json", `C:\ada\.gemini\settings.json`, "/opt/gemini/.gemini/settings.json", "/src/shop/.gemini/settings.json", `D:\shop\.gemini\settings.json`},
		{"kiro", "/h/ada/.kiro/settings/mcp.json", "/m/ada/.kiro/settings/mcp.json", `C:\ada\.kiro\settings\mcp.json`, "/h/ada/.kiro/settings/mcp.json", "/src/shop/.kiro/settings/mcp.json", `D:\shop\.kiro\settings\mcp.json`},
		{"lm-studio", "/h/ada/.lmstudio/mcp.json", "/m/ada/.lmstudio/mcp.json", `C:\ada\.lmstudio\mcp.json`, "/h/ada/.cache/lm-studio/mcp.json", "", ""},
		{
			"roo-code", "/h/ada/.config/Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json",
			"/m/ada/Library/Application Support/Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json",
			`C:\ada\AppData\Roaming\Code\User\globalStorage\rooveterinaryinc.roo-cline\settings\mcp_settings.json`,
			"/h/ada/settings/Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json", "/src/shop/.roo/mcp.json", `D:\shop\.roo\mcp.json`,
		},
		{
			"vscode", "/h/ada/.config/Code/User/mcp.json", "/m/ada/Library/Application Support/Code/User/mcp.json", `C:\ada\AppData\Roaming\Code\User\mcp.json`,
			"/h/ada/settings/Code/User/mcp.json", "/src/shop/.vscode/mcp.json", `D:\shop\.vscode\mcp.json`,
		},
		{
			"windsurf", "/h/ada/.codeium/windsurf/mcp_config.json", "/m/ada/.codeium/windsurf/mcp_config.json", `C:\ada\.codeium\windsurf\mcp_config.json`,
			"/h/ada/.codeium/windsurf/mcp_config.json", "", "",
		},
		{
			"zed", "/h/ada/.config/zed/settings.json", "/m/ada/.config/zed/settings.json", `C:\ada\AppData\Roaming\Zed\settings.json`,
			"/h/ada/settings/zed/settings.json", "/src/shop/.zed/settings.json", `D:\shop\.zed\settings.json`,
		},
	}
	packaged := windows
	packaged.ClaudePackage = `C:\ada\AppData\Local\Packages\Claude_x\LocalCache\Roaming`
	desktop, err := ByName("claude-desktop")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := desktop.File(packaged, User); err != nil || got != packaged.ClaudePackage+`\Claude\claude_desktop_config.json` {
		t.Errorf("Claude Desktop as a package: %s, %v", got, err)
	}
	tested := map[string]bool{}
	for _, c := range cases {
		tested[c.client] = true
		client, err := ByName(c.client)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []struct {
			folders config.Folders
			scope   Scope
			want    string
		}{
			{linux, User, c.linux},
			{mac, User, c.mac},
			{windows, User, c.windows},
			{moved, User, c.moved},
			{linux, Project, c.project},
			{windows, Project, c.projectOnPC},
		} {
			got, err := client.File(p.folders, p.scope)
			if p.want == "" {
				if err == nil || !strings.Contains(err.Error(), "keeps no servers in a project") {
					t.Errorf("%s: project: %q, %v; want a refusal", c.client, got, err)
				}
				continue
			}
			if err != nil || got != p.want {
				t.Errorf("%s on %s for %s: %q, %v; want %q", c.client, p.folders.OS, p.scope, got, err, p.want)
			}
		}
	}
	for _, name := range Names() {
		if !tested[name] {
			t.Errorf("the places of %s are not tested", name)
		}
	}
	if _, err := ByName("emacs"); err == nil || !strings.Contains(err.Error(), "not known") {
		t.Errorf("an unknown assistant: %v", err)
	}
}
