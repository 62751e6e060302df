package lint

import (
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/ddb-cli/ddb/"

// layer is what one folder of packages may import. The folder's own sub-packages follow its line unless they have one.
type layer struct {
	imports []string // packages of this module, each with its sub-packages only where it ends in "/..."
	instead string   // what to do in place of another import
}

// layers is docs/architecture.md, "Who may import whom", in full. Tests are free: they may use the SDK, the engine and cmd.
var layers = map[string]layer{
	"cmd/ddb": {[]string{"cmd"}, "main only calls cmd.Main"},
	"cmd": {
		[]string{
			"internal/assistant",
			"internal/attr",
			"internal/config",
			"internal/dynamo",
			"internal/engine",
			"internal/engine/local",
			"internal/engine/server",
			"internal/iam",
			"internal/jsonscan",
			"internal/lineedit",
			"internal/logfile",
			"internal/mcp",
			"internal/nearest",
			"internal/op",
			"internal/ops/...",
			"internal/otlp",
			"internal/partiql",
			"internal/planner",
			"internal/records",
			"internal/render",
			"internal/start",
			"internal/tablefile",
			"internal/textin",
			"internal/version",
			"internal/wholefile",
			"internal/wire",
			"internal/yamljson",
			"prompts",
		},
		"cmd joins front ends, operations and the engine; it does not reach into their insides",
	},
	"internal/mcp":               {[]string{"internal/nearest", "internal/ops/...", "internal/op", "internal/attr", "internal/jsonscan", "internal/wire", "internal/version", "internal/otlp", "prompts"}, "a tool is an operation: call Invoke, and let cmd connect the engine"},
	"internal/render":            {[]string{"internal/op", "internal/attr", "internal/jsonscan", "internal/wire"}, "render shows a typed output; it fetches nothing"},
	"internal/ops":               {[]string{"internal/ops/...", "internal/op", "internal/attr", "internal/partiql", "prompts"}, "an operation calls the SDK client of op.Env and returns the SDK's output"},
	"internal/op":                {[]string{"internal/attr", "internal/partiql", "internal/start", "internal/wire"}, "op is the vocabulary: what needs a client, a front end or the engine belongs above or below it"},
	"internal/dynamo":            {[]string{"internal/nearest", "internal/direct", "internal/op", "internal/attr", "internal/wire"}, "dynamo builds clients; the engine comes to it as an http.Handler"},
	"internal/direct":            {[]string{}, "direct carries requests to any http.Handler"},
	"internal/iam":               {[]string{"internal/op"}, "iam reads what operations declare; which are enabled comes from cmd"},
	"internal/assistant":         {[]string{"internal/config", "internal/op", "internal/wholefile"}, "assistant edits files of other programs; what they are to start comes from cmd"},
	"internal/config":            {[]string{"internal/op", "internal/textin", "internal/wholefile"}, "config reads settings and knows nothing of who uses them; op.Error is how it speaks"},
	"internal/wire":              {[]string{"internal/attr", "internal/jsonscan"}, "wire is one encoder for SDK types"},
	"internal/attr":              {[]string{"internal/jsonscan"}, "attr is a leaf; move the code to the package that needs both"},
	"internal/jsonscan":          {[]string{}, "jsonscan is a leaf on the standard library"},
	"internal/partiql":           {[]string{"internal/attr", "internal/jsonscan"}, "partiql only reads statements; engine/partiql plans them, op's gate asks which tables they touch"},
	"internal/planner":           {[]string{"internal/attr"}, "planner reads key schemas and terms; cmd describes the table and makes the call"},
	"internal/records":           {[]string{"internal/jsonscan", "internal/textin", "internal/yamljson"}, "records gives JSON and its place; what an item is belongs to attr and cmd"},
	"internal/yamljson":          {[]string{"internal/jsonscan"}, "yamljson turns one document into JSON and knows nothing of what is in it"},
	"internal/tablefile":         {[]string{"internal/nearest"}, "tablefile is plain data: cmd reads tables into it and carries its plans out"},
	"internal/version":           {[]string{}, "version is a leaf"},
	"internal/lineedit":          {[]string{}, "lineedit reads lines from a terminal; what they mean belongs to cmd"},
	"internal/otlp":              {[]string{}, "otlp sends spans and metrics; what they are about comes from who makes them"},
	"internal/logfile":           {[]string{}, "logfile is a leaf: lines into files"},
	"internal/nearest":           {[]string{}, "nearest is a leaf: names in, a name out"},
	"internal/textin":            {[]string{}, "textin is a leaf: text in, UTF-8 out"},
	"internal/wholefile":         {[]string{}, "wholefile is a leaf: bytes into a file, all or none"},
	"internal/start":             {[]string{}, "start is a leaf, so that it comes before all else"},
	"internal/engine":            {[]string{"internal/engine/storage", "internal/engine/catalog", "internal/engine/expression", "internal/engine/partiql", "internal/engine/streams", "internal/engine/bucket", "internal/engine/ion", "internal/engine/cbor", "internal/engine/topkeys", "internal/engine/room", "internal/attr", "internal/jsonscan", "internal/partiql", "internal/version"}, "the engine knows the wire protocol and nothing above it"},
	"internal/engine/storage":    {[]string{"internal/attr"}, "storage keeps ordered bytes; what they mean belongs to engine and catalog"},
	"internal/engine/catalog":    {[]string{"internal/attr", "internal/jsonscan", "internal/engine/storage"}, "the catalogue describes tables; engine acts on them"},
	"internal/engine/expression": {[]string{"internal/attr", "internal/jsonscan"}, "expressions work on attribute values alone"},
	"internal/engine/partiql":    {[]string{"internal/attr", "internal/jsonscan", "internal/partiql", "internal/engine/expression"}, "PartiQL is planned onto actions that the engine passes in"},
	"internal/engine/streams":    {[]string{"internal/attr", "internal/jsonscan", "internal/engine/storage", "internal/engine/catalog"}, "streams read the change log"},
	"internal/engine/bucket":     {[]string{}, "bucket is a directory that stands for S3; what its objects hold belongs to engine"},
	"internal/engine/cbor":       {[]string{}, "cbor is a leaf; what its values mean belongs to engine"},
	"internal/engine/topkeys":    {[]string{}, "topkeys counts keys that are bytes to it; what they mean belongs to engine"},
	"internal/engine/ion":        {[]string{"internal/attr"}, "ion reads and writes attribute values as text; what to do with them belongs to engine"},
	"internal/engine/room":       {[]string{}, "room is a leaf; what takes turns in it belongs to engine and server"},
	"internal/engine/server":     {[]string{"internal/engine", "internal/engine/room", "internal/version"}, "server puts engine.Handler on a socket"},
	"internal/engine/local":      {[]string{"internal/start", "internal/engine", "internal/engine/server", "internal/engine/storage", "internal/version"}, "local owns the store's folder: it opens the engine or speaks to its owner"},
	"internal/engine/enginetest": {[]string{"internal/engine", "internal/engine/server", "internal/attr", "internal/dynamo", "internal/op", "internal/wire"}, "scenarios speak to an endpoint through the SDK"},
	"internal/optest":            {[]string{"internal/engine", "internal/dynamo", "internal/op", "internal/attr", "internal/wire"}, "optest gives tests of operations a client on the engine"},
	"internal/lint":              {[]string{}, "lint reads files"},
	"internal/gen":               {[]string{"cmd", "internal/ops/...", "internal/op", "internal/mcp"}, "gen writes down the command tree and the registry"},
	"bench":                      {[]string{"bench/stdio"}, "bench drives endpoints and processes from outside"},
	"bench/stdio":                {[]string{}, "stdio speaks to an MCP server from outside"},
	"bench/eval":                 {[]string{"bench/stdio", "internal/wire"}, "eval drives the program from outside; wire reads what its tasks say in the SDK's words"},
	"prompts":                    {[]string{}, "prompts are text"},
	"ddbtest":                    {[]string{"internal/engine", "internal/direct"}, "ddbtest is the engine and an SDK client"},
}

// testOnly are modules for tests, with what to use in the program.
var testOnly = map[string]string{
	"testing":                           "a plain function; a program has no *testing.T",
	"github.com/google/go-cmp/cmp":      "an Equal method",
	"pgregory.net/rapid":                "math/rand/v2",
	"go.uber.org/goleak":                "a WaitGroup or errgroup that is waited for",
	"github.com/hashicorp/hcl/v2":       "tablefile, which reads Terraform's JSON",
	"github.com/zclconf/go-cty/cty":     "plain Go values",
	"github.com/cockroachdb/datadriven": "encoding/json or text/template",
}

func layerOf(dir string) (string, bool) {
	for d := dir; d != "."; d = path.Dir(d) {
		if _, ok := layers[d]; ok {
			return d, true
		}
	}
	return "", false
}

func (l layer) allows(pkg string) bool {
	return slices.ContainsFunc(l.imports, func(allowed string) bool {
		tree, all := strings.CutSuffix(allowed, "/...")
		return pkg == tree || all && strings.HasPrefix(pkg, tree+"/")
	})
}

func TestLayers(t *testing.T) {
	checked := 0
	files(t, func(name string, content []byte) {
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "testdata/") {
			return
		}
		dir := path.Dir(name)
		f, err := parser.ParseFile(token.NewFileSet(), name, content, parser.ImportsOnly)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		own, ok := layerOf(dir)
		if !ok {
			t.Errorf("%s: package %s has no line in the table of layers: add one that says what it may import, here and in docs/architecture.md", name, dir)
			return
		}
		for _, spec := range f.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if use, no := testOnly[imported]; no && !strings.HasSuffix(own, "test") {
				t.Errorf("%s imports %s, which is for tests: use %s", name, imported, use)
			}
			pkg, ours := strings.CutPrefix(imported, module)
			if home, _ := layerOf(pkg); !ours || home == own {
				continue
			}
			checked++
			if !layers[own].allows(pkg) {
				t.Errorf("%s may not import %s: %s", name, pkg, layers[own].instead)
			}
		}
	})
	if checked == 0 {
		t.Fatal("no import of the module's own packages found: the walk starts in the wrong place")
	}
}
