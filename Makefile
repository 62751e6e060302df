# Everything here works with Go alone, except `race` (a C compiler) and `clients` (Python 3 and Node 20).
SHELL := /bin/bash
.DEFAULT_GOAL := help

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X github.com/ddb-cli/ddb/internal/version.version=$(VERSION)
GOLANGCI_LINT ?= go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME ?= 30s
BENCHFLAGS ?=

.PHONY: help
help: ## Show this help
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build ./bin/ddb, static and stripped
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/ddb ./cmd/ddb

.PHONY: test
test: ## Run all tests
	go test ./...

.PHONY: race
race: ## Run all tests under the race detector (needs a C compiler)
	CGO_ENABLED=1 go test -race ./...

.PHONY: lint
lint: ## Run golangci-lint, pinned
	$(GOLANGCI_LINT) run

.PHONY: fuzz
fuzz: ## Run each fuzz target for FUZZTIME (30s)
	@set -e; for dir in $$(git grep -l '^func Fuzz' -- '*_test.go' | xargs -n1 dirname | sort -u); do \
	  for target in $$(grep -ho '^func Fuzz[A-Za-z0-9_]*' $$dir/*_test.go | awk '{print $$2}'); do \
	    echo "== $$dir $$target"; go test ./$$dir -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x; \
	  done; \
	done

.PHONY: generate
generate: ## Write completions, man pages, docs/commands and the README's tool table
	go generate ./...

.PHONY: bench
bench: ## Measure the engine against the limit of net/http, and the program as a process
	go run ./bench $(BENCHFLAGS)

.PHONY: eval-mcp
eval-mcp: ## Answer forty written questions by the MCP tools, and check what is left behind
	go run ./bench/eval

.PHONY: bundles
bundles: ## Build .mcpb bundles and server.json of a release into bundles/ (VERSION=1.2.3)
	go run ./internal/gen/bundle -version $(VERSION) -out bundles

.PHONY: clients
clients: ## Run boto3, AWS CLI, PynamoDB, the JavaScript SDK, ElectroDB, OneTable and two MCP clients against this build
	clients/run

.PHONY: differential
differential: ## Compare the scenarios with DynamoDB Local (Java and Maven), or with ENDPOINT; ACCEPT=1 takes new differences as judged
	clients/differential '$(ENDPOINT)' $(if $(ACCEPT),-accept)

.PHONY: ci
ci: ## Run what CI runs
	.ci/run
