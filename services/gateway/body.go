package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/limit"
)

const (
	maxBody     = 1 << 20  // of a request, in bytes
	maxOpenBody = 64 << 10 // of one without a token
)

// bodies are read when it is known who sends them and where to.
type bodies struct {
	verbs   map[string]verb // by HTTP method and pattern
	limits  *limit.Bodies   // nil: as many as they like, for as long as they like
	believe func(ctx context.Context, authorization string) (owner string, err error)
	proxies int
}

// handler has the whole body in memory before the call begins: it is small, and a body that is too large, of another
// type, cut off or more than one JSON value is refused as what it is.
func (b bodies) handler(next runtime.HandlerFunc) runtime.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request, params map[string]string) {
		owner, err := b.identify(r)
		var body []byte
		if err == nil {
			body, err = b.read(w, r, owner)
		}
		if err == nil {
			err = checkBody(body, r.Header.Get("Content-Type"))
		}
		if err != nil {
			writeProblem(w, r, err)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next(w, r, params)
	}
}

// identify says whose the good token is that the caller shows; empty for one that shows none, who passes where the contract
// lets one in.
func (b bodies) identify(r *http.Request) (owner string, err error) {
	pattern, _ := runtime.HTTPPattern(r.Context())
	place := r.Method + " " + strings.ReplaceAll(pattern.String(), "=*}", "}")
	if err := checkPerson(r.Header, b.verbs[place]); err != nil {
		return "", err
	}
	shown := r.Header.Get("Authorization")
	if shown == "" {
		return "", nil
	}
	if b.believe != nil {
		return b.believe(r.Context(), shown)
	}
	return callerOf(shown), nil
}

func (b bodies) read(w http.ResponseWriter, r *http.Request, owner string) ([]byte, error) {
	known, most := owner != "", int64(maxBody)
	if !known {
		owner, most = address(r, b.proxies), maxOpenBody
	}
	tooLarge := errs.New(errs.Invalid, "REQUEST_TOO_LARGE", "this body may have at most %d bytes", most)
	if r.ContentLength > most {
		return nil, tooLarge
	}
	if b.limits != nil && r.ContentLength != 0 {
		size := r.ContentLength
		if size < 0 {
			size = most
		}
		leave, err := b.limits.Enter(r.Context(), known, owner, size)
		if err != nil {
			return nil, err
		}
		defer leave()
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	if _, over := errors.AsType[*http.MaxBytesError](err); over {
		return nil, tooLarge
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil, errs.Wrap(err, errs.Deadline, "REQUEST_LATE", "the body did not arrive in time")
	}
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "REQUEST_INVALID", "the body was cut off")
	}
	return body, nil
}

func checkBody(body []byte, contentType string) error {
	if len(body) == 0 {
		return nil
	}
	if kind, _, err := mime.ParseMediaType(contentType); err != nil || kind != "application/json" {
		return errs.New(errs.Invalid, "CONTENT_TYPE_UNSUPPORTED", "send the body as application/json")
	}
	if !json.Valid(body) {
		return errs.New(errs.Invalid, "JSON_INVALID", "the body is not one JSON value")
	}
	return nil
}
