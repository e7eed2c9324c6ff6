package wire

import (
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/aws/smithy-go"
)

// Protocol is how one service puts operations, inputs, outputs and errors on the wire.
type Protocol interface {
	// Operation returns the name of the operation asked for; empty when the request names none.
	Operation(r Request) string
	// Decode fills a pointer to an SDK input struct.
	Decode(r Request, in any) error
	// Encode writes an SDK output struct.
	Encode(operation, requestID string, out any) (Answer, error)
	// EncodeError writes a failure that the client turns into its typed error.
	EncodeError(requestID string, err smithy.APIError, status int) (Answer, error)
}

// Request is what a client sent, its body read.
type Request struct {
	Method string
	Path   string // as it was sent: a slash inside a member is %2F
	Query  url.Values
	Header http.Header
	Body   []byte
}

// NewRequest takes an HTTP request whose body has been read.
func NewRequest(r *http.Request, body []byte) Request {
	return Request{Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.Query(), Header: r.Header, Body: body}
}

// Answer is what goes back to the client.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// WriteTo sends the answer. An error means that the client did not get it.
func (a Answer) WriteTo(w http.ResponseWriter) error {
	for name, values := range a.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.Status)
	_, err := w.Write(a.Body)
	return err
}

// jsonAnswer is an answer of a protocol whose bodies are JSON.
func jsonAnswer(status int, contentType, requestID string, body any) (Answer, error) {
	a := Answer{Status: status, Header: http.Header{}}
	a.Header.Set("Content-Type", contentType)
	a.Header.Set("X-Amzn-Requestid", requestID)
	doc, err := json.Marshal(body)
	a.Body = doc
	return a, err
}
