package event

import (
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/pkg/errs"
)

// accept reads a message that was on a subject, and refuses what is no event or none that its owner published.
func (s Subscription) accept(subject string, header nats.Header, body []byte) (Message, error) {
	m, err := decode(header, body)
	if err == nil {
		err = s.fromOwner(subject, header, m)
	}
	return m, err
}

// fromOwner refuses what the owner of the stream did not publish there itself: the service and kind must be those that the
// subscription is for, and the subject the one that the message's own headers make. errs.Invalid "EVENT_FOREIGN".
func (s Subscription) fromOwner(subject string, header nats.Header, m Message) error {
	foreign := func(format string, args ...any) error {
		return errs.New(errs.Invalid, "EVENT_FOREIGN", format, args...)
	}
	if source := header.Get(ceSource); source != sourceOf(s.Service) || m.Service != s.Service || m.Noun != s.Noun {
		return foreign("the message says it is a %s of %s (source %s), in a subscription to a %s of %s",
			m.Noun, m.Service, source, s.Noun, s.Service)
	}
	if own := eventSubject(m.Service, m.Noun, m.Aggregate, m.Facts[len(m.Facts)-1]); subject != own {
		return foreign("the message was published on %s and says it belongs on %s", subject, own)
	}
	return nil
}

// sourceOf is the CloudEvents source of a service's events.
func sourceOf(service string) string { return "/handover/" + service }

// fromStream refuses a message that another stream's consumer sent to this one.
func (c *consumer) fromStream(msg jetstream.Msg) error {
	meta, err := msg.Metadata()
	if err == nil && meta.Stream == streamName(c.s.Service) && meta.Consumer == c.s.Consumer {
		return nil
	}
	return errs.New(errs.Invalid, "EVENT_FOREIGN", "the message does not come from the consumer %s of %s", c.s.Consumer, c.s.Service)
}
