package main

import (
	"context"
	"fmt"
	"time"

	"example.com/handover/deploy/actors"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// work does what an operator does about the customer's transfer, its consent and its connection.
func (m *member) work(ctx context.Context, p *population, shown *typev1.Action, today time.Time) error {
	t, err := p.operator.Transfer(ctx, shown.GetTransferId())
	if err != nil {
		return err
	}
	switch {
	case shown.GetKind() == typev1.ActionKind_ACTION_KIND_CONNECTION, t.GetDecision().GetOutcome() == withdrawn:
		return m.giveBack(ctx, p, t.GetConnection())
	case t.GetState() == waitingDecision:
		return m.decided(ctx, p, t, today)
	case t.GetState() != inProgress:
		return nil
	}
	if err := m.workConsent(ctx, p, t.GetConsentId(), today); err != nil {
		return err
	}
	for _, s := range t.GetSteps() {
		if s.GetState() != stepOpen || s.GetOwner() != typev1.Party_PARTY_RESELLER {
			continue
		}
		if err := m.performs(ctx, p, t, s, today); err != nil {
			return fmt.Errorf("%s: %w", s.GetKey(), err)
		}
	}
	return m.seesToAccounts(ctx, p, t, today)
}

// decided answers what only Operations can: whether AWS's consent is needed, and whether the customer stays.
func (m *member) decided(ctx context.Context, p *population, t *accounttransferv1.Transfer, today time.Time) error {
	if m.public && m.template == "ecam-unused" && m.meets("require", answer{}, today) {
		needed := m.draw("consent needed", 1, 75, "yes", "no").what == "yes"
		return refusable(p.operator.RequireConsent(ctx, t.GetTransferId(), needed, "AWS was asked."))
	}
	if m.draw("decision", 1, 50, keeps, withdraws).what == keeps {
		return refusable(p.operator.Keep(ctx, t.GetTransferId(), "The customer stays."))
	}
	return refusable(p.operator.Withdraw(ctx, t.GetTransferId(), accounttransferv1.ChargesPayer_CHARGES_PAYER_CUSTOMER, "It was agreed."))
}

// performs does a step of the reseller.
func (m *member) performs(
	ctx context.Context, p *population, t *accounttransferv1.Transfer, s *accounttransferv1.Step, today time.Time,
) error {
	if s.GetKey() == "set-up-support-channel" {
		return m.opensChannel(ctx, p, t)
	}
	if s.GetCompletedBy() != accounttransferv1.StepCompletion_STEP_COMPLETION_ATTESTATION {
		return nil
	}
	done := &accounttransferv1.CompleteStepRequest{TransferId: t.GetTransferId(), StepKey: s.GetKey(), Evidence: "Seen in the console."}
	switch s.GetAsks() {
	case accounttransferv1.StepAsk_STEP_ASK_PAYER:
		done.PayerId = p.payerID
	case accounttransferv1.StepAsk_STEP_ASK_ACCOUNTS:
		for _, one := range t.GetConnection().GetMembers() {
			if !one.GetRemoved() {
				done.AccountIds = append(done.AccountIds, one.GetAccountId())
			}
		}
	case accounttransferv1.StepAsk_STEP_ASK_SESSION:
		if n := len(s.GetSessions()); n == 0 || !s.GetSessions()[n-1].GetStartTime().AsTime().Before(today) {
			return m.plansSession(ctx, p, s, today)
		}
	default: // evidence is enough
	}
	if s.GetAsksPayer() {
		var err error
		if done.PayerId, err = m.takenOver(ctx, p); err != nil {
			return err
		}
	}
	return refusable(p.operator.CompleteStep(ctx, done))
}

// plansSession plans the session of a hand-over, if there is none yet; it takes place before the operator comes back.
func (m *member) plansSession(ctx context.Context, p *population, s *accounttransferv1.Step, today time.Time) error {
	if len(s.GetSessions()) > 0 {
		return nil
	}
	resp, err := p.operator.Customers.GetCustomer(p.operator.In(ctx), &ordersv1.GetCustomerRequest{CustomerId: m.id})
	if err != nil {
		return err
	}
	start := today.Add(time.Duration(1+m.chance("session").IntN(50)) * time.Hour)
	return refusable(p.operator.ScheduleSession(
		ctx, m.transferID, s.GetKey(), start, resp.GetCustomer().GetContacts()[0].GetPersonId(), actors.OperatorOne().Subject,
	))
}

// ownExternalID is by what the suite enters an organization that the reseller takes over.
const ownExternalID = "handover-own"

// takenOver registers the customer's own organization as a payer, once.
func (m *member) takenOver(ctx context.Context, p *population) (payerID string, err error) {
	if m.payerID != "" {
		return m.payerID, nil
	}
	if err := p.aws.DeployRole(ctx, m.accounts[0], ownExternalID); err != nil {
		return "", fmt.Errorf("deploy the role: %w", err)
	}
	m.payerID, err = p.operator.RegisterOrganization(ctx, p.sellerID, m.id, m.accounts[0], ownExternalID)
	if err != nil {
		return "", fmt.Errorf("register the organization: %w", err)
	}
	p.owners[m.payerID] = m
	return m.payerID, nil
}

// workPayer mends the way into the customer's own organization, or closes the payer that nothing is bound to any more.
func (m *member) workPayer(ctx context.Context, p *population, payerID string) error {
	t, err := p.operator.Transfer(ctx, m.transferID)
	if err != nil {
		return err
	}
	if t.GetConnection().GetState() == connectionEnded {
		closed := &accounttransferv1.Payer{State: accounttransferv1.PayerState_PAYER_STATE_CLOSED}
		return refusable(p.operator.UpdatePayer(ctx, payerID, closed, "state"))
	}
	if err := refusable(p.aws.DeployRole(ctx, m.accounts[0], ownExternalID)); err != nil {
		return err
	}
	return refusable(p.operator.UpdatePayer(ctx, payerID, &accounttransferv1.Payer{ExternalId: ownExternalID}, "external_id"))
}

// opensChannel has an agent set the support channel up, or says that there is one.
func (m *member) opensChannel(ctx context.Context, p *population, t *accounttransferv1.Transfer) error {
	if m.draw("channel", 1, 50, "agent", "skip").what == "skip" || t.GetChannelId() == "" {
		return refusable(p.operator.SkipStep(ctx, t.GetTransferId(), "set-up-support-channel", "There is one."))
	}
	channel, err := p.operator.Channels.GetChannel(p.operator.In(ctx), &supportv1.GetChannelRequest{ChannelId: t.GetChannelId()})
	if err != nil || channel.GetChannel().GetCaseId() == "" {
		return err
	}
	record, err := p.agent().Records(ctx, channel.GetChannel().GetCaseId())
	if err != nil || len(record) == 0 { // ServiceNow was away
		return err
	}
	return refusable(p.agent().ResolveCase(ctx, channel.GetChannel().GetCaseId(), "The channel is open."))
}

// seesToAccounts decides on the accounts that do not come.
func (m *member) seesToAccounts(ctx context.Context, p *population, t *accounttransferv1.Transfer, today time.Time) error {
	for _, one := range t.GetConnection().GetMembers() {
		key := m.about("see to", one)
		if !seenTo(one) || !m.meets(key, answer{}, today) {
			continue
		}
		account := one.GetAccountId()
		if one.GetError().GetReason() == "ACCOUNT_NUMBER_LIMIT_EXCEEDED" {
			if err := p.raiseAccounts(ctx); err != nil {
				return err
			}
		}
		again := one.GetError() != nil || m.draw(key, 1, 60, "again", "without").what == "again"
		var err error
		if again {
			err = p.operator.ReinviteLinkedAccount(ctx, t.GetTransferId(), account)
		} else {
			err = p.operator.RemoveLinkedAccount(ctx, t.GetTransferId(), account, "The customer keeps it.")
		}
		if refusable(err) != nil {
			return fmt.Errorf("see to %s: %w", account, err)
		}
	}
	return nil
}

// seenTo reports whether an account is Operations' to decide on.
func seenTo(one *accounttransferv1.Member) bool {
	switch one.GetState() {
	case accounttransferv1.MemberState_MEMBER_STATE_DECLINED, accounttransferv1.MemberState_MEMBER_STATE_EXPIRED,
		accounttransferv1.MemberState_MEMBER_STATE_LEFT:
		return !one.GetRemoved()
	case accounttransferv1.MemberState_MEMBER_STATE_PREPARED:
		return !one.GetRemoved() && one.GetError().GetOwner() == typev1.Party_PARTY_RESELLER
	default:
		return false
	}
}

// giveBack has the accounts leave the organization, or hands the customer's own one back.
func (m *member) giveBack(ctx context.Context, p *population, c *accounttransferv1.Connection) error {
	if m.used() {
		return refusable(p.operator.RecordReturn(ctx, c.GetConnectionId(), "A recording."))
	}
	for _, one := range c.GetMembers() {
		if one.GetState() != accounttransferv1.MemberState_MEMBER_STATE_JOINED {
			continue
		}
		if err := refusable(p.aws.LeaveOrganization(ctx, one.GetAccountId())); err != nil {
			return fmt.Errorf("have %s leave: %w", one.GetAccountId(), err)
		}
	}
	return nil
}
