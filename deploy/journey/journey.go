// Package journey plays the life of an order against a running deployment, from outside and through its contract alone:
// the same code against the all-in-one, separate processes, and two replicas of each service.
//
// It owns no wiring of services and looks into no database: what it asserts, a caller can see.
package journey

import (
	"context"
	"fmt"
	"io"
	"time"

	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/clock"
)

// life is one journey under way and what it has come to know.
type life struct {
	*suite
	plain    context.Context // of nobody yet
	operator context.Context
	customer context.Context
	out      io.Writer

	sellerID, payerID, customerID, contactID, accountID, orderID, transferID string
}

// Play plays the life of the seed's worked example up to the accepted transfer: prepared by an operator, refused to
// everybody but the customer, submitted, invited, accepted at AWS. It prints the timeline and ends with "journey ok".
func Play(ctx context.Context, t Target, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	machine := clock.Machine{}
	began := machine.Now()
	l, err := begin(ctx, t, out)
	if err != nil {
		return err
	}
	defer l.close()
	for _, chapter := range []struct {
		name string
		play func() error
	}{
		{"an operator sets the reseller up and drafts the order", l.draft},
		{"nobody but the customer can submit it", l.refuse},
		{"the customer submits; AWS sends the invitation", l.submit},
		{"the customer accepts at AWS; the order goes on", l.accept},
		{"AWS saw one invitation", l.countAtAWS},
	} {
		l.print("— %s", chapter.name)
		if err := chapter.play(); err != nil {
			return fmt.Errorf("%s: %w", chapter.name, err)
		}
	}
	events, err := l.printTimeline()
	if err != nil {
		return err
	}
	l.print("journey ok: order %s, transfer %s accepted, 1 invitation, %d events, %s",
		l.orderID, l.transferID, events, machine.Now().Sub(began).Round(time.Millisecond))
	return nil
}

func begin(ctx context.Context, t Target, out io.Writer) (*life, error) {
	s, err := t.open()
	if err != nil {
		return nil, err
	}
	l := &life{suite: s, plain: ctx, out: out}
	if l.operator, err = s.as(ctx, operator()); err != nil {
		return nil, err
	}
	return l, nil
}

// know makes the customer a person that can call.
func (l *life) know(ctx context.Context, p auth.Principal) (err error) {
	l.customer, err = l.as(ctx, p)
	return err
}

func (l *life) print(format string, args ...any) { _, _ = fmt.Fprintf(l.out, format+"\n", args...) }

// now is the business time.
func (l *life) now() (time.Time, error) {
	c, err := l.sandbox.GetClock(l.operator, &sandboxv1.GetClockRequest{})
	if err != nil {
		return time.Time{}, err
	}
	return c.GetClock().GetBusinessTime().AsTime(), nil
}

// advance walks the business clock and waits until the world is quiet.
func (l *life) advance(to time.Time) error {
	ctx, cancel := context.WithTimeout(l.operator, 2*time.Minute)
	defer cancel()
	resp, err := l.sandbox.AdvanceClock(once(ctx), &sandboxv1.AdvanceClockRequest{
		ToTime: timestamppb.New(to), Patience: durationpb.New(30 * time.Second),
	})
	if err != nil {
		return err
	}
	l.print("  %s after %d instants", resp.GetClock().GetBusinessTime().AsTime().Format("2006-01-02 15:04"), resp.GetInstantCount())
	return nil
}
