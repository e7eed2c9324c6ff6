package rpc

import (
	"errors"
	"io"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
)

// FromStatus rebuilds the *errs.Error that a service answered with, its domain kept. Its cause still gives the gRPC
// status to libraries that ask for it. Nil, io.EOF (the end of a stream) and what is an *errs.Error already are
// returned as they are; an error without a status is Internal.
func FromStatus(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	if _, ok := errs.As(err); ok {
		return err
	}
	return classify(err)
}

func fromStatus(s *status.Status) *errs.Error {
	row := rowOfCode(s.Code())
	e := errs.Wrap(answer{s}, row.kind, row.name, "%s", undecorated(s.Message()))
	for _, d := range s.Details() {
		switch d := d.(type) {
		case *errdetails.ErrorInfo:
			e.Reason, e.Domain = d.GetReason(), d.GetDomain()
			e.Remedy, e.Meta = splitMeta(d.GetMetadata())
		case *errdetails.BadRequest:
			for _, v := range d.GetFieldViolations() {
				e.Fields = append(e.Fields, errs.Field{Path: v.GetField(), Reason: v.GetReason(), Message: v.GetDescription()})
			}
		case *errdetails.RetryInfo:
			e.RetryAfter = d.GetRetryDelay().AsDuration()
		}
	}
	return e
}

// undecorated takes off what gRPC puts before the message of its last attempt.
func undecorated(message string) string {
	if rest, ok := strings.CutPrefix(message, "max retries exhausted: "); ok {
		if _, sent, found := strings.Cut(rest, " desc = "); found {
			return sent
		}
	}
	return message
}

// splitMeta takes the remedy out of the metadata, in the words in which it was said.
func splitMeta(meta map[string]string) (*errs.Remedy, map[string]string) {
	var r errs.Remedy
	var what, where string
	var rest map[string]string
	for key, value := range meta {
		switch key {
		case metaWho:
			r.Who = value
		case metaWhat:
			what = value
		case metaWhere:
			where = value
		case metaUntil:
			r.Until, _ = time.Parse(time.RFC3339Nano, value) // another's malformed date is no date
		default:
			if rest == nil {
				rest = map[string]string{}
			}
			rest[key] = value
		}
	}
	if what != "" || where != "" {
		r.Text = text.Said(what, where)
	}
	if r.Who == "" && r.Text.IsZero() && r.Until.IsZero() {
		return nil, rest
	}
	return &r, rest
}

// answer is the cause of an error that came over the wire: short in the log, whole for who asks for the status.
type answer struct{ status *status.Status }

func (a answer) Error() string { return "answered " + rowOfCode(a.status.Code()).name }

// GRPCStatus makes status.FromError work on the rebuilt error.
func (a answer) GRPCStatus() *status.Status { return a.status }
