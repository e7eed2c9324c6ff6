package rpc

import (
	"context"
	"errors"
	"maps"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
)

// Keys of ErrorInfo.metadata that carry an errs.Remedy.
const (
	metaWho   = "must_act"
	metaWhat  = "what"
	metaWhere = "where"
	metaUntil = "until" // RFC 3339
)

// ToStatus is what a caller gets to see of an error: code, message, and as details ErrorInfo (reason, domain, further
// facts and the remedy), BadRequest, RetryInfo, and Help when the remedy is a page. An error that keeps a domain has
// crossed the wire before and still names the service that refused. Of an INTERNAL error nothing is told. A nil error
// is OK. The remedy is said in the words that are handed in; nil: those that it carries itself.
func ToStatus(err error, domain string, words text.Words) *status.Status {
	if err == nil {
		return status.New(0, "")
	}
	e := classify(err)
	row := rowOfKind(e.Kind)
	if e.Kind == errs.Internal {
		e = errs.New(errs.Internal, row.name, "internal error; the request id finds it in the log")
	}
	if words == nil {
		words = text.Bare{}
	}
	s := status.New(row.code, strings.ToValidUTF8(e.Message, "?"))
	detailed, err := s.WithDetails(details(e, domain, row.name, words)...)
	if err != nil {
		return s // a detail that cannot be packed loses the details, not the code
	}
	return detailed
}

// classify finds or makes the errs.Error of any error.
func classify(err error) *errs.Error {
	e, known := errs.As(err)
	switch {
	case known && e.Kind != errs.Internal:
		return e
	case errors.Is(err, context.DeadlineExceeded): // also beneath an INTERNAL one: a driver gave up because we did
		return errs.Wrap(err, errs.Deadline, "DEADLINE_EXCEEDED", "the time given was not enough")
	case errors.Is(err, context.Canceled):
		return errs.Wrap(err, errs.Cancelled, "CANCELLED", "the caller went away")
	case known:
		return e
	}
	if s, ok := status.FromError(err); ok {
		return fromStatus(s)
	}
	return errs.Wrap(err, errs.Internal, "INTERNAL", "internal error")
}

func details(e *errs.Error, domain, reason string, words text.Words) []protoadapt.MessageV1 {
	if e.Domain != "" {
		domain = e.Domain
	}
	if e.Reason != "" {
		reason = e.Reason
	}
	meta := maps.Clone(e.Meta)
	var what, where string
	if r := e.Remedy; r != nil {
		what, where = words.Instruct(r.Text)
		meta = remedyMeta(meta, r, what, where)
	}
	out := []protoadapt.MessageV1{&errdetails.ErrorInfo{Reason: reason, Domain: domain, Metadata: meta}}
	if len(e.Fields) > 0 {
		bad := &errdetails.BadRequest{}
		for _, f := range e.Fields {
			bad.FieldViolations = append(bad.FieldViolations,
				&errdetails.BadRequest_FieldViolation{Field: f.Path, Reason: f.Reason, Description: f.Message})
		}
		out = append(out, bad)
	}
	if e.RetryAfter > 0 {
		out = append(out, &errdetails.RetryInfo{RetryDelay: durationpb.New(e.RetryAfter)})
	}
	if strings.HasPrefix(where, "https://") {
		out = append(out, &errdetails.Help{Links: []*errdetails.Help_Link{{Description: what, Url: where}}})
	}
	return out
}

func remedyMeta(meta map[string]string, r *errs.Remedy, what, where string) map[string]string {
	if meta == nil {
		meta = map[string]string{}
	}
	set := func(key, value string) {
		if value != "" {
			meta[key] = value
		}
	}
	set(metaWho, r.Who)
	set(metaWhat, what)
	set(metaWhere, where)
	if !r.Until.IsZero() {
		set(metaUntil, r.Until.UTC().Format(time.RFC3339Nano))
	}
	return meta
}
