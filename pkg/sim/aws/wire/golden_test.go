package wire_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	orgs "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"example.com/handover/pkg/sim/aws/organizations"
	"example.com/handover/pkg/sim/aws/wire"
)

// The SDK's modules carry what their clients put on the wire and read from it. The codec must agree with every one of
// these files, also with those of operations that nobody simulates yet.

var protocol = wire.JSON{Target: "AWSOrganizationsV20161128"}

func TestEveryGoldenRequestSurvives(t *testing.T) {
	files := golden(t, "github.com/aws/aws-sdk-go-v2/service/organizations", "request_snapshot/*.request.snap")
	for _, f := range files {
		t.Run(f.name, func(t *testing.T) {
			in := reflect.New(operation(t, f.name).In(1).Elem()).Interface()
			if err := protocol.Decode(wire.Request{Body: f.body}, in); err != nil {
				t.Fatal(err)
			}
			answer, err := protocol.Encode(f.name, "id", in)
			if err != nil {
				t.Fatal(err)
			}
			sameJSON(t, f.body, answer.Body)
		})
	}
}

func TestEveryGoldenResponseSurvives(t *testing.T) {
	files := golden(t, "github.com/aws/aws-sdk-go-v2/service/organizations", "response_snapshot/*.response.snap")
	for _, f := range files {
		t.Run(f.name, func(t *testing.T) {
			out := reflect.New(operation(t, f.name).Out(0).Elem()).Interface()
			if err := protocol.Decode(wire.Request{Body: f.body}, out); err != nil {
				t.Fatal(err)
			}
			answer, err := protocol.Encode(f.name, "id", out)
			if err != nil {
				t.Fatal(err)
			}
			sameJSON(t, f.body, answer.Body)
			if kind := answer.Header.Get("Content-Type"); kind != f.header.Get("Content-Type") {
				t.Errorf("content type is %q", kind)
			}
			if got := f.readBySDK(t, answer); !reflect.DeepEqual(got.out, f.readBySDK(t, f.answer()).out) {
				t.Errorf("the SDK reads our answer differently: %+v", got.out)
			}
		})
	}
}

func TestEveryGoldenErrorSurvives(t *testing.T) {
	files := golden(t, "github.com/aws/aws-sdk-go-v2/service/organizations", "response_snapshot/*.error.snap")
	for _, f := range files {
		t.Run(f.name, func(t *testing.T) {
			want := f.readBySDK(t, f.answer()).err
			if _, generic := want.(*smithy.GenericAPIError); generic || want == nil {
				t.Fatalf("the SDK does not type this error: %v", want)
			}
			answer, err := protocol.EncodeError("id", want, organizations.Status(want))
			if err != nil {
				t.Fatal(err)
			}
			sameJSON(t, f.body, answer.Body)
			if answer.Status != f.status {
				t.Errorf("status is %d, the model says %d", answer.Status, f.status)
			}
			if got := f.readBySDK(t, answer).err; !reflect.DeepEqual(got, want) {
				t.Errorf("the SDK reads %#v", got)
			}
		})
	}
}

type goldenFile struct {
	name   string // of the operation or exception
	status int    // of an answer
	method string // of a request
	target string // of a request
	header http.Header
	body   []byte
}

// golden reads the fixtures of a module; a module without them is an error, not a reason to pass.
func golden(t *testing.T, module, pattern string) []goldenFile {
	t.Helper()
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		t.Fatalf("where is %s? %v", module, err)
	}
	paths, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), pattern))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s has no fixtures %s: %v", module, pattern, err)
	}
	var out []goldenFile
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, parseGolden(t, filepath.Base(path), raw))
	}
	return out
}

// parseGolden reads a first line (a status or a request line), in requests an empty one, headers, and after an empty
// line the body.
func parseGolden(t *testing.T, file string, raw []byte) goldenFile {
	t.Helper()
	name, _, _ := strings.Cut(file, ".")
	f := goldenFile{name: name, header: http.Header{}}
	first, rest, _ := bytes.Cut(raw, []byte("\n"))
	if status, err := strconv.Atoi(string(first)); err == nil {
		f.status = status
	} else {
		f.method, f.target, _ = strings.Cut(string(first), " ")
		_, rest, _ = bytes.Cut(rest, []byte("\n"))
	}
	head, body, _ := bytes.Cut(rest, []byte("\n\n"))
	for _, line := range strings.Split(string(head), "\n") {
		key, value, ok := strings.Cut(line, ": ")
		if !ok && line != "" {
			t.Fatalf("%s: %q is no header", file, line)
		}
		f.header.Set(key, value)
	}
	f.body = body
	return f
}

func (f goldenFile) answer() wire.Answer {
	return wire.Answer{Status: f.status, Header: f.header, Body: f.body}
}

// operation is the client's method of that name, with the client bound.
func operation(t *testing.T, name string) reflect.Type {
	t.Helper()
	m := reflect.ValueOf(&orgs.Client{}).MethodByName(name)
	if !m.IsValid() {
		t.Fatalf("the SDK has no operation %s", name)
	}
	return m.Type()
}

type reading struct {
	out any
	err smithy.APIError
}

// readBySDK lets the unmodified client read an answer to the operation that the fixture names.
func (f goldenFile) readBySDK(t *testing.T, a wire.Answer) reading {
	t.Helper()
	client := orgs.New(orgs.Options{
		Region: "us-east-1", Retryer: aws.NopRetryer{}, HTTPClient: canned(a),
		Credentials: credentials.NewStaticCredentialsProvider("AKIA", "secret", ""),
		// inputs are empty here: only answers are read
		APIOptions: []func(*smithyStack) error{withoutInputChecks},
	})
	target := f.header.Get("X-Amz-Target")
	name := target[strings.LastIndex(target, ".")+1:]
	in := reflect.New(operation(t, name).In(1).Elem())
	results := reflect.ValueOf(client).MethodByName(name).Call([]reflect.Value{reflect.ValueOf(t.Context()), in})
	if err, failed := results[1].Interface().(error); failed {
		failure, ok := errors.AsType[smithy.APIError](err)
		if !ok {
			t.Fatalf("the SDK cannot read the answer: %v", err)
		}
		return reading{err: failure}
	}
	out := results[0].Elem()
	out.FieldByName("ResultMetadata").SetZero() // times and request ids
	return reading{out: out.Interface()}
}

type canned wire.Answer

func (c canned) Do(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: c.Status, Header: c.Header.Clone(), Request: r,
		ContentLength: int64(len(c.Body)), Body: io.NopCloser(bytes.NewReader(c.Body)),
	}, nil
}

func sameJSON(t *testing.T, want, got []byte) {
	t.Helper()
	if len(bytes.TrimSpace(want)) == 0 {
		want = []byte("{}")
	}
	var w, g any
	if err := json.Unmarshal(want, &w); err != nil {
		t.Fatalf("fixture: %v", err)
	}
	if err := json.Unmarshal(got, &g); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(w, g); diff != "" {
		t.Errorf("fixture (-) and codec (+) differ:\n%s", diff)
	}
}
