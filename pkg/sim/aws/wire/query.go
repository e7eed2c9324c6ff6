package wire

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/aws/smithy-go"
)

// Query is the protocol awsQuery: a form in, XML out.
type Query struct {
	Version   string // "2011-06-15"
	Namespace string // of the answers: "https://sts.amazonaws.com/doc/2011-06-15/"
}

// Operation implements Protocol.
func (p Query) Operation(r Request) string {
	form, err := url.ParseQuery(string(r.Body))
	if err != nil || form.Get("Version") != p.Version {
		return ""
	}
	return form.Get("Action")
}

// Decode implements Protocol.
func (p Query) Decode(r Request, in any) error {
	form, err := url.ParseQuery(string(r.Body))
	if err != nil {
		return err
	}
	return fromForm(reflect.ValueOf(in).Elem(), form, "")
}

// Encode implements Protocol.
func (p Query) Encode(operation, requestID string, out any) (Answer, error) {
	return p.answer(http.StatusOK, requestID, func(x *xmlWriter) {
		x.open(operation+"Response", xml.Attr{Name: xml.Name{Local: "xmlns"}, Value: p.Namespace})
		x.open(operation + "Result")
		x.members(reflect.ValueOf(out).Elem())
		x.close(operation + "Result")
		x.open("ResponseMetadata")
		x.text("RequestId", requestID)
		x.close("ResponseMetadata")
		x.close(operation + "Response")
	})
}

// EncodeError implements Protocol. On the wire a code is the exception's name without its suffix only where the
// service says so; the code is written as it is.
func (p Query) EncodeError(requestID string, failure smithy.APIError, status int) (Answer, error) {
	fault := "Sender"
	if failure.ErrorFault() == smithy.FaultServer {
		fault = "Receiver"
	}
	return p.answer(status, requestID, func(x *xmlWriter) {
		x.open("ErrorResponse", xml.Attr{Name: xml.Name{Local: "xmlns"}, Value: p.Namespace})
		x.open("Error")
		x.text("Type", fault)
		x.text("Code", failure.ErrorCode())
		x.text("Message", strings.TrimSpace(failure.ErrorMessage()))
		x.close("Error")
		x.text("RequestId", requestID)
		x.close("ErrorResponse")
	})
}

func (p Query) answer(status int, requestID string, write func(*xmlWriter)) (Answer, error) {
	a := Answer{Status: status, Header: http.Header{}}
	a.Header.Set("Content-Type", "text/xml")
	a.Header.Set("X-Amzn-Requestid", requestID)
	x := newXMLWriter()
	write(x)
	doc, err := x.finish()
	a.Body = doc
	return a, err
}
