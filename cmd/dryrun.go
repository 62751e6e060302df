package cmd

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/ddb-cli/ddb/internal/dynamo"
	"github.com/ddb-cli/ddb/internal/op"
)

// A dryRun stands where the service would: it notes each request, and answers it with nothing. No network and no credentials are needed.
type dryRun struct {
	mu       sync.Mutex
	requests []dryRequest
}

type dryRequest struct {
	API     string          `json:"API"`
	Region  string          `json:"Region"`
	Request json.RawMessage `json:"Request"`
	// Plan and Estimate are there under --explain only.
	Plan     string    `json:"Plan,omitempty"`
	Estimate *estimate `json:"Estimate,omitempty"`
}

func (d *dryRun) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, target, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	body := json.RawMessage("{}")
	if target == "" { // STS speaks in forms
		target = r.FormValue("Action")
	} else {
		body = sorted(r.Body)
	}
	region := ""
	if parts := strings.Split(r.Header.Get("Authorization"), "/"); len(parts) > 2 {
		region = parts[2]
	}
	d.mu.Lock()
	d.requests = append(d.requests, dryRequest{API: target, Region: region, Request: body})
	d.mu.Unlock()
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	_, _ = w.Write([]byte("{}"))
}

// sorted is a body once through a tree: the SDK writes its maps in any order, and a dry run should be the same twice.
func sorted(body io.Reader) json.RawMessage {
	var tree any
	decoder := json.NewDecoder(body)
	decoder.UseNumber()
	if decoder.Decode(&tree) == nil {
		if text, err := json.Marshal(tree); err == nil {
			return text
		}
	}
	return json.RawMessage("{}")
}

// dryEnv is env with the dry run in the service's place. The gate stays; nobody is asked, because nothing happens.
func (a *app) dryEnv(ctx context.Context, env *op.Env) *op.Env {
	if a.dry == nil {
		a.dry = new(dryRun)
	}
	region := a.cfg.Region
	if region == "" { // the profile may name one
		if c, err := env.Clients(ctx, ""); err == nil {
			region = c.Region
		}
	}
	factory := dynamo.New(ctx, dynamo.Config{Region: region, Local: a.dry})
	dry := *env
	dry.Confirm = nil
	dry.Clients = func(ctx context.Context, region string) (*op.Clients, error) {
		held, err := factory.Clients(ctx, region)
		if err != nil {
			return nil, err
		}
		c := *held
		c.Lookup = func(ctx context.Context) (op.DynamoDBAPI, error) {
			there, err := env.Clients(ctx, region)
			if err != nil {
				return nil, err
			}
			return there.DynamoDB, nil
		}
		return &c, nil
	}
	return &dry
}

// showDry prints the requests that were held back. done tells that there was such a run; err is then only an answer that was not there.
func (a *app) showDry(err error) (done bool, failed error) {
	if a.dry == nil || !a.dryRun() {
		return false, err
	}
	if len(a.dry.requests) == 0 {
		return true, err
	}
	if a.cfg.Output == "" && a.flags.query == "" && a.flags.jq == "" && !a.flags.explain {
		a.cfg.Output = "json"
	}
	p, err := a.printer()
	if err != nil {
		return true, err
	}
	for _, r := range a.dry.requests {
		if a.flags.explain {
			a.explain(&r)
		}
		doc, err := json.Marshal(r)
		if err != nil {
			return true, err
		}
		if err := p.Document(doc, nil); err != nil {
			return true, err
		}
	}
	return true, p.Flush()
}
