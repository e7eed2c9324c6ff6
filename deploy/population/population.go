package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/clock"
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
	known         map[string]inhabitant // by customer
	owners        map[string]*member    // whose own organization a payer is, by payer
	active        []inhabitant          // who may still do something
	desk          desk
	inbound       int32 // how many billing transfers AWS lets the payer receive
	accountQuota  int32 // how many accounts it lets its organization have
	kills, faults int
	took          costs
	doubled       doubles
}

// The quotas that the payer begins with at AWS, and the most that AWS grants.
const (
	fewInbound, fewAccounts = 10, 10
	mostInbound             = 10_000
)

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
			if err := timed(&p.took.acting, func() error { return p.arrive(ctx) }); err != nil {
				return fmt.Errorf("customer %d: %w", p.came()+1, err)
			}
		}
		if err := p.liveDay(ctx, today); err != nil {
			return err
		}
	}
	if err := p.pass(ctx, p.end().AddDate(0, 0, quiet), false); err != nil {
		return err
	}
	if err := timed(&p.took.judging, func() error { return p.judge(ctx, true) }); err != nil {
		return err
	}
	return p.report(ctx, took())
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
	p.known, p.owners = map[string]inhabitant{}, map[string]*member{}
	p.inbound, p.accountQuota = fewInbound-more, fewAccounts-more
	if err := errors.Join(p.raiseInbound(ctx), p.raiseAccounts(ctx)); err != nil {
		return err
	}
	return p.operator.CreatePricebook(ctx, p.sellerID, actors.Prices{Usage: "-3", PartnerLedSupport: "7", Rate: "0.9215"})
}

// signIn gives the reseller's people fresh tokens.
func (p *population) signIn() error {
	one, err := p.suite.signIn(actors.OperatorOne())
	p.operator, p.aws = actors.Operator{Person: one}, actors.AWS{Person: one}
	p.clock = actors.Clock{Person: one, Timeout: advanceTimeout, Absent: absent, Stride: stride}
	return err
}

// agent works in ServiceNow.
func (p *population) agent() actors.Agent { return actors.Agent{Person: p.operator.Person} }

func (p *population) liveDay(ctx context.Context, today time.Time) error {
	if err := timed(&p.took.acting, func() error { return p.act(ctx, today) }); err != nil {
		return err
	}
	const month = 30
	if p.random.IntN(6*month) == 0 { // Operations enters a wrong external id
		if err := p.enters(ctx, "mistaken"); err != nil {
			return fmt.Errorf("shut the suite out of the payer: %w", err)
		}
	}
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

// act has everybody do what they do today, first the customers, then Operations.
func (p *population) act(ctx context.Context, today time.Time) error {
	var left []inhabitant
	for _, one := range p.active {
		r := one.self()
		if today.Before(r.again) {
			left = append(left, one)
			continue
		}
		more, err := one.day(ctx, p, today)
		if err != nil {
			return fmt.Errorf("customer %d: %w", r.number, err)
		}
		if r.again = r.plan(today); more {
			left = append(left, one)
		}
	}
	p.active = left
	return p.operate(ctx, today)
}

// turn is the first of a month: AWS invoices the one before, and the run looks at everything.
func (p *population) turn(ctx context.Context, before calendar.Month) error {
	if _, err := p.aws.CloseMonth(ctx, before); err != nil {
		return fmt.Errorf("close %s at AWS: %w", before, err)
	}
	if p.flags.Verbose {
		_, _ = fmt.Fprintf(p.out, "%s: %d customers, %d of them about to act, %d kills, %d faults, %d calls at AWS; so far %s\n",
			before, p.came(), len(p.active), p.kills, p.faults, p.doubled.calls, p.took)
	}
	if err := p.clock.Settle(ctx); err != nil { // what was done today is under way
		return err
	}
	return timed(&p.took.judging, func() error { return p.judge(ctx, false) })
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
	if err := p.watch(ctx); err != nil {
		return err
	}
	if kill {
		return timed(&p.took.killing, func() error { return p.passKilled(ctx, to) })
	}
	return timed(&p.took.walking, func() error {
		instants, err := p.clock.AdvanceTo(ctx, to)
		p.took.instants += instants
		return err
	})
}

func (p *population) passKilled(ctx context.Context, to time.Time) error {
	p.kills++
	killed := make(chan error, 1)
	after := time.Duration(p.random.Int64N(int64(time.Second)))
	go func() {
		err := clock.Machine{}.Wait(ctx, after)
		if err == nil {
			err = errors.Join(p.watchCalls(ctx), p.suite.kill(ctx)) // what AWS was asked until then is forgotten with the kill
		}
		killed <- err
	}()
	_, err := p.clock.AdvanceTo(ctx, to)
	if killing := <-killed; killing != nil {
		return errors.Join(killing, err)
	}
	p.doubled.forgotten()
	_, err = p.clock.AdvanceTo(ctx, to) // what the kill has left behind
	return err
}
