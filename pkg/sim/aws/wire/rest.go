package wire

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/aws/smithy-go"
)

// REST is the protocol restJson1: the operation is in the method and the path, some members in the path, in the query
// or in headers, and the rest in a JSON body.
type REST struct {
	Routes []Route
	Style  Style
	Errors Style // of exceptions, which some services spell otherwise than the rest
}

// Route is how one operation is reached and which members of its input are not in the body.
type Route struct {
	Operation string            // "CreateEmailIdentityPolicy"
	Method    string            // "POST"
	Path      string            // "/v2/email/identities/{EmailIdentity}/policies/{PolicyName}": a label is a member
	Query     map[string]string // members by query parameter: "PageSize": "PageSize"
	Header    map[string]string // members by header: "X-Amzn-Client-Token": "ClientToken"
}

// Operation implements Protocol.
func (p REST) Operation(r Request) string {
	route, _, _ := p.route(r)
	return route.Operation
}

// Decode implements Protocol.
func (p REST) Decode(r Request, in any) error {
	route, bound, ok := p.route(r)
	if !ok {
		return fmt.Errorf("no operation is at %s %s", r.Method, r.Path)
	}
	if err := p.Style.decode(r.Body, in); err != nil {
		return err
	}
	for name, member := range route.Query {
		if r.Query.Has(name) {
			bound[member] = r.Query.Get(name)
		}
	}
	for name, member := range route.Header {
		if value := r.Header.Get(name); value != "" {
			bound[member] = value
		}
	}
	target := reflect.ValueOf(in).Elem()
	for member, value := range bound {
		field := target.FieldByName(member)
		if !field.IsValid() {
			return fmt.Errorf("%s has no member %s", route.Operation, member)
		}
		if err := fromForm(field, url.Values{member: {value}}, member); err != nil {
			return err
		}
	}
	return nil
}

// Encode implements Protocol.
func (p REST) Encode(_, requestID string, out any) (Answer, error) {
	return jsonAnswer(http.StatusOK, restType, requestID, p.Style.toJSON(reflect.ValueOf(out)))
}

// EncodeError implements Protocol: a header names the exception, the body has its members.
func (p REST) EncodeError(requestID string, failure smithy.APIError, status int) (Answer, error) {
	a, err := jsonAnswer(status, restType, requestID, p.Errors.failure(failure))
	a.Header.Set("X-Amzn-Errortype", failure.ErrorCode())
	return a, err
}

const restType = "application/json"

// route finds the operation of a request, and the members that its path holds.
func (p REST) route(r Request) (Route, map[string]string, bool) {
	for _, route := range p.Routes {
		if labels, ok := route.match(r.Path); ok && route.Method == r.Method {
			return route, labels, true
		}
	}
	return Route{}, nil, false
}

func (t Route) match(path string) (map[string]string, bool) {
	want, have := strings.Split(t.Path, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return nil, false
	}
	labels := map[string]string{}
	for i, segment := range want {
		value, err := url.PathUnescape(have[i])
		name, label := strings.CutPrefix(segment, "{")
		switch {
		case err != nil || label && value == "" || !label && segment != value:
			return nil, false
		case label:
			labels[strings.TrimSuffix(name, "}")] = value
		}
	}
	return labels, true
}
