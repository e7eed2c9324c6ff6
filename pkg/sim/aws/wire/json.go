package wire

import (
	"cmp"
	"net/http"
	"reflect"
	"strings"

	"github.com/aws/smithy-go"
)

// JSON is the protocol awsJson: the operation is in the X-Amz-Target header, everything else in a JSON body.
type JSON struct {
	Target  string // "AWSOrganizationsV20161128"
	Version string // "1.0"; empty: "1.1"
	Style   Style
	Errors  Style // of exceptions, which some services spell otherwise than the rest
}

// Operation implements Protocol.
func (p JSON) Operation(r Request) string {
	name, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), p.Target+".")
	if !ok {
		return ""
	}
	return name
}

// Decode implements Protocol.
func (p JSON) Decode(r Request, in any) error { return p.Style.decode(r.Body, in) }

// Encode implements Protocol.
func (p JSON) Encode(_, requestID string, out any) (Answer, error) {
	return p.answer(http.StatusOK, requestID, p.Style.toJSON(reflect.ValueOf(out)))
}

// EncodeError implements Protocol: __type names the exception, the other members are its own.
func (p JSON) EncodeError(requestID string, failure smithy.APIError, status int) (Answer, error) {
	body := p.Errors.failure(failure)
	body["__type"] = failure.ErrorCode()
	a, err := p.answer(status, requestID, body)
	a.Header.Set("X-Amzn-Errortype", failure.ErrorCode())
	return a, err
}

func (p JSON) answer(status int, requestID string, body any) (Answer, error) {
	return jsonAnswer(status, "application/x-amz-json-"+cmp.Or(p.Version, "1.1"), requestID, body)
}
