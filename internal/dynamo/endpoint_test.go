package dynamo

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
)

// The endpoint comes from where the SDK looks for it: a variable for the service, one for all, or the profile's
// services section; the one that is named comes first.
func TestEndpointOrder(t *testing.T) {
	dir := isolate(t)
	server := func(name string) string {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			answerWith(w, http.StatusOK, fmt.Sprintf(`{"TableNames":[%q]}`, name))
		}))
		t.Cleanup(srv.Close)
		return srv.URL
	}
	asked := func(cfg Config) string {
		t.Helper()
		f := New(t.Context(), cfg)
		names, err := tables(t, f)
		if err != nil || len(names) != 1 {
			t.Fatalf("%v, %v", names, err)
		}
		c, err := f.Clients(t.Context(), "")
		if err != nil || c.Endpoint == "" {
			t.Errorf("the endpoint is not told: %+v, %v", c, err)
		}
		return names[0]
	}
	config := "[default]\nservices = here\n[services here]\ndynamodb =\n  endpoint_url = " + server("profile") + "\n"
	if err := os.WriteFile(filepath.Join(dir, "config"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := asked(Config{}); got != "profile" {
		t.Errorf("by the profile: %s", got)
	}
	t.Setenv("AWS_ENDPOINT_URL", server("all"))
	if got := asked(Config{}); got != "all" {
		t.Errorf("by AWS_ENDPOINT_URL: %s", got)
	}
	t.Setenv("AWS_ENDPOINT_URL_DYNAMODB", server("service"))
	if got := asked(Config{}); got != "service" {
		t.Errorf("by AWS_ENDPOINT_URL_DYNAMODB: %s", got)
	}
	if got := asked(Config{Endpoint: server("flag")}); got != "flag" {
		t.Errorf("by the flag: %s", got)
	}
}
