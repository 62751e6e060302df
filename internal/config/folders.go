package config

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/ddb-cli/ddb/internal/op"
)

// Windows and Darwin are the names of systems whose programs keep settings in places of their own.
const (
	Windows = "windows"
	Darwin  = "darwin"
)

// Folders are where programs of the user keep their settings.
type Folders struct {
	// OS is the system, by Go's name for it.
	OS string
	// Home and Working are the user's folder and the one ddb was started in.
	Home, Working string
	// XDGConfig is ~/.config or what XDG_CONFIG_HOME names; AppData is Windows' folder of roaming settings.
	XDGConfig, AppData string
	// ClaudeConfig, CodexHome, CopilotHome and GeminiHome are set where the user moved these programs' folders; else "".
	ClaudeConfig, CodexHome, CopilotHome, GeminiHome string
	// ClaudePackage is where Windows keeps the roaming settings of Claude Desktop installed as a package (MSIX), which sees no other;
	// LMStudio is LM Studio's folder where it is not the usual one. Both else "".
	ClaudePackage, LMStudio string
}

// UserFolders finds the folders of this user, from the environment and the system. An error says that there is no home or no working
// directory.
func UserFolders() (Folders, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return Folders{}, &op.Error{Code: op.CodeConfig, Message: "your home folder is not known: " + err.Error(), Hint: "set HOME (USERPROFILE on Windows)", Cause: err}
	}
	working, err := os.Getwd()
	if err != nil {
		return Folders{}, &op.Error{Code: op.CodeConfig, Message: err.Error(), Cause: err}
	}
	f := Folders{
		OS: runtime.GOOS, Home: home, Working: working, XDGConfig: os.Getenv("XDG_CONFIG_HOME"), AppData: os.Getenv("APPDATA"),
		ClaudeConfig: os.Getenv("CLAUDE_CONFIG_DIR"), CodexHome: os.Getenv("CODEX_HOME"), CopilotHome: os.Getenv("COPILOT_HOME"),
		GeminiHome: os.Getenv("GEMINI_CLI_HOME"), LMStudio: lmStudio(home),
	}
	if f.XDGConfig == "" || !filepath.IsAbs(f.XDGConfig) { // a relative one is to be ignored, says the XDG specification
		f.XDGConfig = f.Join(home, ".config")
	}
	if f.AppData == "" {
		f.AppData = f.Join(home, "AppData", "Roaming")
	}
	if f.OS == Windows {
		local := os.Getenv("LOCALAPPDATA")
		if local == "" {
			local = f.Join(home, "AppData", "Local")
		}
		f.ClaudePackage = claudePackage(local)
	}
	return f, nil
}

// claudePackage looks for Claude Desktop among the packages of Windows. Of several that one counts which has settings.
func claudePackage(local string) string {
	found, _ := filepath.Glob(filepath.Join(local, "Packages", "Claude_*")) // a pattern that is known to be good
	best := ""
	for _, folder := range found {
		settings := filepath.Join(folder, "LocalCache", "Roaming")
		if isFolder(filepath.Join(settings, "Claude")) {
			return settings
		}
		if best == "" && isFolder(folder) {
			best = settings
		}
	}
	return best
}

// lmStudio is the folder that LM Studio's pointer names, or the one it used before ~/.lmstudio.
func lmStudio(home string) string {
	if text, err := os.ReadFile(filepath.Join(home, ".lmstudio-home-pointer")); err == nil {
		if folder := strings.TrimSpace(string(text)); filepath.IsAbs(folder) && isFolder(folder) {
			return folder
		}
	}
	if old := filepath.Join(home, ".cache", "lm-studio"); isFolder(old) && !isFolder(filepath.Join(home, ".lmstudio")) {
		return old
	}
	return ""
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// Settings is where desktop programs keep a folder of settings each.
func (f Folders) Settings() string {
	switch f.OS {
	case Windows:
		return f.AppData
	case Darwin:
		return f.Join(f.Home, "Library", "Application Support")
	}
	return f.XDGConfig
}

// Join joins names with the separator of f's system, which need not be this one.
func (f Folders) Join(names ...string) string {
	if f.OS == runtime.GOOS {
		return filepath.Join(names...)
	}
	separator := "/"
	if f.OS == Windows {
		separator = `\`
	}
	return strings.Join(names, separator)
}
