//go:build linux || darwin

package cmd_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// A role that wants a one-time code has it asked for on standard error, once for all regions, and standard output stays data.
func TestMFAIsAskedOnStandardError(t *testing.T) {
	dir := t.TempDir()
	var assumed atomic.Int32
	sts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("TokenCode") != "123456" {
			http.Error(w, `<ErrorResponse><Error><Code>AccessDenied</Code><Message>MultiFactorAuthentication failed</Message></Error></ErrorResponse>`, http.StatusForbidden)
			return
		}
		assumed.Add(1)
		_, _ = fmt.Fprint(w, `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey>`+
			`<SessionToken>very-secret-token</SessionToken><Expiration>2036-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`)
	}))
	t.Cleanup(sts.Close)
	tables := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Amz-Security-Token") != "very-secret-token" {
			answer(w, 400, `{"__type":"UnrecognizedClientException","message":"no"}`)
			return
		}
		lists("T")(w, r)
	}))
	t.Cleanup(tables.Close)
	config := "[profile role]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base\nmfa_serial = arn:aws:iam::123456789012:mfa/me\nregion = eu-west-1\n" +
		"[profile base]\naws_access_key_id = a\naws_secret_access_key = b\n"
	if err := os.WriteFile(filepath.Join(dir, "aws"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := os.Create(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(os.Args[0], "table", "list", "--profile", "role", "--region", "eu-west-1,us-east-1", "--debug")
	c.Env = []string{
		"DDB_TEST_MAIN=1", "HOME=" + dir, "XDG_CONFIG_HOME=" + dir, "XDG_CACHE_HOME=" + dir, "XDG_DATA_HOME=" + dir, "TERM=xterm", "AWS_CONFIG_FILE=" + filepath.Join(dir, "aws"),
		"AWS_ENDPOINT_URL_STS=" + sts.URL, "AWS_ENDPOINT_URL_DYNAMODB=" + tables.URL, "AWS_EC2_METADATA_DISABLED=true",
	}
	c.Stdout = out
	x := startOnTerminal(t, c)
	x.expect("MFA code: ")
	x.send("123456\r")
	if code := x.end(); code != 0 {
		t.Fatalf("exit code %d: %s", code, x.screen())
	}
	data, err := os.ReadFile(out.Name())
	if want := `{"region":"eu-west-1","TableName":"T"}` + "\n" + `{"region":"us-east-1","TableName":"T"}` + "\n"; err != nil || string(data) != want {
		t.Errorf("standard output is %q, %v; want %q", data, err, want)
	}
	if n := assumed.Load(); n != 1 {
		t.Errorf("the role was assumed %d times, want once for all regions", n)
	}
	if screen := x.screen(); strings.Contains(screen, "very-secret") || !strings.Contains(screen, "signed, credentials redacted") {
		t.Errorf("--debug shows %s", screen)
	}
}
