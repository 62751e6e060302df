package cmd_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ddb-cli/ddb/cmd"
)

// profiles writes an AWS configuration of profiles that each have an endpoint.
func profiles(t *testing.T, handlers map[string]http.HandlerFunc) {
	t.Helper()
	var text strings.Builder
	for name, h := range handlers {
		srv := httptest.NewServer(h)
		t.Cleanup(srv.Close)
		fmt.Fprintf(&text, "[profile %s]\nregion = eu-west-1\nendpoint_url = %s\naws_access_key_id = a\naws_secret_access_key = b\n", name, srv.URL)
	}
	file := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_CONFIG_FILE", file)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(filepath.Dir(file), "none"))
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
}

func answer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

func lists(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, `{"TableNames":["`+name+`"]}`) }
}

// Profiles are asked each with its own credentials and endpoint, at the same time; one that fails hides none.
func TestProfilesTogether(t *testing.T) {
	home(t)
	var both atomic.Int32
	meet := make(chan struct{})
	together := func(name string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if both.Add(1) == 2 {
				close(meet)
			}
			select {
			case <-meet:
			case <-time.After(time.Minute):
				answer(w, 500, `{"__type":"InternalServerError","message":"the other was not asked meanwhile"}`)
				return
			}
			lists(name)(w, r)
		}
	}
	profiles(t, map[string]http.HandlerFunc{
		"dev": together("D"), "prod": together("P"), "off": func(w http.ResponseWriter, _ *http.Request) {
			answer(w, 400, `{"__type":"com.amazon.coral.service#AccessDeniedException","message":"no"}`)
		},
	})
	got := must(t, run(t, "", nil, "table", "list", "--profile", "prod,dev"))
	if want := `{"profile":"prod","TableName":"P"}` + "\n" + `{"profile":"dev","TableName":"D"}` + "\n"; got.out != want {
		t.Errorf("got %s, want %s", got.out, want)
	}
	got = run(t, "", nil, "table", "list", "--profile", "off,dev", "--region", "eu-west-1")
	if got.code != 5 || got.out != `{"profile":"dev","TableName":"D"}`+"\n" || !strings.Contains(got.err, "off: ") || !strings.Contains(got.err, "1 of 2 places gave no answer") {
		t.Errorf("%+v", got)
	}
	got = must(t, run(t, "", nil, "table", "list", "--profile", "dev,prod", "--region", "eu-west-1,us-east-1", "--query", "[].[profile,region,TableName]", "-o", "csv", "--no-header"))
	if want := "dev,eu-west-1,D\ndev,us-east-1,D\nprod,eu-west-1,P\nprod,us-east-1,P\n"; got.out != want {
		t.Errorf("got %s, want %s", got.out, want)
	}
	got = run(t, "", nil, "table", "list", "--profile", "nobody,dev")
	if got.code != 1 && got.code != 2 && got.code != 5 || !strings.Contains(got.out, `"D"`) || !strings.Contains(got.err, "nobody") {
		t.Errorf("a profile that is not there: %+v", got)
	}
}

// Rows of the first place are printed while a later one has not answered, and Ctrl-C ends it with what was there.
func TestPlacesStreamAndEnd(t *testing.T) {
	home(t)
	hold := make(chan struct{})
	profiles(t, map[string]http.HandlerFunc{"quick": lists("Q"), "slow": func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-hold:
		case <-r.Context().Done():
		}
	}})
	defer close(hold)
	ctx, cancel := context.WithCancel(t.Context())
	out := &seen{want: `"TableName":"Q"`, then: cancel}
	code := cmd.Run(ctx, []string{"table", "list", "--profile", "quick,slow"}, &cmd.IO{In: strings.NewReader(""), Out: out, Err: &strings.Builder{}})
	if out.text != `{"profile":"quick","TableName":"Q"}`+"\n" || code == 0 {
		t.Errorf("exit code %d, %q", code, out.text)
	}
}

// seen calls then as soon as it was shown what it waits for.
type seen struct {
	text, want string
	then       func()
}

func (s *seen) Write(b []byte) (int, error) {
	s.text += string(b)
	if strings.Contains(s.text, s.want) {
		s.then()
	}
	return len(b), nil
}

// Regions of partitions other than the usual one: all of them are those of the profile's own partition.
func TestAllRegionsOfAPartition(t *testing.T) {
	home(t)
	profiles(t, map[string]http.HandlerFunc{"dev": func(w http.ResponseWriter, r *http.Request) {
		parts := strings.Split(r.Header.Get("Authorization"), "/")
		lists(parts[2])(w, r)
	}})
	for region, want := range map[string]string{"cn-north-1": "cn-north-1\ncn-northwest-1\n", "us-gov-west-1": "us-gov-east-1\nus-gov-west-1\n"} {
		t.Setenv("AWS_REGION", region)
		got := must(t, run(t, "", nil, "table", "list", "--profile", "dev", "--region", "all", "--jq", ".TableName"))
		if got.out != want {
			t.Errorf("%s: %s", region, got.out)
		}
	}
	t.Setenv("AWS_REGION", "eu-west-1")
	if got := must(t, run(t, "", nil, "table", "list", "--profile", "dev", "--region", "all", "--jq", ".TableName")); strings.Count(got.out, "\n") < 30 {
		t.Errorf("all regions: %s", got.out)
	}
}
