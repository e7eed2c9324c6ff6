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

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/clock"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// Life is one order under way, and what its callers have come to know of it.
type Life struct {
	*suite
	plain    context.Context // of nobody yet
	operator context.Context
	customer context.Context
	out      io.Writer
	wait     time.Duration // of the customer, before it answers the invitation

	sellerID, payerID, customerID, accountID, orderID, transferID string
}

// Play plays the life of the seed's worked example up to the accepted transfer: prepared by an operator, refused to
// everybody but the customer, submitted, invited, accepted at AWS. It prints the timeline and ends with "journey ok".
func Play(ctx context.Context, t Target, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	machine := clock.Machine{}
	began := machine.Now()
	l, err := Begin(ctx, t, out)
	if err != nil {
		return err
	}
	defer l.Close()
	l.wait = 3*24*time.Hour + time.Hour
	for _, chapter := range []struct {
		name string
		play func() error
	}{
		{"an operator sets the reseller up and drafts the order", l.setUp},
		{"nobody but the customer can submit it", l.refuse},
		{"the customer submits; AWS sends the invitation", l.submitted},
		{"the customer accepts at AWS; the order goes on", l.accepted},
		{"AWS saw one invitation", l.countAtAWS},
		{"the outside door shows the same order", l.throughDoors},
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

// Begin opens a deployment for the life of an order.
func Begin(ctx context.Context, t Target, out io.Writer) (*Life, error) {
	s, err := t.open()
	if err != nil {
		return nil, err
	}
	l := &Life{suite: s, plain: ctx, out: out}
	if l.operator, err = s.as(ctx, operator()); err != nil {
		return nil, err
	}
	return l, nil
}

// Another begins the life of another order, of another customer, with the same reseller. Its calls end with ctx.
func (l *Life) Another(ctx context.Context, out io.Writer) (*Life, error) {
	operator, err := l.as(ctx, operator())
	return &Life{suite: l.suite, plain: ctx, operator: operator, out: out, sellerID: l.sellerID, payerID: l.payerID}, err
}

// know makes the customer a person that can call.
func (l *Life) know(ctx context.Context, p auth.Principal) (err error) {
	l.customer, err = l.as(ctx, p)
	return err
}

func (l *Life) print(format string, args ...any) { _, _ = fmt.Fprintf(l.out, format+"\n", args...) }

// now is the business time.
func (l *Life) now() (time.Time, error) {
	c, err := l.sandbox.GetClock(l.operator, &sandboxv1.GetClockRequest{})
	if err != nil {
		return time.Time{}, err
	}
	return c.GetClock().GetBusinessTime().AsTime(), nil
}

// Pass lets business time pass, and returns when the world is quiet again.
func (l *Life) Pass(d time.Duration) error {
	now, err := l.now()
	if err != nil {
		return err
	}
	to := now.Add(d)
	ctx, cancel := context.WithTimeout(l.operator, 2*time.Minute)
	defer cancel()
	resp, err := l.sandbox.AdvanceClock(once(ctx), &sandboxv1.AdvanceClockRequest{
		ToTime: timestamppb.New(to), Patience: durationpb.New(30 * time.Second),
	})
	if err != nil {
		return fmt.Errorf("until %s: %w", to.Format(time.RFC3339), err)
	}
	l.print("  %s after %d instants", resp.GetClock().GetBusinessTime().AsTime().Format("2006-01-02 15:04"), resp.GetInstantCount())
	return nil
}
