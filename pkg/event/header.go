package event

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
)

// The headers of a message: CloudEvents 1.0 in binary mode. Below dataschema they are our extension attributes.
const (
	ceSpec        = "ce-specversion"
	ceID          = "ce-id"
	ceSource      = "ce-source"  // /handover/<service>
	ceType        = "ce-type"    // handover.<service>.v1.<noun>.<name of the last fact>
	ceSubject     = "ce-subject" // the aggregate's id
	ceTime        = "ce-time"    // business time, RFC 3339
	ceSchema      = "ce-dataschema"
	ceRevision    = "ce-revision"
	ceFacts       = "ce-facts" // names of all facts, in order, separated by commas
	ceCustomer    = "ce-customer"
	ceCorrelation = "ce-correlation"
	ceCause       = "ce-cause"
	ceActor       = "ce-actor"
	ceRole        = "ce-actorrole"
	ceOnBehalfOf  = "ce-onbehalfof"
	contentType   = "content-type"
	traceParent   = "traceparent"

	protobufType = "application/protobuf"
	schemaPrefix = "type.googleapis.com/"
)

// encode turns a revision into the message that is published. Reasons and details stay in the service: a consumer acts
// on state.
func encode(service string, r store.Revision) *nats.Msg {
	last := r.Facts[len(r.Facts)-1]
	m := nats.NewMsg(eventSubject(service, r.Kind, r.Aggregate, last))
	m.Data = r.Body
	m.Header.Set(jetstream.MsgIDHeader, r.ID)
	m.Header.Set(contentType, protobufType)
	for name, value := range map[string]string{
		ceSpec:        "1.0",
		ceID:          r.ID,
		ceSource:      sourceOf(service),
		ceType:        "handover." + service + ".v1." + r.Kind + "." + last,
		ceSubject:     r.Aggregate,
		ceTime:        r.OccurredAt.UTC().Format(time.RFC3339Nano),
		ceSchema:      schemaPrefix + r.Type,
		ceRevision:    strconv.FormatInt(r.Revision, 10),
		ceFacts:       strings.Join(r.Facts, ","),
		ceCustomer:    r.Customer,
		ceCorrelation: r.Correlation,
		ceCause:       r.Cause,
		ceActor:       r.Actor.Subject,
		ceRole:        r.Actor.Role,
		ceOnBehalfOf:  r.Actor.OnBehalfOf,
		traceParent:   r.Trace,
	} {
		if value != "" {
			m.Header.Set(name, escape(value))
		}
	}
	return m
}

// decode reads a message back from its headers and body, from the stream or from a dead letter. What is not one of
// our events is errs.Invalid "EVENT_MALFORMED".
func decode(header nats.Header, body []byte) (Message, error) {
	r := headerReader{header: header}
	m := Message{
		ID:          r.required(ceID),
		Aggregate:   r.required(ceSubject),
		Customer:    r.value(ceCustomer),
		Correlation: r.value(ceCorrelation),
		Cause:       r.value(ceCause),
		Actor: call.Actor{
			Subject: r.value(ceActor), Role: r.value(ceRole), OnBehalfOf: r.value(ceOnBehalfOf),
		},
		Revision:   r.number(ceRevision),
		Facts:      strings.Split(r.required(ceFacts), ","),
		OccurredAt: r.instant(ceTime),
		Type:       strings.TrimPrefix(r.value(ceSchema), schemaPrefix),
		Body:       body,
		Trace:      r.value(traceParent),
	}
	m.Service, m.Noun = r.kind()
	if r.err != nil {
		return m, errs.Wrap(r.err, errs.Invalid, "EVENT_MALFORMED", "message %q is not an event", m.ID)
	}
	return m, nil
}

// headerReader remembers the first thing that was wrong.
type headerReader struct {
	header nats.Header
	err    error
}

func (r *headerReader) fail(name string, err error) {
	if r.err == nil {
		r.err = fmt.Errorf("header %s: %w", name, err)
	}
}

func (r *headerReader) value(name string) string {
	s, err := url.PathUnescape(r.header.Get(name))
	if err != nil {
		r.fail(name, err)
	}
	return s
}

func (r *headerReader) required(name string) string {
	s := r.value(name)
	if s == "" {
		r.fail(name, fmt.Errorf("is missing"))
	}
	return s
}

func (r *headerReader) number(name string) int64 {
	n, err := strconv.ParseInt(r.value(name), 10, 64)
	if err != nil {
		r.fail(name, err)
	}
	return n
}

func (r *headerReader) instant(name string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, r.value(name))
	if err != nil {
		r.fail(name, err)
	}
	return t
}

// kind takes service and noun from handover.<service>.v1.<noun>.<name>.
func (r *headerReader) kind() (service, noun string) {
	parts := strings.SplitN(r.value(ceType), ".", 5)
	if len(parts) != 5 || parts[0] != "handover" {
		r.fail(ceType, fmt.Errorf("%q is not an event type of ours", r.value(ceType)))
		return "", ""
	}
	return parts[1], parts[3]
}

// escape is the percent encoding that CloudEvents asks of header values: everything outside printable ASCII, and
// space, double quote and percent.
func escape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || c == '"' || c == '%' {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
