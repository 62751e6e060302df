package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"

	"github.com/ddb-cli/ddb/internal/ops"
)

// home is where the project lives.
const home = "https://github.com/ddb-cli/ddb"

// manifest is manifest.json of a bundle, version 0.3 (github.com/modelcontextprotocol/mcpb, MANIFEST.md).
type manifest struct {
	ManifestVersion string             `json:"manifest_version"`
	Name            string             `json:"name"`
	DisplayName     string             `json:"display_name"`
	Version         string             `json:"version"`
	Description     string             `json:"description"`
	LongDescription string             `json:"long_description"`
	Author          map[string]string  `json:"author"`
	Repository      map[string]string  `json:"repository"`
	Homepage        string             `json:"homepage"`
	Documentation   string             `json:"documentation"`
	License         string             `json:"license"`
	Keywords        []string           `json:"keywords"`
	Server          bundledServer      `json:"server"`
	Tools           []bundledTool      `json:"tools"`
	UserConfig      map[string]setting `json:"user_config"`
	Compatibility   compatibility      `json:"compatibility"`
}

type bundledServer struct {
	Type       string  `json:"type"`
	EntryPoint string  `json:"entry_point"`
	Config     command `json:"mcp_config"`
}

type command struct {
	Command string            `json:"command"`
	Args    []string          `json:"args"`
	Env     map[string]string `json:"env"`
}

type bundledTool struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

type setting struct {
	Type        string `json:"type"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Default     any    `json:"default"`
	Required    bool   `json:"required"`
}

type compatibility struct {
	Platforms []string `json:"platforms"`
}

func newManifest(p platform, version string) manifest {
	program := "server/" + p.program()
	m := manifest{
		ManifestVersion: "0.3", Name: "ddb", DisplayName: "DynamoDB", Version: version,
		Description:     summary,
		LongDescription: "Tables, items, queries, backups and a method of data modeling. Credentials are found as the AWS CLI finds them. Read-only unless you say otherwise.",
		Author:          map[string]string{"name": "The ddb authors", "url": home},
		Repository:      map[string]string{"type": "git", "url": home + ".git"},
		Homepage:        home, Documentation: home + "/blob/main/docs/mcp.md", License: "Apache-2.0",
		Keywords: []string{"dynamodb", "aws", "database", "nosql"},
		Server: bundledServer{"binary", program, command{
			Command: "${__dirname}/" + program, Args: []string{"serve-mcp"},
			Env: map[string]string{
				"AWS_PROFILE": "${user_config.profile}", "AWS_REGION": "${user_config.region}",
				"DDB_TABLES": "${user_config.tables}", "DDB_MCP_READONLY": "${user_config.read_only}",
			},
		}},
		// An empty variable counts as none, for the AWS SDK and for ddb.
		UserConfig: map[string]setting{
			"profile":   {"string", "AWS profile", "A profile of ~/.aws/config; empty for the default", "", false},
			"region":    {"string", "AWS region", "Such as eu-west-1; empty for the profile's own", "", false},
			"tables":    {"string", "Tables", "Only tables that match these patterns, such as dev-*,orders; empty for all", "", false},
			"read_only": {"boolean", "Read only", "Refuse everything that changes data or tables", true, false},
		},
		Compatibility: compatibility{[]string{map[string]string{"windows": "win32"}[p.os]}},
	}
	if p.os != "windows" {
		m.Compatibility.Platforms[0] = p.os
	}
	for _, o := range ops.All {
		if spec := o.Spec(); spec.Contract {
			m.Tools = append(m.Tools, bundledTool{spec.Tool, spec.Short})
		}
	}
	return m
}

// writeBundle writes a bundle and gives its SHA-256 in hexadecimal. Times are left out, so that equal sources give equal bytes.
func writeBundle(file string, p platform, version string, program []byte) (sum string, err error) {
	text, err := json.MarshalIndent(newManifest(p, version), "", "  ")
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, member := range []struct {
		name string
		mode fs.FileMode
		text []byte
	}{{"manifest.json", 0o644, text}, {"server/" + p.program(), 0o755, program}} {
		header := &zip.FileHeader{Name: member.name, Method: zip.Deflate}
		header.SetMode(member.mode)
		w, err := z.CreateHeader(header)
		if err != nil {
			return "", err
		}
		if _, err := w.Write(member.text); err != nil {
			return "", err
		}
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	hash := sha256.Sum256(b.Bytes())
	return hex.EncodeToString(hash[:]), os.WriteFile(file, b.Bytes(), 0o644)
}
