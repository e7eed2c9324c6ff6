package servicenow

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"
)

// Class says whether a call had its effect.
type Class string

// The classes. Only after Unanswered the effect is unknown; after all others but Done it surely does not exist.
const (
	Done       Class = "DONE"       // answered, and it exists
	Refused    Class = "REFUSED"    // ServiceNow will not do it: a rule, a right, or no such record
	Denied     Class = "DENIED"     // the credentials are not accepted
	Throttled  Class = "THROTTLED"  // too many calls: later
	Unreached  Class = "UNREACHED"  // the request was not sent
	Unanswered Class = "UNANSWERED" // sent, and no clear answer: time-out, 5xx, a page instead of JSON. Look before repeating
)

// Error is what became of a call that is not Done.
type Error struct {
	Class      Class
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
		return Error{Class: Done}
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return *e
	}
	return Error{Class: Unanswered, cause: err}
}

// silence is a call without an answer. It is Unanswered unless it is certain that nothing was sent.
func silence(err error) *Error {
	e := &Error{Class: Unanswered, cause: err}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		e.Class = Unreached
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		e.Class = Unreached
	}
	return e
}

// answered is an answer that is no result.
func answered(resp *http.Response, message string) *Error {
	e := &Error{Class: Refused, Status: resp.StatusCode, Message: message}
	switch {
	case resp.StatusCode == http.StatusUnauthorized:
		e.Class = Denied
	case resp.StatusCode == http.StatusTooManyRequests:
		e.Class, e.RetryAfter = Throttled, retryAfter(resp)
	case resp.StatusCode >= http.StatusInternalServerError, resp.StatusCode < http.StatusBadRequest:
		e.Class = Unanswered
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
	return &Error{Class: Refused, Message: "the instance ignored a part of the question to " + table}
}
