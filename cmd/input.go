package cmd

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/ddb-cli/ddb/internal/attr"
	"github.com/ddb-cli/ddb/internal/textin"
	"github.com/ddb-cli/ddb/internal/wire"
)

// source is a text given on the command line, by "-" from standard input, or by "@name" from a file.
func (a *app) source(text string) ([]byte, error) {
	switch {
	case text == "-":
		raw, err := io.ReadAll(a.io.In)
		if err != nil {
			return nil, fmt.Errorf("read standard input: %w", err)
		}
		return textin.Bytes(raw), nil
	case strings.HasPrefix(text, "@"):
		raw, err := os.ReadFile(text[1:])
		if err != nil {
			return nil, usage(err.Error(), "@name reads a file")
		}
		return textin.Bytes(raw), nil
	}
	return []byte(text), nil
}

// parseItem reads an item in plain JSON, or in DynamoDB JSON under --typed.
func (a *app) parseItem(text string) (attr.Item, error) {
	raw, err := a.source(text)
	if err != nil {
		return nil, err
	}
	return a.decodeItem(raw)
}

func (a *app) decodeItem(raw []byte) (attr.Item, error) {
	if !a.flags.typed {
		return attr.ParsePlainItem(raw)
	}
	item, err := attr.ParseItem(raw)
	if err != nil {
		return nil, usage(err.Error(), `--typed reads DynamoDB JSON: {"id": {"S": "a"}}`)
	}
	return item, nil
}

// parseValues reads a JSON list of attribute values, such as a vector: [0.1, 0.5].
func (a *app) parseValues(text string) ([]types.AttributeValue, error) {
	raw, err := a.source(text)
	if err != nil {
		return nil, err
	}
	var parts []json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil {
		return nil, usage("expected a JSON list: "+err.Error(), "write it as [0.1, 0.5, -0.3]")
	}
	values := make([]types.AttributeValue, len(parts))
	for i, part := range parts {
		parse := attr.ParsePlainValue
		if a.flags.typed {
			parse = attr.ParseValue
		}
		v, err := parse(part)
		if err != nil {
			return nil, fmt.Errorf("value %d: %w", i+1, err)
		}
		values[i] = wire.ValueToSDK(v)
	}
	return values, nil
}

// parseNames reads expression attribute names: {"#n": "name"} or #n=name,#m=other.
func (a *app) parseNames(text string) (map[string]string, error) {
	raw, err := a.source(text)
	if err != nil {
		return nil, err
	}
	names := make(map[string]string)
	trimmed := strings.TrimSpace(string(raw))
	if strings.HasPrefix(trimmed, "{") {
		item, err := attr.ParsePlainItem([]byte(trimmed))
		if err != nil {
			return nil, err
		}
		for _, n := range item {
			if n.Value.Kind != attr.S {
				return nil, usage(fmt.Sprintf("the name %s stands for is no text", n.Name), `write {"#n": "name"} or #n=name`)
			}
			names[n.Name] = n.Value.Str
		}
		return names, nil
	}
	for pair := range strings.SplitSeq(trimmed, ",") {
		holder, name, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, usage(fmt.Sprintf("expected #placeholder=name, found %q", pair), `write {"#n": "name"} or #n=name`)
		}
		names[strings.TrimSpace(holder)] = strings.TrimSpace(name)
	}
	return names, nil
}

// defaultTable is the table that "." stands for.
func (a *app) defaultTable() (string, error) {
	cfg, err := a.config()
	if err != nil {
		return "", err
	}
	if cfg.Table == "" {
		return "", usage("TABLE is missing, and there is no default table", "name it, or set one: ddb config set table NAME")
	}
	return cfg.Table, nil
}

// table resolves the first position.
func (a *app) table(text string) (string, error) {
	if text == "." {
		return a.defaultTable()
	}
	if !tableName.MatchString(text) && !strings.HasPrefix(text, "arn:") {
		hint := "TABLE is the first position: letters, digits, _ . and -"
		if cfg, err := a.config(); err == nil && cfg.Table != "" {
			hint = "TABLE is the first position; the default table " + cfg.Table + " is written as a dot"
		}
		return "", usage(fmt.Sprintf("%q is no name of a table", text), hint)
	}
	return text, nil
}

// tableName is what a table may be called (API reference, CreateTable); its length is left to the service.
var tableName = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

// parseTime reads a time as moment does, or as Unix seconds. What has no zone is local time.
func parseTime(text string, now time.Time) (time.Time, error) {
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil && seconds > 1e8 {
		return time.Unix(seconds, 0).UTC(), nil
	}
	at, err := moment(text, now)
	return at.UTC(), err
}
