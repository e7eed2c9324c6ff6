package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// customer is one of them, and what it has come across.
type customer struct {
	agenda
	habits
	number                             int
	id, accountID, orderID, transferID string
}

// come has a customer order the billing transfer of its organization.
func (p *population) come(ctx context.Context, number int) (*customer, error) {
	c := &customer{agenda: agenda{}, habits: newHabits(chance(p.flags.Seed, uint64(number))), number: number}
	var err error
	if c.id, err = p.operator.CreateCustomer(ctx, p.sellerID, contact(number)); err != nil {
		return nil, fmt.Errorf("create the customer: %w", err)
	}
	if c.accountID, err = p.aws.CreateOrganization(ctx, fmt.Sprintf("aws-%d@example.com", number), c.refused); err != nil {
		return nil, fmt.Errorf("create its organization: %w", err)
	}
	draft := actors.Draft(c.id, c.accountID)
	if draft.PayerId = p.payerID; c.partnerLed {
		draft.SupportOption = ordersv1.SupportOption_SUPPORT_OPTION_PARTNER_LED
	}
	order, err := p.operator.CreateDraft(ctx, draft)
	if err != nil {
		return nil, fmt.Errorf("create the order: %w", err)
	}
	person, err := p.suite.signIn(actors.PersonOf("customer-1", c.id))
	if err != nil {
		return nil, err
	}
	if order, err = (actors.Customer{Person: person}).SubmitOrder(ctx, order.GetOrderId()); err != nil {
		return nil, fmt.Errorf("submit the order: %w", err)
	}
	c.orderID, c.transferID = order.GetOrderId(), order.GetTransferId()
	return c, nil
}

// day does what a customer and its operator do today, and reports whether there is anything left that they may do.
func (c *customer) day(ctx context.Context, p *population, today time.Time) (bool, error) {
	t, err := p.operator.Transfer(ctx, c.transferID)
	if errs.KindOf(err) == errs.NotFound { // the order has only just been submitted
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("customer %d: %w", c.number, err)
	}
	switch t.GetState() {
	case accounttransferv1.TransferState_TRANSFER_STATE_IN_PROGRESS:
		err = p.stepsOf(ctx, c, t, today)
	case accounttransferv1.TransferState_TRANSFER_STATE_WAITING_DECISION:
		err = p.decide(ctx, c, today)
	case accounttransferv1.TransferState_TRANSFER_STATE_COMPLETED:
		return c.leaves.days != never && !c.done("leave"), p.stays(ctx, c, today)
	default:
		return false, nil
	}
	return true, err
}

func (p *population) stepsOf(ctx context.Context, c *customer, t *accounttransferv1.Transfer, today time.Time) error {
	if c.meets("fail", c.failed, today) {
		return refusable(p.operator.FailOrder(ctx, c.orderID, "The review found a contract with another reseller."))
	}
	acts := p.acts(c, t)
	for _, s := range t.GetSteps() {
		act, known := acts[s.GetKey()]
		open := s.GetState() == accounttransferv1.StepState_STEP_STATE_OPEN || s.GetState() == accounttransferv1.StepState_STEP_STATE_FAILED
		if !known || !open || !c.meets(s.GetKey(), act.answer, today) {
			continue
		}
		if err := refusable(act.do(ctx)); err != nil {
			return fmt.Errorf("customer %d, %s: %w", c.number, s.GetKey(), err)
		}
	}
	return nil
}

// act is what somebody does about a step that is open.
type act struct {
	answer answer
	do     func(context.Context) error
}

func (p *population) acts(c *customer, t *accounttransferv1.Transfer) map[string]act {
	return map[string]act{
		"send-invitation": {c.mended, func(ctx context.Context) error {
			if err := p.aws.Mend(ctx, c.accountID, nil); err != nil {
				return err
			}
			return p.operator.RetryStep(ctx, c.transferID, "send-invitation")
		}},
		"accept-invitation": {c.invitation, func(ctx context.Context) error {
			if c.invitation.what == declines {
				return p.aws.DeclineInvitation(ctx, c.accountID)
			}
			_, err := p.aws.AcceptInvitation(ctx, c.accountID)
			return err
		}},
		"accept-service-term": {c.term, func(ctx context.Context) error {
			if c.term.what == declines {
				return p.aws.RejectTerm(ctx, c.accountID)
			}
			return p.aws.AcceptTerm(ctx, c.accountID)
		}},
		"deploy-roles": {c.role, func(ctx context.Context) error {
			external := t.GetConnection().GetRole().GetExternalId()
			if c.role.what == carelessly {
				external = ""
			}
			return p.aws.DeployRole(ctx, c.accountID, external)
		}},
		"set-up-support-channel": {c.channel, func(ctx context.Context) error {
			return p.operator.SkipStep(ctx, c.transferID, "set-up-support-channel", "There is one.")
		}},
	}
}

func (p *population) decide(ctx context.Context, c *customer, today time.Time) error {
	if !c.meets("decide", c.decision, today) {
		return nil
	}
	if c.decision.what == keeps {
		return refusable(p.operator.Keep(ctx, c.transferID, "The customer stays."))
	}
	return refusable(p.operator.Withdraw(ctx, c.transferID, accounttransferv1.ChargesPayer_CHARGES_PAYER_CUSTOMER, "It was agreed."))
}

// stays has a customer whose order is complete use AWS until the end of the run, and leave if that is its habit.
func (p *population) stays(ctx context.Context, c *customer, today time.Time) error {
	if c.meets("use", answer{}, today) {
		for m := calendar.MonthOf(today); m.Start().Before(p.end()); m = m.Next() {
			line := &sandboxv1.UsageLine{Service: "Amazon Elastic Compute Cloud - Compute", Amount: "100"}
			if err := p.aws.RecordUsage(ctx, c.accountID, m, line); err != nil {
				return fmt.Errorf("use AWS: %w", err)
			}
		}
	}
	if !c.meets("leave", c.leaves, today) {
		return nil
	}
	_, err := p.aws.WithdrawTransfer(ctx, c.accountID, c.leaves.what == byReseller)
	return refusable(err)
}

// refusable passes over a refusal: what somebody does by habit may be too late, or not allowed.
func refusable(err error) error {
	if slices.Contains([]errs.Kind{errs.Precondition, errs.Conflict, errs.NotFound, errs.Invalid}, errs.KindOf(err)) {
		return nil
	}
	return err
}
