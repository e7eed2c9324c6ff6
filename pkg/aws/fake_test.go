package aws_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/handover/pkg/aws"
)

// answer is how the server treats one attempt.
type answer func(w http.ResponseWriter, r *http.Request)

// server speaks enough of STS and Organizations to answer what a test tells it; the last answer is repeated.
type server struct {
	*httptest.Server
	mu        sync.Mutex
	sts, orgs []answer
	assumed   []url.Values // what AssumeRole was called with
	keys      []string     // access key of each Organizations attempt
}

func newServer(t *testing.T, sts, orgs []answer) *server {
	t.Helper()
	s := &server{sts: sts, orgs: orgs}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.next(r)(w, r)
}

func (s *server) next(r *http.Request) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Header.Get("X-Amz-Target") != "" {
		_, credential, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
		key, _, _ := strings.Cut(credential, "/")
		s.keys = append(s.keys, key)
		return s.orgs[min(len(s.keys), len(s.orgs))-1]
	}
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	s.assumed = append(s.assumed, form)
	return s.sts[min(len(s.assumed), len(s.sts))-1]
}

// attempts returns the access keys that Organizations was called with so far.
func (s *server) attempts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.keys)
}

// roles returns what AssumeRole was called with so far.
func (s *server) roles() []url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.assumed)
}

func (s *server) clients(t *testing.T, change func(*aws.Config)) *aws.Clients {
	t.Helper()
	c := aws.Config{Endpoint: s.URL, AccessKeyID: "AKIDBASE", SecretAccessKey: "secret", MaxBackoff: time.Millisecond}
	if change != nil {
		change(&c)
	}
	clients, err := aws.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return clients
}

// ok answers AssumeRole with a key that names the role's account, and Organizations with an empty object.
func ok(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Amz-Target") != "" {
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		_, _ = io.WriteString(w, `{"Handshake":{"Id":"h-12345678"}}`)
		return
	}
	_, _ = fmt.Fprintf(w, `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
		<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
		<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`)
}

// refuse answers Organizations with a typed error.
func refuse(status int, code, reason string) answer {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.Header().Set("X-Amzn-Requestid", "request-7")
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"__type":"com.amazonaws.organizations#%s","Message":"no","Reason":%q}`, code, reason)
	}
}

// refuseRole answers AssumeRole with an error.
func refuseRole(status int, code string) answer {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(
			w, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>`, code,
		)
	}
}

// hangUp closes the connection instead of answering.
func hangUp(w http.ResponseWriter, _ *http.Request) {
	connection, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = connection.Close()
	}
}

// cutShort closes the connection in the middle of an answer.
func cutShort(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // a request that nobody has read would reset the connection, which is another failure
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, `{"Handshake":`)
}

// hang answers when the caller has gone.
func hang(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // the server notices a closed connection only after the body
	<-r.Context().Done()
}
