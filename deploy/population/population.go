package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/clock"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// population is a run: the reseller and its customers.
type population struct {
	flags  flags
	suite  *suite
	out    io.Writer
	random *rand.Rand

	operator          actors.Operator
	aws               actors.AWS
	clock             actors.Clock
	sellerID, payerID string

	began         time.Time
	customers     []*customer
	requesters    []*requester
	active        []inhabitant // who may still do something
	kills, faults int
}

// inhabitant is who does something from time to time.
type inhabitant interface {
	// day does what it does today, and reports whether there is anything left to do.
	day(ctx context.Context, p *population, today time.Time) (bool, error)
}

// quiet is how long nobody does anything at the end: what AWS holds is seen by then.
const quiet = 10

func (p *population) end() time.Time { return p.began.AddDate(0, p.flags.Months, 0) }

// live plays the run day by day.
func (p *population) live(ctx context.Context) error {
	machine := clock.Machine{}
	took := machine.Stopwatch()
	if err := p.open(ctx); err != nil {
		return err
	}
	coming := int(p.end().Sub(p.began).Hours() / 24 / 2) // days
	for day, today := 0, p.began; today.Before(p.end()); day, today = day+1, today.AddDate(0, 0, 1) {
		if err := p.signIn(); err != nil {
			return err
		}
		for p.came() < p.flags.Customers && p.came()*coming <= p.flags.Customers*day {
			if err := p.arrive(ctx); err != nil {
				return err
			}
		}
		if err := p.liveDay(ctx, today); err != nil {
			return err
		}
	}
	if err := p.pass(ctx, p.end().AddDate(0, 0, quiet), false); err != nil {
		return err
	}
	if err := p.judge(ctx); err != nil {
		return err
	}
	return p.report(ctx, took())
}

// came is how many have come.
func (p *population) came() int { return len(p.customers) + len(p.requesters) }

// arrive has the next one come.
func (p *population) arrive(ctx context.Context) error {
	number := p.came() + 1
	if number%everyFifth == 0 {
		q, err := p.request(ctx, number)
		p.requesters, p.active = append(p.requesters, q), append(p.active, q)
		return err
	}
	c, err := p.come(ctx, number)
	p.customers, p.active = append(p.customers, c), append(p.active, c)
	return err
}

// open makes the reseller with its payer and its prices.
func (p *population) open(ctx context.Context) (err error) {
	if err = p.signIn(); err != nil {
		return err
	}
	if p.began, err = p.clock.Now(ctx); err != nil {
		return err
	}
	if p.sellerID, err = p.operator.CreateSeller(ctx); err != nil {
		return fmt.Errorf("create the seller: %w", err)
	}
	if p.payerID, err = p.operator.CreatePayer(ctx, p.sellerID); err != nil {
		return fmt.Errorf("create the payer: %w", err)
	}
	quota := int32(p.flags.Customers)
	if err := p.aws.SetInboundQuota(ctx, actors.PayerAccount, quota); err != nil {
		return fmt.Errorf("raise its quota at AWS: %w", err)
	}
	if err := p.operator.UpdatePayer(ctx, p.payerID, &accounttransferv1.Payer{InboundQuota: quota}, "inbound_quota"); err != nil {
		return fmt.Errorf("raise its quota: %w", err)
	}
	return p.operator.CreatePricebook(ctx, p.sellerID, actors.Prices{Usage: "-3", PartnerLedSupport: "7", Rate: "0.9215"})
}

// signIn gives the reseller's people fresh tokens.
func (p *population) signIn() error {
	one, err := p.suite.signIn(actors.OperatorOne())
	p.operator, p.aws = actors.Operator{Person: one}, actors.AWS{Person: one}
	p.clock = actors.Clock{Person: one, Timeout: advanceTimeout, Absent: absent}
	return err
}

func (p *population) liveDay(ctx context.Context, today time.Time) error {
	var left []inhabitant
	for _, one := range p.active {
		more, err := one.day(ctx, p, today)
		if err != nil {
			return err
		}
		if more {
			left = append(left, one)
		}
	}
	p.active = left
	const month = 30
	if p.random.IntN(month) < p.flags.Faults {
		if err := p.disturb(ctx); err != nil {
			return err
		}
	}
	if today.Day() == 1 && today.After(p.began) {
		if err := p.turn(ctx, calendar.MonthOf(today.AddDate(0, 0, -1))); err != nil {
			return err
		}
	}
	return p.pass(ctx, today.AddDate(0, 0, 1), p.random.IntN(month) < p.flags.Kills)
}

// turn is the first of a month: AWS invoices the one before, and the run looks at everything.
func (p *population) turn(ctx context.Context, before calendar.Month) error {
	if _, err := p.aws.CloseMonth(ctx, before); err != nil {
		return fmt.Errorf("close %s at AWS: %w", before, err)
	}
	if p.flags.Verbose {
		_, _ = fmt.Fprintf(p.out, "%s: %d customers, %d of them about to act, %d kills, %d faults\n",
			before, p.came(), len(p.active), p.kills, p.faults)
	}
	return p.judge(ctx)
}

// disturb lets the next calls to somebody outside go wrong.
func (p *population) disturb(ctx context.Context) error {
	kinds := []sandboxv1.FaultKind{
		sandboxv1.FaultKind_FAULT_KIND_THROTTLE, sandboxv1.FaultKind_FAULT_KIND_SERVER_ERROR, sandboxv1.FaultKind_FAULT_KIND_LOST_ANSWER,
		sandboxv1.FaultKind_FAULT_KIND_DUPLICATE, sandboxv1.FaultKind_FAULT_KIND_RESET, sandboxv1.FaultKind_FAULT_KIND_LATE,
	}
	outside := []string{"organizations", "billingconductor", "partnercentral-channel", "sts", "servicenow", "smtp"}
	f := &sandboxv1.Fault{Service: outside[p.random.IntN(len(outside))], Kind: kinds[p.random.IntN(len(kinds))], Times: 1 + p.random.Int32N(3)}
	if f.GetKind() == sandboxv1.FaultKind_FAULT_KIND_LATE {
		f.Delay = durationpb.New(100 * time.Millisecond)
	}
	p.faults++
	if err := p.aws.SetFault(ctx, f); err != nil {
		return fmt.Errorf("set a fault: %w", err)
	}
	return nil
}

// pass lets time pass until an instant, and kills the suite on the way if it is to.
func (p *population) pass(ctx context.Context, to time.Time, kill bool) error {
	killed := make(chan error, 1)
	if kill {
		p.kills++
		after := time.Duration(p.random.Int64N(int64(time.Second)))
		go func() {
			err := clock.Machine{}.Wait(ctx, after)
			if err == nil {
				err = p.suite.kill(ctx)
			}
			killed <- err
		}()
	}
	_, err := p.clock.AdvanceTo(ctx, to)
	if kill {
		if killing := <-killed; killing != nil {
			return killing
		}
		_, err = p.clock.AdvanceTo(ctx, to) // what the kill has left behind
	}
	return err
}
