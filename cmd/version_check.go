package cmd

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ddb-cli/ddb/internal/config"
	"github.com/ddb-cli/ddb/internal/op"
	"github.com/ddb-cli/ddb/internal/version"
)

// releasesURL tells the newest release. It is asked by ddb version --check and by nothing else: no command looks for a newer
// version on its own. Tests put a server of theirs in its place.
var releasesURL = "https://api.github.com/repos/ddb-cli/ddb/releases/latest"

const checkTime = 5 * time.Second

func versionCommand(a *app) *cobra.Command {
	var check bool
	c := &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		Long:    "Print the version. With --check the newest release is asked for as well, which no other command does; the exit code is 7 when there is a newer one.",
		Example: example("ddb version\nddb version --check"),
	}
	c.Flags().BoolVar(&check, "check", false, "ask whether there is a newer release")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if err := a.printVersion(c); err != nil || !check {
			return err
		}
		ctx, cancel := context.WithTimeout(c.Context(), checkTime)
		defer cancel()
		newest, err := newestRelease(ctx)
		if err != nil {
			return err
		}
		if !newer(newest, version.String()) {
			a.io.notef("ddb: this is the newest release")
			return nil
		}
		a.io.notef("ddb: there is a newer release: %s", newest)
		return &errQuiet{exitDifference}
	}
	return c
}

// printVersion prints a line, or with -o, --query or --jq what they make of it.
func (a *app) printVersion(c *cobra.Command) error {
	if !c.Flags().Changed(config.FlagOutput) && a.flags.query == "" && a.flags.jq == "" {
		_, err := fmt.Fprintln(a.io.Out, "ddb "+version.String())
		return err
	}
	return a.show(struct {
		Version string `json:"version"`
	}{version.String()}, nil)
}

// newestRelease asks for the newest release's version. None at all is "".
func newestRelease(ctx context.Context) (string, error) {
	failed := func(err error) error {
		return &op.Error{Code: "CheckFailed", Message: fmt.Sprintf("the newest release could not be asked for: %v", err), Hint: "try again later, or look at the project's page of releases", Retryable: true, Cause: err}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, releasesURL, nil)
	if err != nil {
		return "", failed(err)
	}
	req.Header.Set("Accept", "application/vnd.github+json")
	req.Header.Set("User-Agent", "ddb/"+version.String())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", failed(err)
	}
	defer func() { _ = resp.Body.Close() }()
	switch resp.StatusCode {
	case http.StatusNotFound:
		return "", nil
	case http.StatusOK:
	default:
		return "", failed(fmt.Errorf("the answer is %s", resp.Status))
	}
	var release struct {
		Tag string `json:"tag_name"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&release); err != nil {
		return "", failed(err)
	}
	return strings.TrimPrefix(release.Tag, "v"), nil
}

// newer compares versions of Semantic Versioning by their numbers; of two with the same numbers, one with a suffix such as -dev is the older.
func newer(than, ours string) bool {
	numbers := func(s string) (n [3]int, suffix bool) {
		main, _, pre := strings.Cut(strings.TrimPrefix(s, "v"), "-")
		main, _, _ = strings.Cut(main, "+")
		for i, part := range strings.SplitN(main, ".", 3) {
			n[i], _ = strconv.Atoi(part)
		}
		return n, pre
	}
	theirs, theirSuffix := numbers(than)
	mine, mySuffix := numbers(ours)
	for i := range theirs {
		if theirs[i] != mine[i] {
			return theirs[i] > mine[i]
		}
	}
	return mySuffix && !theirSuffix && than != ""
}
