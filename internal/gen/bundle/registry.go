package main

import (
	"encoding/json"
	"fmt"
)

// registrySchema is the schema of server.json that the registry takes.
const registrySchema = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"

// summary describes the server in at most 100 characters, which the registry allows.
const summary = "Amazon DynamoDB for assistants: tables, items, backups, data modeling, and a sandbox inside"

// registryEntry is server.json.
type registryEntry struct {
	Schema      string            `json:"$schema"`
	Name        string            `json:"name"`
	Title       string            `json:"title"`
	Description string            `json:"description"`
	Repository  map[string]string `json:"repository"`
	WebsiteURL  string            `json:"websiteUrl"`
	Version     string            `json:"version"`
	Packages    []registryPackage `json:"packages"`
}

type registryPackage struct {
	RegistryType string            `json:"registryType"`
	Identifier   string            `json:"identifier"`
	FileSHA256   string            `json:"fileSha256"`
	Transport    map[string]string `json:"transport"`
	Environment  []variable        `json:"environmentVariables"`
}

type variable struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	IsRequired  bool   `json:"isRequired"`
	IsSecret    bool   `json:"isSecret"`
}

// serverJSON is the entry of a release, with the bundles that belong to it.
func serverJSON(version string, sums map[platform]string) ([]byte, error) {
	e := registryEntry{
		Schema: registrySchema, Name: "io.github.ddb-cli/ddb", Title: "DynamoDB", Description: summary,
		Repository: map[string]string{"url": home, "source": "github"}, WebsiteURL: home, Version: version,
	}
	for _, p := range platforms {
		sum, ok := sums[p]
		if !ok {
			return nil, fmt.Errorf("there is no bundle for %s/%s", p.os, p.arch)
		}
		e.Packages = append(e.Packages, registryPackage{
			RegistryType: "mcpb", Identifier: home + "/releases/download/v" + version + "/" + p.bundle(version), FileSHA256: sum,
			Transport: map[string]string{"type": "stdio"},
			Environment: []variable{
				{Name: "AWS_PROFILE", Description: "AWS profile"},
				{Name: "AWS_REGION", Description: "AWS region"},
				{Name: "DDB_TABLES", Description: "Only tables that match these patterns"},
				{Name: "DDB_MCP_READONLY", Description: "true to refuse all changes"},
			},
		})
	}
	text, err := json.MarshalIndent(e, "", "  ")
	return append(text, '\n'), err
}
