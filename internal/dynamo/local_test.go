package dynamo

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// With the embedded engine nothing of AWS is read: a chain that would fail is never asked.
func TestLocalNeverTouchesTheChain(t *testing.T) {
	dir := isolate(t)
	if err := os.WriteFile(filepath.Join(dir, "config"), []byte("[profile x]\ncredential_process = /bin/false\n[broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_PROFILE", "x")
	t.Setenv("AWS_REGION", "eu-north-1")
	var auth []string
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		auth = append(auth, r.Header.Get("Authorization"))
		if r.Header.Get("X-Amz-Target") == "" {
			w.Header().Set("Content-Type", "text/xml")
			_, _ = w.Write([]byte(`<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>` +
				`<Account>000000000000</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`))
			return
		}
		answerWith(w, http.StatusOK, `{"TableNames":["a"]}`)
	})
	f := New(t.Context(), Config{Local: h})
	if names, err := tables(t, f); err != nil || len(names) != 1 {
		t.Fatalf("%v, %v", names, err)
	}
	c, err := f.Clients(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if c.Region != defaultRegion || !c.Embedded || !strings.Contains(auth[0], "/"+defaultRegion+"/dynamodb/") {
		t.Errorf("region %q, embedded %v, authorization %q", c.Region, c.Embedded, auth[0])
	}
	if id, err := c.STS.GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}); err != nil || *id.Account != "000000000000" {
		t.Errorf("identity %v, %v", id, err)
	}
	other, err := f.Clients(t.Context(), "eu-west-1")
	if err != nil || other.Region != "eu-west-1" {
		t.Errorf("region of a call: %q, %v", other.Region, err)
	}
}

func TestRegionOrder(t *testing.T) {
	dir := isolate(t)
	config := "[default]\nregion = sa-east-1\n[profile named]\nregion = ca-central-1\n"
	if err := os.WriteFile(filepath.Join(dir, "config"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	region := func(cfg Config, argument string) string {
		t.Helper()
		c, err := New(t.Context(), cfg).Clients(t.Context(), argument)
		if err != nil {
			t.Fatal(err)
		}
		return c.Region
	}
	if got := region(Config{}, ""); got != "sa-east-1" {
		t.Errorf("the profile's region: %s", got)
	}
	if got := region(Config{Profile: "named"}, ""); got != "ca-central-1" {
		t.Errorf("a named profile's region: %s", got)
	}
	t.Setenv("AWS_DEFAULT_REGION", "eu-west-2")
	if got := region(Config{}, ""); got != "eu-west-2" {
		t.Errorf("AWS_DEFAULT_REGION: %s", got)
	}
	t.Setenv("AWS_REGION", "eu-west-1")
	if got := region(Config{}, ""); got != "eu-west-1" {
		t.Errorf("AWS_REGION: %s", got)
	}
	if got := region(Config{Region: "us-east-2"}, ""); got != "us-east-2" {
		t.Errorf("the flag: %s", got)
	}
	if got := region(Config{Region: "us-east-2"}, "us-east-1"); got != "us-east-1" {
		t.Errorf("the argument: %s", got)
	}
	unset(t, "AWS_REGION")
	unset(t, "AWS_DEFAULT_REGION")
	if err := os.Remove(filepath.Join(dir, "config")); err != nil {
		t.Fatal(err)
	}
	if got := region(Config{}, ""); got != defaultRegion {
		t.Errorf("the default: %s", got)
	}
}
