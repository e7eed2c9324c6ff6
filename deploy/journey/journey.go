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
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
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

	support     ordersv1.SupportOption
	family      string // name of the customer's person
	email, root string // addresses of the customer's person and of its management account

	sellerID, payerID, customerID, accountID, orderID, transferID string
	agreementID, relationshipID                                   string
}

// Play plays the life of the seed's worked example to the end of its first paid month: prepared by an operator and sent
// by mail, submitted by the customer alone, invited, reminded, accepted at AWS, put under contract, given a support
// channel, used for a month, and invoiced. It prints the timeline and ends with "journey ok".
func Play(ctx context.Context, t Target, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	machine := clock.Machine{}
	began := machine.Now()
	l, err := Begin(ctx, t, out)
	if err != nil {
		return err
	}
	defer l.Close()
	l.wait = wait
	if err := l.play(l.life()...); err != nil {
		return err
	}
	events, err := l.printTimeline()
	if err != nil {
		return err
	}
	l.print("journey ok: order %s, transfer %s, agreement %s, first invoice mailed, %d events, %s",
		l.orderID, l.transferID, l.agreementID, events, machine.Now().Sub(began).Round(time.Millisecond))
	return nil
}

// wait is how long the customer lets the invitation lie: until 19 February in the worked example.
const wait = 3*24*time.Hour + time.Hour

// chapter is a part of a life that a reader can follow.
type chapter struct {
	name string
	play func() error
}

// life is the whole of it, in order.
func (l *Life) life() []chapter {
	return []chapter{
		{"an operator sets the reseller up and drafts the order", l.setUp},
		{"the customer gets a link to it by mail", l.linked},
		{"nobody but the customer can submit it", l.refuse},
		{"the customer submits; AWS sends the invitation", l.submitted},
		{"the customer is reminded until it accepts at AWS", l.accepted},
		{"AWS saw one invitation", l.countAtAWS},
		{"AWS mails the service term; the customer accepts it", l.termed},
		{"the Bootstrap Role is found by entering it; an unsafe one is refused", l.entered},
		{"people set the support channel up in ServiceNow", l.supported},
		{"the order is complete and the agreement active", l.completed},
		{"the transfer is live; a month is used and AWS invoices it", l.used},
		{"the first invoice is issued and mailed", l.invoiced},
		{"the outside door shows the same order", l.throughDoors},
		{"everybody sees its own part of the story", l.audiences},
	}
}

func (l *Life) play(chapters ...chapter) error {
	for _, c := range chapters {
		l.print("— %s", c.name)
		if err := c.play(); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

// Begin opens a deployment for the life of an order.
func Begin(ctx context.Context, t Target, out io.Writer) (*Life, error) {
	s, err := t.open()
	if err != nil {
		return nil, err
	}
	l := &Life{suite: s, plain: ctx, out: out, support: ordersv1.SupportOption_SUPPORT_OPTION_RESOLD}
	if l.operator, err = s.as(ctx, operator()); err != nil {
		return nil, err
	}
	return l, nil
}

// Another begins the life of another order, of another customer, with the same reseller. Its calls end with ctx.
func (l *Life) Another(ctx context.Context, out io.Writer) (*Life, error) {
	operator, err := l.as(ctx, operator())
	return &Life{
		suite: l.suite, plain: ctx, operator: operator, out: out, support: l.support, sellerID: l.sellerID, payerID: l.payerID,
	}, err
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
	return l.PassTo(now.Add(d))
}

// PassTo lets business time pass until an instant; one that is over already is no error.
func (l *Life) PassTo(to time.Time) error {
	if now, err := l.now(); err != nil || !to.After(now) {
		return err
	}
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
