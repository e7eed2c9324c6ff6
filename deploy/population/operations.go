package main

import (
	"context"
	"fmt"
	"time"

	"example.com/handover/deploy/actors"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// desk is what Operations knows of each thing that its list shows.
type desk map[string]task

// task is one of them.
type task struct {
	wait   string    // what it waits for
	visits int       // how many different waits it has had
	at     time.Time // when somebody sees to it; zero: nobody does
}

// rest is after how long an operator comes back to what it has not ended.
const rest = 3

// operate has Operations work what its list shows: soon, late or never, as chance has it for each wait.
func (p *population) operate(ctx context.Context, today time.Time) error {
	var all []*typev1.Action
	if err := p.actions(ctx, func(a *typev1.Action) { all = append(all, a) }); err != nil {
		return err
	}
	before := p.desk
	p.desk = make(desk, len(all))
	for _, shown := range all {
		t := before[shown.GetResourceId()].shows(p.natureOf(shown.GetCustomerId()), shown, today)
		if !t.at.IsZero() && !today.Before(t.at) {
			t.at = today.AddDate(0, 0, rest)
			if err := p.work(ctx, shown, today); err != nil {
				return fmt.Errorf("work on %s: %w", shown.GetResourceId(), err)
			}
		}
		p.desk[shown.GetResourceId()] = t
	}
	return nil
}

// shows is the task as the list shows it today. A wait that has changed or was escalated is another one, of which another operator may
// take care.
func (t task) shows(of nature, shown *typev1.Action, today time.Time) task {
	w := shown.GetWaiting()
	wait := fmt.Sprint(w.GetEscalated(), w.GetOwner(), w.GetStepKey(), w.GetWhat())
	if t.wait == wait {
		return t
	}
	t.wait, t.visits = wait, t.visits+1
	a := of.draw(fmt.Sprint(shown.GetKind(), w.GetStepKey(), t.visits), 9, 100, "", "")
	if t.at = today.AddDate(0, 0, a.days); a.days == never {
		t.at = time.Time{}
	}
	return t
}

// natureOf is the nature of a customer; what belongs to none has one as well.
func (p *population) natureOf(customerID string) nature {
	if who := p.known[customerID]; who != nil {
		return who.self().nature
	}
	return nature{seed: p.flags.Seed}
}

func (p *population) work(ctx context.Context, shown *typev1.Action, today time.Time) error {
	if shown.GetKind() == typev1.ActionKind_ACTION_KIND_PAYER {
		return p.workPayer(ctx, shown.GetResourceId())
	}
	who := p.known[shown.GetCustomerId()]
	if who == nil {
		return fmt.Errorf("nobody knows its customer %q", shown.GetCustomerId())
	}
	return who.work(ctx, p, shown, today)
}

// worked are the kinds of actions that an operator knows what to do about. Cases are worked on in ServiceNow, and of the others nothing is
// expected: the verdict looks at them where they are.
func worked() []typev1.ActionKind {
	return []typev1.ActionKind{
		typev1.ActionKind_ACTION_KIND_TRANSFER, typev1.ActionKind_ACTION_KIND_CONNECTION, typev1.ActionKind_ACTION_KIND_CONSENT,
		typev1.ActionKind_ACTION_KIND_ACCOUNT_REQUEST, typev1.ActionKind_ACTION_KIND_PAYER, typev1.ActionKind_ACTION_KIND_ATTACHMENT,
	}
}

// actions reads the list of what the reseller's people must do.
func (p *population) actions(ctx context.Context, visit func(*typev1.Action)) error {
	return every(visit, func(token string) ([]*typev1.Action, string, error) {
		resp, err := p.operator.Actions.ListActions(p.operator.In(ctx), &ordersv1.ListActionsRequest{
			Kinds: worked(), PageSize: page, PageToken: token,
		})
		return resp.GetActions(), resp.GetNextPageToken(), err
	})
}

// more is by how much Operations has AWS raise a quota.
const more = 20

// workPayer has AWS raise the quotas of a payer, and mends the role by which the suite enters it.
func (p *population) workPayer(ctx context.Context, payerID string) error {
	if own := p.owners[payerID]; own != nil {
		return own.workPayer(ctx, p, payerID)
	}
	if err := p.raiseInbound(ctx); err != nil {
		return err
	}
	return p.enters(ctx, actors.PayerExternalID)
}

// enters says by which external id the suite enters the payer. By any but the right one it is shut out.
func (p *population) enters(ctx context.Context, externalID string) error {
	return p.operator.UpdatePayer(ctx, p.payerID, &accounttransferv1.Payer{ExternalId: externalID}, "external_id")
}

// raiseInbound has AWS let the payer receive more billing transfers.
func (p *population) raiseInbound(ctx context.Context) error {
	p.inbound = min(p.inbound+more, mostInbound)
	if err := p.aws.SetInboundQuota(ctx, actors.PayerAccount, p.inbound); err != nil {
		return fmt.Errorf("raise the quota of transfers at AWS: %w", err)
	}
	return p.operator.UpdatePayer(ctx, p.payerID, &accounttransferv1.Payer{InboundQuota: p.inbound}, "inbound_quota")
}

// raiseAccounts has AWS let the payer's organization have more accounts.
func (p *population) raiseAccounts(ctx context.Context) error {
	p.accountQuota += more
	return p.aws.SetAccountQuota(ctx, actors.PayerAccount, p.accountQuota)
}
