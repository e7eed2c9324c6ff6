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
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// customer is a customer whose organization comes by a billing transfer.
type customer struct {
	resident
	habits
	accountID, orderID, transferID string
}

// come has a customer order the billing transfer of its organization.
func (p *population) come(ctx context.Context, number int) (*customer, error) {
	r, err := p.settle(ctx, number)
	if err != nil {
		return nil, err
	}
	c := &customer{resident: r, habits: newHabits(chance(p.flags.Seed, uint64(number)))}
	if c.accountID, err = p.aws.CreateOrganization(ctx, fmt.Sprintf("aws-%d@example.com", number), c.refused); err != nil {
		return nil, fmt.Errorf("create its organization: %w", err)
	}
	return c, c.order(ctx, p)
}

// order has it order, once more perhaps.
func (c *customer) order(ctx context.Context, p *population) error {
	draft := actors.Draft(c.id, c.accountID)
	if draft.PayerId = p.payerID; c.partnerLed {
		draft.SupportOption = ordersv1.SupportOption_SUPPORT_OPTION_PARTNER_LED
	}
	order, err := c.orders(ctx, p, draft)
	if err != nil {
		return err
	}
	c.orderID, c.transferID = order.GetOrderId(), order.GetTransferId()
	return nil
}

// The states of a transfer and of its steps in which somebody may act, and the states of a connection.
const (
	inProgress      = accounttransferv1.TransferState_TRANSFER_STATE_IN_PROGRESS
	waitingDecision = accounttransferv1.TransferState_TRANSFER_STATE_WAITING_DECISION
	completed       = accounttransferv1.TransferState_TRANSFER_STATE_COMPLETED
	stepOpen        = accounttransferv1.StepState_STEP_STATE_OPEN
	stepFailed      = accounttransferv1.StepState_STEP_STATE_FAILED
	withdrawn       = accounttransferv1.DecisionOutcome_DECISION_OUTCOME_WITHDRAW

	connectionProposed  = accounttransferv1.ConnectionState_CONNECTION_STATE_PROPOSED
	connectionEffective = accounttransferv1.ConnectionState_CONNECTION_STATE_EFFECTIVE
	connectionEnding    = accounttransferv1.ConnectionState_CONNECTION_STATE_ENDING
	connectionEnded     = accounttransferv1.ConnectionState_CONNECTION_STATE_ENDED
)

// transfer is the transfer of an order; nothing while the order waits for it.
func (p *population) transfer(ctx context.Context, orderID, transferID string) (*accounttransferv1.Transfer, error) {
	t, err := p.operator.Transfer(ctx, transferID)
	if errs.KindOf(err) == errs.NotFound { // the order has only just been submitted, or there is no payer that takes it
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("order %s: %w", orderID, err)
	}
	return t, nil
}

// day does what the customer does today.
func (c *customer) day(ctx context.Context, p *population, today time.Time) (bool, error) {
	t, err := p.transfer(ctx, c.orderID, c.transferID)
	if err == nil && t == nil {
		err = c.insists(ctx, p, c.orderID, today)
	}
	if err != nil || t == nil {
		return true, err
	}
	switch t.GetState() {
	case inProgress:
		return true, p.stepsOf(ctx, c, t, today)
	case waitingDecision: // it waits for Operations
		return true, nil
	case completed:
		return true, p.stays(ctx, c, t, today)
	default:
		return c.comesAgain(ctx, p, today)
	}
}

// work does what an operator does about the customer's transfer.
func (c *customer) work(ctx context.Context, p *population, shown *typev1.Action, _ time.Time) error {
	t, err := p.operator.Transfer(ctx, shown.GetTransferId())
	if err != nil {
		return err
	}
	if t.GetState() == waitingDecision && c.decision.what == keeps {
		return refusable(p.operator.Keep(ctx, t.GetTransferId(), "The customer stays."))
	} else if t.GetState() == waitingDecision {
		pays := accounttransferv1.ChargesPayer_CHARGES_PAYER_CUSTOMER
		return refusable(p.operator.Withdraw(ctx, t.GetTransferId(), pays, "It was agreed."))
	}
	for _, s := range t.GetSteps() {
		switch {
		case s.GetState() == stepOpen && s.GetKey() == "set-up-support-channel":
			err = p.operator.SkipStep(ctx, t.GetTransferId(), s.GetKey(), "There is one.")
		case s.GetState() == stepFailed || s.GetState() == stepOpen && shown.GetWaiting().GetStepKey() == s.GetKey():
			err = p.operator.RetryStep(ctx, t.GetTransferId(), s.GetKey())
		}
		if refusable(err) != nil {
			return fmt.Errorf("%s: %w", s.GetKey(), err)
		}
	}
	return nil
}

func (p *population) stepsOf(ctx context.Context, c *customer, t *accounttransferv1.Transfer, today time.Time) error {
	if c.meets("fail", c.failed, today) {
		return refusable(p.operator.FailOrder(ctx, c.orderID, "The review found a contract with another reseller."))
	}
	acts := p.acts(c, t)
	for _, s := range t.GetSteps() {
		act, known := acts[s.GetKey()]
		open := s.GetState() == stepOpen || s.GetState() == stepFailed
		if !known || !open || !c.meets(s.GetKey(), act.answer, today) {
			continue
		}
		if err := refusable(act.do(ctx)); err != nil {
			return fmt.Errorf("%s: %w", s.GetKey(), err)
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
	}
}

// uses has an account use AWS until the end of the run.
func (p *population) uses(ctx context.Context, account string, today time.Time, more ...*sandboxv1.UsageLine) error {
	for m := calendar.MonthOf(today); m.Start().Before(p.end()); m = m.Next() {
		lines := append(slices.Clone(more), &sandboxv1.UsageLine{Service: "Amazon Elastic Compute Cloud - Compute", Amount: "100"})
		if err := refusable(p.aws.RecordUsage(ctx, account, m, lines...)); err != nil {
			return fmt.Errorf("use AWS: %w", err)
		}
	}
	return nil
}

// stays has a customer whose order is complete use AWS, and leave if that is its habit.
func (p *population) stays(ctx context.Context, c *customer, t *accounttransferv1.Transfer, today time.Time) error {
	if c.meets("use", answer{}, today) {
		var support []*sandboxv1.UsageLine
		if c.partnerLed {
			support = append(support, &sandboxv1.UsageLine{Service: actors.EnterpriseSupport, RecordType: "Support", Amount: "1"})
		}
		if err := p.uses(ctx, c.accountID, today, support...); err != nil {
			return err
		}
	}
	if err := c.ends(ctx, p, c.orderID, c.accountID, today); err != nil || !c.meets("leave", c.leaves, today) {
		return err
	}
	switch c.leaves.what {
	case byContract:
		return refusable(p.operator.WithdrawConnection(ctx, t.GetConnectionId(), "The customer has terminated."))
	case byClosing:
		return refusable(p.aws.CloseAccount(ctx, c.accountID))
	}
	_, err := p.aws.WithdrawTransfer(ctx, c.accountID, c.leaves.what == byReseller)
	return refusable(err)
}

// comesAgain has it order once more what did not come about, which nothing may keep it from.
func (c *customer) comesAgain(ctx context.Context, p *population, today time.Time) (bool, error) {
	a := c.seldom("come again", 30, 30)
	if c.done("come again") || !c.meets("come again", a, today) {
		return a.days != never && !c.done("come again"), nil
	}
	c.agenda = agenda{since: map[string]time.Time{"come again": {}}}
	return true, c.order(ctx, p)
}
