package config

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/go-viper/mapstructure/v2"
	"github.com/spf13/viper"

	"github.com/ddb-cli/ddb/internal/op"
)

// Token is an entry of a file of tokens: a bearer token, given as it is or by its SHA-256, and what it lets its bearer do.
type Token struct {
	Name         string   `mapstructure:"name"`
	Token        string   `mapstructure:"token"`
	SHA256       string   `mapstructure:"sha256"`
	ReadOnly     bool     `mapstructure:"read_only"`
	Tables       []string `mapstructure:"tables"`
	Effects      []string `mapstructure:"effects"`
	Regions      []string `mapstructure:"regions"`
	Toolsets     []string `mapstructure:"toolsets"`
	Tools        []string `mapstructure:"tools"`
	ExcludeTools []string `mapstructure:"exclude_tools"`
	Rate         float64  `mapstructure:"rate"`
	Expires      string   `mapstructure:"expires"`
}

// minToken is the shortest token taken: 20 characters of a random text are more than can be guessed.
const minToken = 20

// ReadTokens reads a file of tokens: a YAML or JSON document with a list of entries at tokens, or one token and nothing
// else. A file that everybody may read is refused where it holds tokens as they are.
func ReadTokens(path string) ([]Token, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, &op.Error{Code: op.CodeConfig, Message: "the file of tokens cannot be read: " + err.Error(), Cause: err}
	}
	tokens, err := parseTokens(path, text)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(tokens, func(t Token) bool { return t.Token != "" }) {
		if err := keptSecret(path); err != nil {
			return nil, err
		}
	}
	return checkTokens(path, tokens)
}

func parseTokens(path string, text []byte) ([]Token, error) {
	if one := strings.TrimSpace(string(text)); one != "" && !strings.ContainsAny(one, " \t\r\n:{") {
		return []Token{{Name: "default", Token: one}}, nil
	}
	v := viper.New()
	v.SetConfigType("yaml")
	if err := v.ReadConfig(bytes.NewReader(text)); err != nil {
		// The parser quotes what it could not read, which may be a token.
		return nil, fault(path, "it is not YAML, and not one token by itself", "see docs/mcp.md, Tokens")
	}
	var file struct {
		Tokens []Token `mapstructure:"tokens"`
	}
	if err := v.UnmarshalExact(&file, func(c *mapstructure.DecoderConfig) {
		c.WeaklyTypedInput = true
		c.DecodeHook = mapstructure.ComposeDecodeHookFunc(timeAsText, mapstructure.StringToSliceHookFunc(","))
	}); err != nil {
		return nil, fault(path, "an entry has a member that is not known, or of another kind",
			"they are name, token or sha256, read_only, tables, effects, regions, toolsets, tools, exclude_tools, rate, expires")
	}
	return file.Tokens, noEmptyMember(path, v.Get("tokens"))
}

// noEmptyMember refuses a member without a value, such as tables: from a template whose variable is not set. Taken for
// not given, it would let its bearer do more than was meant.
func noEmptyMember(path string, tokens any) error {
	list, _ := tokens.([]any)
	for _, entry := range list {
		members, _ := entry.(map[string]any)
		for name, value := range members {
			if items, isList := value.([]any); value == nil || value == "" || isList && len(items) == 0 {
				return fault(path, name+" of a token has no value", "leave it out to set no limit")
			}
		}
	}
	return nil
}

// timeAsText undoes what YAML makes of a day.
func timeAsText(_, to reflect.Type, data any) (any, error) {
	if t, ok := data.(time.Time); ok && to.Kind() == reflect.String {
		return t.UTC().Format(time.RFC3339), nil
	}
	return data, nil
}

func keptSecret(path string) error {
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS == "windows" || !info.Mode().IsRegular() || info.Mode().Perm()&0o004 == 0 {
		return nil //nolint:nilerr // it was read a moment ago; what happens to it now is no matter
	}
	return fault(path, fmt.Sprintf("everybody may read it (mode %04o), and it holds tokens as they are", info.Mode().Perm()),
		"chmod 600 "+path+", or write sha256: with the SHA-256 of a token in the place of token:")
}

func checkTokens(path string, tokens []Token) ([]Token, error) {
	if len(tokens) == 0 {
		return nil, fault(path, "it has no tokens", "write a list of entries under tokens:")
	}
	names, digests := map[string]bool{}, map[[sha256.Size]byte]bool{}
	for i, t := range tokens {
		who := fmt.Sprintf("token %d", i+1)
		if t.Name != "" {
			who = "the token " + quote(t.Name)
		}
		digest, err := t.Digest()
		switch {
		case t.Name == "":
			return nil, fault(path, who+" has no name", "a name stands for it in the log")
		case names[t.Name]:
			return nil, fault(path, who+" is there twice", "give each its own name")
		case err != nil:
			return nil, fault(path, who+": "+err.Error(), "make one with: openssl rand -hex 32")
		case digests[digest]:
			return nil, fault(path, who+" is the same as one before it", "make another with: openssl rand -hex 32")
		case t.Rate < 0:
			return nil, fault(path, who+" has a rate of less than nothing", "rate is how many requests a second are taken")
		}
		if _, err := t.End(); err != nil {
			return nil, fault(path, who+": expires "+quote(t.Expires)+" is no time", "write 2027-01-31 or 2027-01-31T12:00:00Z")
		}
		gate := t.Gate()
		if err := gate.Check(); err != nil {
			return nil, err
		}
		if _, err := op.ParseEffects(t.Effects); err != nil {
			return nil, err
		}
		names[t.Name], digests[digest] = true, true
	}
	return tokens, nil
}

// Digest is the SHA-256 of the token. The error never holds the token.
func (t Token) Digest() (digest [sha256.Size]byte, err error) {
	switch {
	case (t.Token == "") == (t.SHA256 == ""):
		return digest, fmt.Errorf("it needs either token or sha256")
	case t.Token != "" && len(t.Token) < minToken:
		return digest, fmt.Errorf("it is shorter than %d characters, and can be guessed", minToken)
	case t.Token != "":
		return sha256.Sum256([]byte(t.Token)), nil
	}
	raw, err := hex.DecodeString(strings.TrimSpace(t.SHA256))
	if err != nil || len(raw) != sha256.Size {
		return digest, fmt.Errorf("sha256 is not %d hexadecimal digits", 2*sha256.Size)
	}
	copy(digest[:], raw)
	return digest, nil
}

// Gate is what the bearer may do. Effects are those that ReadTokens has found to be known.
func (t Token) Gate() op.Gate {
	effects, _ := op.ParseEffects(t.Effects)
	return op.Gate{ReadOnly: t.ReadOnly, Tables: t.Tables, Effects: effects, Regions: t.Regions}
}

// End is when the token ends, zero for never. A day ends it when the day begins, in UTC.
func (t Token) End() (time.Time, error) {
	if t.Expires == "" {
		return time.Time{}, nil
	}
	if day, err := time.Parse(time.DateOnly, t.Expires); err == nil {
		return day, nil
	}
	return time.Parse(time.RFC3339, t.Expires)
}
