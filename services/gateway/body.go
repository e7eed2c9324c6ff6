package gateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"

	"example.com/handover/pkg/errs"
)

// maxBody is the largest request body, in bytes.
const maxBody = 1 << 20

// readBody has the whole body in memory before the call begins: it is small, and a body that is too large, of another
// type, cut off or more than one JSON value is refused as what it is.
func readBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err == nil {
			err = checkBody(body, r.Header.Get("Content-Type"))
		} else if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			err = errs.Wrap(err, errs.Invalid, "REQUEST_TOO_LARGE", "a body has at most %d bytes", maxBody)
		} else {
			err = errs.Wrap(err, errs.Invalid, "REQUEST_INVALID", "the body was cut off")
		}
		if err != nil {
			writeProblem(w, r, err)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	})
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
