package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/clock"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// costs are what a run has spent its time on.
type costs struct {
	acting, walking, killing, judging time.Duration
	instants                          int // at which the clock has stopped
}

func (c costs) String() string {
	return fmt.Sprintf("acting %s, walking %s over %d instants, killing %s, judging %s", c.acting.Round(time.Second),
		c.walking.Round(time.Second), c.instants, c.killing.Round(time.Second), c.judging.Round(time.Second))
}

// timed adds what something takes to a cost.
func timed(to *time.Duration, do func() error) error {
	took := clock.Machine{}.Stopwatch()
	err := do()
	*to += took()
	return err
}

// report prints what became of everybody, and what that has cost.
func (p *population) report(ctx context.Context, took time.Duration) error {
	counts := map[string]map[string]int{}
	count := func(kind, state, prefix string) {
		if counts[kind] == nil {
			counts[kind] = map[string]int{}
		}
		counts[kind][strings.TrimPrefix(state, prefix)]++
	}
	for _, one := range p.known {
		switch who := one.(type) {
		case *customer:
			if err := p.counts(ctx, "billing transfers", who.transferID, count); err != nil {
				return err
			}
		case *member:
			if err := p.counts(ctx, "memberships", who.transferID, count); err != nil {
				return err
			}
		case *requester:
			r, err := who.get(ctx, p)
			if err != nil {
				return err
			}
			count("account requests", r.GetState().String(), "ACCOUNT_REQUEST_STATE_")
		}
	}
	if err := p.countEndings(ctx, count); err != nil {
		return err
	}
	for _, kind := range slices.Sorted(maps.Keys(counts)) {
		_, _ = fmt.Fprintf(p.out, "%s: %s\n", kind, list(counts[kind]))
	}
	days := p.end().Sub(p.began).Hours() / 24
	_, _ = fmt.Fprintln(p.out, p.took)
	_, _ = fmt.Fprintf(p.out, "%.2f customers/s, %.2f simulated days/s, %.0f calls at AWS and %.1f mails a simulated day\n",
		float64(p.came())/took.Seconds(), days/took.Seconds(), float64(p.doubled.calls)/days, float64(p.doubled.mails)/days)
	_, _ = fmt.Fprintf(p.out, "population ok: %d customers, %d months, %d kills, %d faults, seed %d, %s\n",
		p.came(), p.flags.Months, p.kills, p.faults, p.flags.Seed, took.Round(time.Second))
	return nil
}

func (p *population) counts(ctx context.Context, kind, transferID string, count func(kind, state, prefix string)) error {
	t, err := p.transfer(ctx, "", transferID)
	if err != nil {
		return err
	}
	if t == nil {
		count(kind, "NO_PAYER", "")
		return nil
	}
	count(kind, t.GetState().String(), "TRANSFER_STATE_")
	count("their connections", t.GetConnection().GetState().String(), "CONNECTION_STATE_")
	if c := t.GetConsentId(); c != "" {
		consent, err := p.consent(ctx, c)
		if err != nil {
			return err
		}
		count("consents", consent.GetState().String(), "CONSENT_STATE_")
	}
	for _, one := range t.GetConnection().GetMembers() {
		count("linked accounts", one.GetState().String(), "MEMBER_STATE_")
	}
	return nil
}

func (p *population) countEndings(ctx context.Context, count func(kind, state, prefix string)) error {
	see := func(o *ordersv1.Order) {
		phase := o.GetTermination().GetPhase()
		switch {
		case o.GetType() != ordersv1.OrderType_ORDER_TYPE_TERMINATION:
		case o.GetFailure() != nil:
			count("terminations", o.GetFailure().GetCode().String(), "ORDER_FAILURE_CODE_TERMINATION_")
		default:
			count("terminations", phase.String(), "TERMINATION_PHASE_")
		}
	}
	return every(see, func(token string) ([]*ordersv1.Order, string, error) {
		resp, err := p.operator.Orders.ListOrders(p.operator.In(ctx), &ordersv1.ListOrdersRequest{PageSize: page, PageToken: token})
		return resp.GetOrders(), resp.GetNextPageToken(), err
	})
}

func list(counts map[string]int) string {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		words = append(words, fmt.Sprintf("%d %s", counts[name], name))
	}
	return strings.Join(words, ", ")
}
