package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nats-io/nats.go/jetstream"

	"example.com/handover/deploy/cluster"
	"example.com/handover/pkg/config"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/tlsfile"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// published reads what every subscriber was sent. It looks at the streams themselves, not through the suite: as each
// service, for a service reads its own stream and no other.
type published struct{ buses map[string]*event.Bus }

// connect connects as every service, with the secrets of a folder.
func (p *published) connect(folder, address string) error {
	p.buses = map[string]*event.Bus{}
	for _, service := range hosted() {
		bus, err := event.Connect("nats://"+address, event.Options{
			Name: "crash", User: service, Key: event.KeyFile(cluster.Key(folder, service)),
			TLS: tlsfile.Files{Authorities: config.File(filepath.Join(folder, "ca.crt"))}, Log: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			return err
		}
		p.buses[service] = bus
	}
	return nil
}

func (p *published) close() {
	for _, bus := range p.buses {
		bus.Close()
	}
}

// check compares the recorded facts of a life with what was published of its aggregates: each revision once, with all of its
// facts, in the order of revisions. After a republish some may come again, later.
func (p published) check(ctx context.Context, timeline []*typev1.Event, again bool) (wrong []string, err error) {
	recorded := map[string][]*typev1.Event{}
	for _, f := range timeline {
		subject := fmt.Sprintf("handover.%s.v1.%s.%s.>", f.GetService(), f.GetKind(), f.GetAggregateId())
		recorded[subject] = append(recorded[subject], f)
	}
	for subject, facts := range recorded {
		sent, err := p.revisionsOn(ctx, facts[0].GetService(), subject)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", subject, err)
		}
		if again {
			sent = firsts(sent)
		}
		if want := revisionsOf(facts); !slices.Equal(want, sent) {
			wrong = append(wrong, fmt.Sprintf("%s: recorded %q, published %q", subject, want, sent))
		}
	}
	return wrong, nil
}

// firsts leaves out what has come before.
func firsts(all []string) (out []string) {
	for _, one := range all {
		if !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return out
}

// revisionsOf spells each revision of an aggregate with its facts: "3 term_accepted,role_found".
func revisionsOf(facts []*typev1.Event) (revisions []string) {
	slices.SortFunc(facts, func(a, b *typev1.Event) int {
		return cmp.Or(cmp.Compare(a.GetRevision(), b.GetRevision()), cmp.Compare(a.GetOrdinal(), b.GetOrdinal()))
	})
	for i, f := range facts {
		if i > 0 && facts[i-1].GetRevision() == f.GetRevision() {
			revisions[len(revisions)-1] += "," + f.GetName()
			continue
		}
		revisions = append(revisions, fmt.Sprintf("%d %s", f.GetRevision(), f.GetName()))
	}
	return revisions
}

// revisionsOn spells the messages on a subject so, in the order in which they were published.
func (p published) revisionsOn(ctx context.Context, service, subject string) (revisions []string, err error) {
	s, err := p.buses[service].JetStream().Stream(ctx, "HANDOVER_"+strings.ToUpper(service))
	if err != nil {
		return nil, err
	}
	for next := uint64(1); ; {
		m, err := s.GetMsg(ctx, next, jetstream.WithGetMsgSubject(subject))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return revisions, nil
		}
		if err != nil {
			return nil, err
		}
		revisions, next = append(revisions, m.Header.Get("ce-revision")+" "+m.Header.Get("ce-facts")), m.Sequence+1
	}
}
