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

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/clock"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// Life is one order under way, and what its callers have come to know of it.
type Life struct {
	*deployment
	ctx      context.Context // its calls end with it
	operator actors.Operator
	customer actors.Customer // nobody yet, before the draft
	aws      actors.AWS
	agent    actors.Agent
	mailbox  actors.Mailbox
	clock    actors.Clock
	out      io.Writer
	wait     time.Duration // of the customer, before it answers the invitation

	support     ordersv1.SupportOption
	family      string // name of the customer's person
	email, root string // addresses of the customer's person and of its management account

	sellerID, payerID, customerID, accountID, orderID, transferID string
	agreementID, relationshipID                                   string
}

// playTimeout ends a play that hangs. A busy machine takes minutes for what an idle one does in seconds, so that a walk of the
// clock has no limit of its own while it comes forward.
const playTimeout = 15 * time.Minute

// Play plays the life of the seed's worked example to the end of its first paid month: prepared by an operator and sent
// by mail, submitted by the customer alone, invited, reminded, accepted at AWS, put under contract, given a support
// channel, used for a month, and invoiced. It prints the timeline and ends with "journey ok".
func Play(ctx context.Context, t Target, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, playTimeout)
	defer cancel()
	machine := clock.Machine{}
	began := machine.Now()
	l, err := Begin(ctx, t, out)
	if err != nil {
		return err
	}
	defer l.Close()
	l.wait = wait
	if err := l.play(steps()...); err != nil {
		return err
	}
	events, err := printTimeline(l)
	if err != nil {
		return err
	}
	l.print("journey ok: order %s, transfer %s, agreement %s, first invoice mailed, %d events, %s",
		l.orderID, l.transferID, l.agreementID, events, machine.Now().Sub(began).Round(time.Millisecond))
	return nil
}

// wait is how long the customer lets the invitation lie: until 19 February in the worked example.
const wait = 3*24*time.Hour + time.Hour

// step is a part of a life that a reader can follow.
type step struct {
	name string
	play func(*Life) error
}

// steps are the whole of it, in order.
func steps() []step {
	return []step{
		{"an operator sets the reseller up and drafts the order", (*Life).setUp},
		{"the customer gets a link to it by mail", linked},
		{"nobody but the customer can submit it", (*Life).refuse},
		{"the customer submits; AWS sends the invitation", submitted},
		{"the customer is reminded until it accepts at AWS", accepted},
		{"AWS saw one invitation", func(l *Life) error { return oneInvitation(l, "ACCEPTED") }},
		{"AWS mails the service term; the customer accepts it", termed},
		{"the Bootstrap Role is found by entering it; an unsafe one is refused", roleEntered},
		{"people set the support channel up in ServiceNow", supported},
		{"the order is complete and the agreement active", completed},
		{"the transfer is live; a month is used and AWS invoices it", used},
		{"the first invoice is issued and mailed", invoiced},
		{"the gateway shows the same order", throughGateways},
		{"customer and operator each see their own part of the timeline", audiences},
	}
}

func (l *Life) play(steps ...step) error {
	for _, s := range steps {
		l.print("— %s", s.name)
		if err := s.play(l); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// Begin opens a deployment for the life of an order.
func Begin(ctx context.Context, t Target, out io.Writer) (*Life, error) {
	d, err := t.open()
	if err != nil {
		return nil, err
	}
	return d.newLife(ctx, out)
}

// Another begins the life of another order, of another customer, with the same reseller. Its calls end with ctx.
func (l *Life) Another(ctx context.Context, out io.Writer) (*Life, error) {
	other, err := l.newLife(ctx, out)
	if err != nil {
		return nil, err
	}
	other.support, other.sellerID, other.payerID = l.support, l.sellerID, l.payerID
	return other, nil
}

// newLife signs an operator in, who also has the sandbox's hands.
func (d *deployment) newLife(ctx context.Context, out io.Writer) (*Life, error) {
	one, err := d.signIn(actors.OperatorOne())
	return &Life{
		deployment: d, ctx: ctx, out: out, support: ordersv1.SupportOption_SUPPORT_OPTION_RESOLD,
		operator: actors.Operator{Person: one}, aws: actors.AWS{Person: one}, agent: actors.Agent{Person: one},
		mailbox: actors.Mailbox{Person: one}, clock: actors.Clock{Person: one, Timeout: 10 * time.Minute, Absent: d.retryFor},
	}, err
}

// asOperator and asCustomer are contexts to look around in.
func (l *Life) asOperator() context.Context { return l.operator.In(l.ctx) }
func (l *Life) asCustomer() context.Context { return l.customer.In(l.ctx) }

func (l *Life) print(format string, args ...any) { _, _ = fmt.Fprintf(l.out, format+"\n", args...) }
