package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/id"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// member is a customer whose accounts become members of an organization of the reseller.
type member struct {
	resident
	template            string
	public              bool // it is of the public sector
	orderID, transferID string
	accounts            []string // the first one is the account of the order
	payerID             string   // of the organization that the reseller has taken over
}

// join has a customer order that its accounts become members.
func (p *population) join(ctx context.Context, number int, l life) (*member, error) {
	r, err := p.settle(ctx, number)
	if err != nil {
		return nil, err
	}
	m := &member{resident: r, template: l.template, public: l.public}
	if m.public {
		if err := p.operator.SetPublicSector(ctx, m.id, true); err != nil {
			return nil, fmt.Errorf("say that it is of the public sector: %w", err)
		}
	}
	if err := m.signUp(ctx, p); err != nil {
		return nil, err
	}
	return m, m.order(ctx, p)
}

// order has it order, once more perhaps.
func (m *member) order(ctx context.Context, p *population) error {
	draft := actors.Draft(m.id, m.accounts[0])
	draft.TemplateKey, draft.LinkedAccountIds = m.template, m.accounts[1:]
	order, err := m.orders(ctx, p, draft)
	if err != nil {
		return err
	}
	m.orderID, m.transferID = order.GetOrderId(), order.GetTransferId()
	return nil
}

// used reports whether the accounts are in an organization of the customer already.
func (m *member) used() bool { return strings.HasSuffix(m.template, "-used") }

// signUp has it open its accounts at AWS. One in ten names one that is closed.
func (m *member) signUp(ctx context.Context, p *population) error {
	if m.used() {
		root, err := p.aws.CreateOrganization(ctx, id.New("root")+"@example.com", nil)
		if err != nil {
			return fmt.Errorf("create its organization: %w", err)
		}
		m.accounts = []string{root}
	}
	r := m.chance("accounts")
	for range 1 + r.IntN(3) {
		account, err := p.aws.CreateAccount(ctx, id.New("root")+"@example.com")
		if err != nil {
			return fmt.Errorf("sign up: %w", err)
		}
		if m.used() {
			if err := p.aws.Join(ctx, account, m.accounts[0]); err != nil {
				return fmt.Errorf("join its organization: %w", err)
			}
		}
		m.accounts = append(m.accounts, account)
	}
	if !m.used() && r.IntN(10) == 0 {
		return p.aws.CloseAccount(ctx, m.accounts[len(m.accounts)-1])
	}
	return nil
}

// day does what the customer does today.
func (m *member) day(ctx context.Context, p *population, today time.Time) (bool, error) {
	t, err := p.transfer(ctx, m.orderID, m.transferID)
	if err == nil && t == nil {
		err = m.insists(ctx, p, m.orderID, today)
	}
	if err != nil || t == nil {
		return true, err
	}
	switch t.GetState() {
	case inProgress:
		err = m.goesOn(ctx, p, t, today)
	case waitingDecision: // what its accounts are asked is answered all the same
		err = m.answers(ctx, p, t.GetConnection(), today)
	case completed:
		err = m.stays(ctx, p, t, today)
	default:
		return m.comesAgain(ctx, p, today)
	}
	return true, err
}

func (m *member) goesOn(ctx context.Context, p *population, t *accounttransferv1.Transfer, today time.Time) error {
	if m.meets("fail", m.seldom("fail", 5, 60), today) {
		return refusable(p.operator.FailOrder(ctx, m.orderID, "The review found a contract with another reseller."))
	}
	person, err := m.person(p)
	if err != nil {
		return err
	}
	if err := m.consents(ctx, p, person, t.GetConsentId(), today); err != nil {
		return err
	}
	for _, s := range t.GetSteps() {
		if s.GetKey() == "answer-survey" && s.GetState() == stepOpen && m.meets("survey", m.seldom("survey", 30, 20), today) {
			return refusable(person.CompleteStep(ctx, &accounttransferv1.CompleteStepRequest{
				TransferId: m.transferID, StepKey: s.GetKey(), Evidence: "All went well.",
			}))
		}
	}
	if err := m.corrects(ctx, p, person, t.GetConnection(), today); err != nil {
		return err
	}
	return m.answers(ctx, p, t.GetConnection(), today)
}

// answers has each account answer its invitation; some never do.
func (m *member) answers(ctx context.Context, p *population, c *accounttransferv1.Connection, today time.Time) error {
	for _, one := range c.GetMembers() {
		key := m.about("answer", one)
		a := m.draw(key, 14, 80, accepts, declines)
		if one.GetState() != accounttransferv1.MemberState_MEMBER_STATE_INVITED || !m.meets(key, a, today) {
			continue
		}
		answer := sandboxv1.MembershipAnswer_MEMBERSHIP_ANSWER_ACCEPT
		if a.what == declines {
			answer = sandboxv1.MembershipAnswer_MEMBERSHIP_ANSWER_DECLINE
		}
		if err := refusable(p.aws.AnswerMembership(ctx, one.GetAccountId(), answer)); err != nil {
			return fmt.Errorf("answer the invitation of %s: %w", one.GetAccountId(), err)
		}
	}
	return nil
}

// corrects names another account in place of one that AWS does not invite.
func (m *member) corrects(
	ctx context.Context, p *population, person actors.Customer, c *accounttransferv1.Connection, today time.Time,
) error {
	for _, one := range c.GetMembers() {
		key := m.about("correct", one)
		mine := one.GetState() == accounttransferv1.MemberState_MEMBER_STATE_PREPARED && !one.GetRemoved() &&
			one.GetError().GetOwner() == typev1.Party_PARTY_CUSTOMER
		if !mine || !m.meets(key, m.draw(key, 10, 100, "", ""), today) {
			continue
		}
		right, err := p.aws.CreateAccount(ctx, id.New("root")+"@example.com")
		if err != nil {
			return fmt.Errorf("sign up: %w", err)
		}
		if err := refusable(person.CorrectLinkedAccount(ctx, m.transferID, one.GetAccountId(), right)); err != nil {
			return fmt.Errorf("correct %s: %w", one.GetAccountId(), err)
		}
		m.accounts[slices.Index(m.accounts, one.GetAccountId())] = right
	}
	return nil
}

// about is what one account is asked in its present attempt, whatever its id is.
func (m *member) about(what string, one *accounttransferv1.Member) string {
	return fmt.Sprint(what, slices.Index(m.accounts, one.GetAccountId()), "/", one.GetAttempt())
}

// stays has its accounts use AWS, leave, return or be closed.
func (m *member) stays(ctx context.Context, p *population, t *accounttransferv1.Transfer, today time.Time) error {
	if m.meets("use", answer{}, today) {
		if err := p.uses(ctx, m.accounts[0], today); err != nil {
			return err
		}
	}
	if err := m.ends(ctx, p, m.orderID, m.accounts[0], today); err != nil {
		return err
	}
	if m.meets("terminate", m.seldom("terminate", 10, 300), today) {
		return refusable(p.operator.WithdrawConnection(ctx, t.GetConnectionId(), "The customer has terminated."))
	}
	for _, one := range t.GetConnection().GetMembers() {
		if err := m.wanders(ctx, p, one, today); err != nil {
			return fmt.Errorf("account %s: %w", one.GetAccountId(), err)
		}
	}
	return nil
}

// What an account of a membership may do after its hand-over.
const (
	leaves, closes = "leave", "close"
)

func (m *member) wanders(ctx context.Context, p *population, one *accounttransferv1.Member, today time.Time) error {
	account := one.GetAccountId()
	switch one.GetState() {
	case accounttransferv1.MemberState_MEMBER_STATE_JOINED:
		key := m.about("leave", one)
		a := m.draw(key, 500, 75, leaves, closes)
		if m.seldom(key+"?", 40, 1).days == never || !m.meets(key, a, today) {
			return nil
		}
		if a.what == closes {
			return refusable(p.aws.CloseAccount(ctx, account))
		}
		return refusable(p.aws.LeaveOrganization(ctx, account))
	case accounttransferv1.MemberState_MEMBER_STATE_LEFT:
		key := m.about("return", one)
		if m.meets(key, m.seldom(key, 40, 60), today) {
			return refusable(p.aws.Join(ctx, account, m.organization()))
		}
	default: // it was never there, or is not to be
	}
	return nil
}

// organization is the management account of the organization in which its accounts are members.
func (m *member) organization() string {
	if m.used() {
		return m.accounts[0]
	}
	return actors.PayerAccount
}

// comesAgain has it order once more what did not come about, which nothing may keep it from.
func (m *member) comesAgain(ctx context.Context, p *population, today time.Time) (bool, error) {
	if m.used() || m.done("come again") {
		return false, nil
	}
	a := m.seldom("come again", 30, 30)
	if !m.meets("come again", a, today) {
		return a.days != never, nil
	}
	m.agenda = agenda{since: map[string]time.Time{"come again": {}}}
	for i := range m.accounts { // accounts that have answered once do not answer anew as strangers
		account, err := p.aws.CreateAccount(ctx, id.New("root")+"@example.com")
		if err != nil {
			return false, err
		}
		m.accounts[i] = account
	}
	return true, m.order(ctx, p)
}
