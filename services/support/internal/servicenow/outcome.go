package servicenow

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"example.com/handover/pkg/intent"
)

// Error is what became of a call that is not Done. Refused is a rule, a right, or no such record; Denied are credentials
// that are not accepted; Later too many calls, or a request that was not sent; Unanswered a time-out, a 5xx, or a page
// instead of JSON.
type Error struct {
	Class      intent.Class
	Status     int           // of the HTTP answer; 0: there was none
	Message    string        // ServiceNow's own words; for operators and logs, never for customers
	RetryAfter time.Duration // what ServiceNow asked for; zero: nothing
	cause      error
}

func (e *Error) Error() string {
	s := fmt.Sprintf("ServiceNow %s", e.Class)
	if e.Status != 0 {
		s += fmt.Sprintf(" (%d)", e.Status)
	}
	if e.Message != "" {
		s += ": " + e.Message
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.cause }

// Classify reads the error of a call; nil is Done.
func Classify(err error) Error {
	if err == nil {
		return Error{Class: intent.Done}
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return *e
	}
	return Error{Class: intent.Unanswered, cause: err}
}

// Outcome is what a call's error means to the case. A password that is wrong is wrong for every case: each waits until it
// is mended, as for an instance that is away.
func Outcome(err error) intent.Outcome {
	e := Classify(err)
	o := intent.Outcome{Class: e.Class, Message: e.Message, RetryAfter: e.RetryAfter}
	if e.Status != 0 {
		o.Code = strconv.Itoa(e.Status)
	}
	if o.Class == intent.Denied {
		o.Class = intent.Later
	}
	return o
}

// Unsettled is the error of a look that follows a write: the write was done, so that it must be looked for again.
func Unsettled(err error) error {
	if err == nil {
		return nil
	}
	e := Classify(err)
	return &Error{Class: intent.Unanswered, Message: e.Message, RetryAfter: e.RetryAfter, cause: err}
}

// silence is a call without an answer. It is Unanswered unless it is certain that nothing was sent.
func silence(err error) *Error {
	e := &Error{Class: intent.Unanswered, cause: err}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		e.Class = intent.Later
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		e.Class = intent.Later
	}
	return e
}

// answered is an answer that is no result.
func answered(resp *http.Response, message string) *Error {
	e := &Error{Class: intent.Refused, Status: resp.StatusCode, Message: message}
	switch {
	case resp.StatusCode == http.StatusUnauthorized:
		e.Class = intent.Denied
	case resp.StatusCode == http.StatusTooManyRequests:
		e.Class, e.RetryAfter = intent.Later, retryAfter(resp)
	case resp.StatusCode >= http.StatusInternalServerError, resp.StatusCode < http.StatusBadRequest:
		e.Class = intent.Unanswered
	}
	return e
}

// retryAfter is in seconds, and often missing.
func retryAfter(resp *http.Response) time.Duration {
	seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, longestPause)
}

// ignored is an answer that contains what was not asked for: the instance ignored a part of the question that it does
// not understand, so that nothing can be concluded, least of all that a record is not there.
func ignored(table string) *Error {
	return &Error{Class: intent.Refused, Message: "the instance ignored a part of the question to " + table}
}
