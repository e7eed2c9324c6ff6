package servicenow

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/intent"
)

const (
	answerMax = 10 << 20 // bytes
	listMax   = "100"    // records
)

// request is one call of the Table API. Version 2 answers an empty list with an empty list.
type request struct {
	method, table, sysID string
	params               url.Values
	fields               map[string]string // nil: no body
}

func (r request) path() string {
	path := "/api/now/v2/table/" + url.PathEscape(r.table)
	if r.sysID != "" {
		path += "/" + url.PathEscape(r.sysID)
	}
	return path + "?" + r.params.Encode()
}

// shown asks for some fields, and for plain values.
func shown(fields string) url.Values {
	return url.Values{"sysparm_fields": {fields}, "sysparm_exclude_reference_link": {"true"}}
}

// query joins the parts of an encoded query.
func query(parts ...string) string { return strings.Join(parts, "^") }

// literal spells a value in an encoded query.
func literal(value string) string { return strings.ReplaceAll(value, "^", "^^") }

func (c *Client) list(ctx context.Context, table, encoded, fields string, rows any) error {
	params := shown(fields)
	params.Set("sysparm_query", encoded)
	params.Set("sysparm_limit", listMax)
	return c.call(ctx, request{method: http.MethodGet, table: table, params: params}, rows)
}

// call makes a call and reads its result. A token may have ended before its time: the call is then made once more with
// another one.
func (c *Client) call(ctx context.Context, r request, result any) error {
	for first := true; ; first = false {
		authorize, err := c.authorization(ctx)
		if err != nil {
			return err
		}
		err = c.once(ctx, r, authorize, result)
		if !first || c.config.ClientID == "" || Classify(err).Class != intent.Denied {
			return err
		}
		c.tokens.forget()
	}
}

func (c *Client) once(ctx context.Context, r request, authorize func(*http.Request), result any) error {
	var body io.Reader
	if r.fields != nil {
		data, err := json.Marshal(r.fields)
		if err != nil {
			return &Error{Class: intent.Refused, cause: err}
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, c.config.URL+r.path(), body)
	if err != nil {
		return &Error{Class: intent.Later, cause: err}
	}
	req.Header.Set("Content-Type", "application/json")
	authorize(req)
	answer := envelope{}
	if err := c.send(req, &answer); err != nil {
		return err
	}
	return answer.into(result)
}

// send passes the gate, sends and decodes into answer.
func (c *Client) send(req *http.Request, answer any) error {
	if err := c.pass(req.Context()); err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	resp, err := c.http.Do(req)
	if err != nil {
		return silence(err)
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(resp.Body, answerMax))
	if err != nil {
		return &Error{Class: intent.Unanswered, Status: resp.StatusCode, cause: err}
	}
	if resp.StatusCode/100 != 2 {
		e := answered(resp, message(data))
		if resp.StatusCode == http.StatusTooManyRequests {
			c.pause.until(c.pause.now().Add(e.RetryAfter))
		}
		return e
	}
	if err := json.Unmarshal(data, answer); err != nil {
		return unreadable(resp.StatusCode, err)
	}
	return nil
}

func unreadable(status int, err error) *Error {
	return &Error{Class: intent.Unanswered, Status: status, cause: fmt.Errorf("the answer is not what was asked for: %w", err)}
}

// pass waits for nothing: a call that may not be made now is made later.
func (c *Client) pass(ctx context.Context) error {
	if left := c.pause.left(); left > 0 {
		return &Error{Class: intent.Later, RetryAfter: left, Message: "the instance has asked for a pause"}
	}
	if c.config.Gate == nil {
		return nil
	}
	err := c.config.Gate(ctx)
	if err == nil {
		return nil
	}
	e := &Error{Class: intent.Later, cause: err}
	if limit, ok := errors.AsType[*errs.Error](err); ok && limit.Kind == errs.Exhausted {
		e.Class, e.RetryAfter = intent.Later, limit.RetryAfter
	}
	return e
}
