package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go"

	"github.com/ddb-cli/ddb/bench/stdio"
	"github.com/ddb-cli/ddb/internal/wire"
)

// patience is how long a state may take to come about.
const patience = 20 * time.Second

// world is the account the questions are about: the embedded engine on a port. Each task has a region of its own there, in
// which there is nothing but what the task makes.
type world struct {
	binary, dir, url, bucket string
	env                      []string
	engine                   *exec.Cmd
	words                    bytes.Buffer
}

// cost is what a task took: calls of tools, and the bytes of their arguments and results, which a model reads and writes.
type cost struct{ calls, bytes int }

func openWorld(ctx context.Context, binary, dir string) (*world, error) {
	w := &world{binary: binary, dir: dir, bucket: filepath.Join(dir, "s3")}
	home := filepath.Join(dir, "home")
	w.env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "USERPROFILE=" + home, "XDG_DATA_HOME=" + home, "XDG_CONFIG_HOME=" + home, "TMPDIR=" + dir, "TEMP=" + dir,
		"AWS_ACCESS_KEY_ID=eval", "AWS_SECRET_ACCESS_KEY=eval", "AWS_EC2_METADATA_DISABLED=true", "FASTMCP_LOG_LEVEL=ERROR",
		"AWS_CONFIG_FILE=" + filepath.Join(dir, "none"), "AWS_SHARED_CREDENTIALS_FILE=" + filepath.Join(dir, "none"),
	}
	w.engine = exec.CommandContext(ctx, binary, "local", "start", "--in-memory", "--port", "0", "--s3-root", w.bucket)
	w.engine.Env, w.engine.Stderr = w.env, &w.words
	out, err := w.engine.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := w.engine.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		err = errors.Join(err, w.engine.Wait())
		return nil, fmt.Errorf("ddb local start does not listen: %w\n%s", err, w.words.String())
	}
	w.url = strings.TrimSpace(line)
	return w, nil
}

func (w *world) close() {
	_ = w.engine.Process.Signal(os.Interrupt)
	_ = w.engine.Wait() // it was interrupted: how it says so does not matter
}

// play answers one question.
func (w *world) play(ctx context.Context, number int, t task) (cost, error) {
	var spent cost
	region := fmt.Sprintf("eval-region-%d", number+1)
	client := dynamodb.New(dynamodb.Options{
		Region: region, BaseEndpoint: aws.String(w.url), Credentials: credentials.NewStaticCredentialsProvider("eval", "eval", ""),
	})
	s, err := w.open(ctx, region)
	if err != nil {
		return spent, err
	}
	defer func() { _ = s.Close() }() // its task is done, or has failed already
	saved := map[string]string{"region": region}
	for _, step := range t.steps {
		step.body = expand(step.body, saved)
		if err := w.step(ctx, client, s, step, saved, &spent); err != nil {
			return spent, fmt.Errorf("line %d, %s %s: %w", step.line, step.verb, step.name, err)
		}
	}
	return spent, nil
}

func (w *world) step(ctx context.Context, client *dynamodb.Client, s *session, step step, saved map[string]string, spent *cost) error {
	switch step.verb {
	case "table":
		return makeTable(ctx, client, step.name, strings.Fields(step.body))
	case "put":
		return putItems(ctx, client, step.name, step.body)
	case "file":
		name := filepath.Join(w.bucket, filepath.FromSlash(step.name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		return os.WriteFile(name, []byte(strings.ReplaceAll(step.body, `\n`, "\n")), 0o644)
	case "sdk", "check":
		return eventually(step.verb == "check", func() error {
			a, err := sdk(ctx, client, step.name, step.body)
			if err != nil {
				return err
			}
			return a.hold(step.clauses, saved)
		})
	}
	spent.calls++
	return eventually(step.verb == "until", func() error {
		a, err := s.call(step.name, step.body)
		if err != nil {
			return err
		}
		if err := a.hold(step.clauses, saved); err != nil {
			return err
		}
		spent.bytes += len(step.body) + len(a.text)
		return nil
	})
}

// eventually tries again where that is allowed: tables, indexes and exports take their time.
func eventually(again bool, try func() error) error {
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		err := try()
		if err == nil || !again || time.Since(began) > patience {
			return err
		}
	}
}

// sdk calls an action of the SDK's client by its name.
func sdk(ctx context.Context, client *dynamodb.Client, action, body string) (answer, error) {
	method := reflect.ValueOf(client).MethodByName(action)
	if !method.IsValid() {
		return answer{}, fmt.Errorf("the SDK has no action %s", action)
	}
	in := reflect.New(method.Type().In(1).Elem())
	if err := wire.Unmarshal([]byte(body), in.Interface()); err != nil {
		return answer{}, err
	}
	out := method.Call([]reflect.Value{reflect.ValueOf(ctx), in})
	if err, ok := reflect.TypeAssert[error](out[1]); ok {
		if known, ok := errors.AsType[smithy.APIError](err); ok {
			return answer{text: err.Error(), code: known.ErrorCode()}, nil
		}
		return answer{}, err
	}
	text, err := wire.Marshal(out[0].Interface())
	if err != nil {
		return answer{}, err
	}
	return readAnswer(text)
}

// session is one `ddb serve-mcp`, as an assistant has it.
type session struct{ *stdio.Session }

func (w *world) open(ctx context.Context, region string) (*session, error) {
	s, err := stdio.Open(ctx, slices.Concat(w.env, []string{"AWS_REGION=" + region}), w.binary, "serve-mcp", "--toolsets", "all", "--endpoint-url", w.url)
	return &session{s}, err
}

// call calls a tool and reads its text, as a model does.
func (s *session) call(tool, arguments string) (answer, error) {
	if !json.Valid([]byte(arguments)) {
		return answer{}, fmt.Errorf("the arguments are no JSON: %s", arguments)
	}
	result, err := s.Call(tool, arguments)
	if err != nil {
		return answer{}, err
	}
	var content struct {
		Content []struct{ Text string }
		IsError bool
	}
	if err := json.Unmarshal(result, &content); err != nil || len(content.Content) != 1 {
		return answer{}, fmt.Errorf("not one text: %.200s", result)
	}
	text := content.Content[0].Text
	if !json.Valid([]byte(text)) {
		return answer{value: text, text: text}, nil
	}
	a, err := readAnswer([]byte(text))
	if content.IsError {
		code, _ := at(a.value, "error.code")
		a.code = fmt.Sprint(code)
	}
	return a, err
}
