package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/pkg/event"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// published reads what every subscriber was sent. It looks at the streams themselves, not through the suite.
type published struct{ bus *event.Bus }

// check compares the recorded facts of a life with what was published of its aggregates: each once, in the order of revisions.
func (p published) check(ctx context.Context, timeline []*typev1.Event) (wrong []string, err error) {
	recorded := map[string][]*typev1.Event{}
	for _, f := range timeline {
		subject := fmt.Sprintf("handover.%s.v1.%s.%s.>", f.GetService(), f.GetKind(), f.GetAggregateId())
		recorded[subject] = append(recorded[subject], f)
	}
	for subject, facts := range recorded {
		ids, err := p.idsOn(ctx, "HANDOVER_"+strings.ToUpper(facts[0].GetService()), subject)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", subject, err)
		}
		slices.SortFunc(facts, func(a, b *typev1.Event) int {
			return cmp.Or(cmp.Compare(a.GetRevision(), b.GetRevision()), cmp.Compare(a.GetOrdinal(), b.GetOrdinal()))
		})
		var want []string
		for _, f := range facts {
			want = append(want, f.GetEventId())
		}
		if !slices.Equal(want, ids) {
			wrong = append(wrong, fmt.Sprintf("%s: recorded %v, published %v", subject, want, ids))
		}
	}
	return wrong, nil
}

// idsOn returns the ids of the events on a subject, in the order in which they were published.
func (p published) idsOn(ctx context.Context, stream, subject string) (ids []string, err error) {
	s, err := p.bus.JetStream().Stream(ctx, stream)
	if err != nil {
		return nil, err
	}
	for next := uint64(1); ; {
		m, err := s.GetMsg(ctx, next, jetstream.WithGetMsgSubject(subject))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return ids, nil
		}
		if err != nil {
			return nil, err
		}
		ids, next = append(ids, m.Header.Get(jetstream.MsgIDHeader)), m.Sequence+1
	}
}
