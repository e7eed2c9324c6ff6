// Package errs is the one error type of the suite: a kind that decides the gRPC code, the log level and the HTTP
// status; a machine-readable reason; field violations; and, where a person can mend it, who must act and where.
//
// It owns no codes and no transport (pkg/rpc turns kinds into statuses) and imports leaves only, so
// that a domain package may use it.
package errs

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"example.com/handover/pkg/text"
)

// Kind says whose fault a failure is and whether trying again can help.
type Kind int

// The kinds. The zero value is Internal, so that an error nobody classified is ours.
const (
	Internal        Kind = iota // a bug, or a promise that we broke: logged with its cause, told to nobody
	Invalid                     // the request is wrong whatever the state: fix it and send it again
	NotFound                    // no such thing, or not yours to see
	Exists                      // the id or a unique value is taken by something else
	Precondition                // the state refuses the call: see it, mend it, call again
	Conflict                    // somebody else was faster (etag): read again, then decide
	Denied                      // known, but not allowed
	Unauthenticated             // not known
	Exhausted                   // a quota or limit is used up: later
	Unavailable                 // something we need is away: the same call may succeed later
	Deadline                    // the time given was not enough
	Cancelled                   // the caller went away
	Unimplemented               // no such verb here
)

// Field is one violation: Path in proto notation ("lines[1].quantity"), Reason a stable identifier.
type Field struct {
	Path, Reason, Message string
}

// Remedy tells a person how to go on.
type Remedy struct {
	Who   string    // who must act: CUSTOMER, OPERATOR, AWS …
	Text  text.Text // what to do, one sentence, and where: a page, console or RPC
	Until time.Time // after this it is too late; zero: no date
}

// Error is what every package returns for a failure that a caller can branch on.
type Error struct {
	Kind       Kind
	Reason     string            // SCREAMING_SNAKE_CASE, a value of the service's Reason enum
	Message    string            // for the caller; never personal data, never a cause's text
	Domain     string            // the service that refused; empty until it crosses the wire
	Fields     []Field           // for Invalid
	Remedy     *Remedy           // nil: nothing a person can do
	Meta       map[string]string // further facts a program may use
	RetryAfter time.Duration     // zero: no advice
	cause      error
}

// New returns an error without a cause.
func New(kind Kind, reason, format string, args ...any) *Error {
	return &Error{Kind: kind, Reason: reason, Message: fmt.Sprintf(format, args...)}
}

// Wrap keeps cause for the log and for errors.Is; the caller sees only the message.
func Wrap(cause error, kind Kind, reason, format string, args ...any) *Error {
	e := New(kind, reason, format, args...)
	e.cause = cause
	return e
}

// InvalidField is the common case of one wrong field.
func InvalidField(path, reason, format string, args ...any) *Error {
	return New(Invalid, reason, format, args...).WithField(path, reason, fmt.Sprintf(format, args...))
}

func (e *Error) Error() string {
	s := e.Message
	if e.Reason != "" {
		s = e.Reason + ": " + s
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.cause }

// WithField returns a copy with one violation more.
func (e *Error) WithField(path, reason, message string) *Error {
	c := *e
	c.Fields = append(slices.Clone(e.Fields), Field{path, reason, message})
	return &c
}

// WithRemedy returns a copy that names who must act, what, where and until when.
func (e *Error) WithRemedy(r Remedy) *Error {
	c := *e
	c.Remedy = &r
	return &c
}

// WithMeta returns a copy with one further fact.
func (e *Error) WithMeta(key, value string) *Error {
	c := *e
	c.Meta = maps.Clone(e.Meta)
	if c.Meta == nil {
		c.Meta = map[string]string{}
	}
	c.Meta[key] = value
	return &c
}

// As finds the Error in err's chain.
func As(err error) (*Error, bool) {
	e, ok := errors.AsType[*Error](err)
	return e, ok
}

// KindOf is Internal for an error nobody classified.
func KindOf(err error) Kind {
	if e, ok := As(err); ok {
		return e.Kind
	}
	return Internal
}

// ReasonOf is empty for an error nobody classified.
func ReasonOf(err error) string {
	if e, ok := As(err); ok {
		return e.Reason
	}
	return ""
}
