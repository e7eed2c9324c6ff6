package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/aws/smithy-go"
)

// JSON is the protocol awsJson1.1: the operation is in the X-Amz-Target header, everything else in a JSON body.
type JSON struct {
	Target string // "AWSOrganizationsV20161128"
}

const jsonType = "application/x-amz-json-1.1"

// Operation implements Protocol.
func (p JSON) Operation(r *http.Request, _ []byte) string {
	name, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), p.Target+".")
	if !ok {
		return ""
	}
	return name
}

// Decode implements Protocol. An empty body is an empty input.
func (p JSON) Decode(body []byte, in any) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var from any
	if err := d.Decode(&from); err != nil {
		return fmt.Errorf("the body is not JSON: %w", err)
	}
	return fromJSON(reflect.ValueOf(in).Elem(), from, "$")
}

// Encode implements Protocol.
func (p JSON) Encode(_, requestID string, out any) (Answer, error) {
	return p.answer(http.StatusOK, requestID, toJSON(reflect.ValueOf(out)))
}

// EncodeError implements Protocol: __type names the exception, the other members are its own.
func (p JSON) EncodeError(requestID string, failure smithy.APIError, status int) (Answer, error) {
	body := map[string]any{"__type": failure.ErrorCode()}
	if generic, ok := failure.(*smithy.GenericAPIError); ok {
		body["Message"] = generic.Message
	} else {
		for name, value := range toJSON(reflect.ValueOf(failure)).(map[string]any) {
			body[name] = value
		}
	}
	a, err := p.answer(status, requestID, body)
	a.Header.Set("X-Amzn-Errortype", failure.ErrorCode())
	return a, err
}

func (p JSON) answer(status int, requestID string, body any) (Answer, error) {
	a := Answer{Status: status, Header: http.Header{}}
	a.Header.Set("Content-Type", jsonType)
	a.Header.Set("X-Amzn-Requestid", requestID)
	doc, err := json.Marshal(body)
	a.Body = doc
	return a, err
}
