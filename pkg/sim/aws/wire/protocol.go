package wire

import (
	"net/http"

	"github.com/aws/smithy-go"
)

// Protocol is how one service puts operations, inputs, outputs and errors on the wire.
type Protocol interface {
	// Operation returns the name of the operation asked for; empty when the request names none.
	Operation(r *http.Request, body []byte) string
	// Decode fills a pointer to an SDK input struct.
	Decode(body []byte, in any) error
	// Encode writes an SDK output struct.
	Encode(operation, requestID string, out any) (Answer, error)
	// EncodeError writes a failure that the client turns into its typed error.
	EncodeError(requestID string, err smithy.APIError, status int) (Answer, error)
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
