package scenarios_test

import (
	"cmp"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/id"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// legacy is a customer whose accounts become members of an organization of the reseller.
type legacy struct {
	customer
	product    string          // that it orders; empty: the one on offer
	linked     string          // its second account
	payerID    string          // of the organization
	order      *ordersv1.Order // whose agreement it is billed by
	transferID string
}

// newLegacy has a customer submit an order that Operations has carried out by a template.
func (w *world) newLegacy(t *testing.T, template string, public bool) *legacy {
	t.Helper()
	m := w.legacyAccounts(t, template)
	if public {
		m.isOfPublicSector(t, true)
	}
	m.orders(t, template)
	return m
}

// legacyAccounts is a customer with two accounts as a template takes them over, which has not ordered.
func (w *world) legacyAccounts(t *testing.T, template string) *legacy {
	t.Helper()
	m := &legacy{customer: w.newCustomer(t), payerID: w.payerID}
	m.account, m.linked = w.newAccount(t), w.newAccount(t)
	if strings.HasSuffix(template, "-used") {
		m.account, m.payerID = w.newOrganization(t), ""
		m.comesTo(t, m.linked, m.account)
	}
	return m
}

// isOfPublicSector says whether the customer is.
func (m *legacy) isOfPublicSector(t *testing.T, public bool) {
	t.Helper()
	if err := m.saysSector(t, public); err != nil {
		t.Fatalf("say whether the customer is of the public sector: %v", err)
	}
	m.w.Settle(t)
}

func (m *legacy) saysSector(t *testing.T, public bool) error {
	t.Helper()
	_, err := m.w.Customers.UpdateCustomer(m.w.operator(t), &ordersv1.UpdateCustomerRequest{
		CustomerId: m.id, Customer: &ordersv1.Customer{PublicSector: public},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"public_sector"}},
	})
	return err
}

// orders has the customer submit its order.
func (m *legacy) orders(t *testing.T, template string) {
	t.Helper()
	pasted := m.linked[:4] + "-" + m.linked[4:8] + " " + m.linked[8:]
	m.order = m.submitted(t, func(o *ordersv1.Order) {
		o.ProductId, o.TemplateKey, o.LinkedAccountIds = cmp.Or(m.product, o.GetProductId()), template, []string{pasted}
	})
	m.transferID = m.order.GetTransferId()
	m.w.Settle(t)
}

// newAccount signs a stand-alone account up at AWS.
func (w *world) newAccount(t *testing.T) string {
	t.Helper()
	account, err := w.aws(t).CreateAccount(t.Context(), id.New("root")+"@example.com")
	if err != nil {
		t.Fatalf("sign up at AWS: %v", err)
	}
	return account
}

// row is one row of a seed's table.
type row struct {
	id, key string
	owner   typev1.Party
}

const (
	byReseller = typev1.Party_PARTY_RESELLER
	byCustomer = typev1.Party_PARTY_CUSTOMER
)

// follows plays the rows of a table one after the other: each is the step that the table says, and is done as it says.
func (m *legacy) follows(t *testing.T, table []row, public bool) {
	for i, r := range table {
		t.Run(r.id+" "+r.key, func(t *testing.T) {
			steps := m.w.transfer(t, m.transferID).GetSteps()
			if len(steps) != len(table) || steps[i].GetKey() != r.key || steps[i].GetOwner() != r.owner || steps[i].GetTitle() == "" {
				t.Fatalf("step %d of %d is %v", i+1, len(steps), steps[i])
			}
			if r.key == "request-consent" && !public {
				if s := steps[i]; s.GetState() != accounttransferv1.StepState_STEP_STATE_SKIPPED || s.GetReason() == "" {
					t.Errorf("the step is %v", s)
				}
				return
			}
			if got := steps[i].GetState(); got != accounttransferv1.StepState_STEP_STATE_OPEN && r.key != "invite-linked-accounts" {
				t.Fatalf("the step is %s", got)
			}
			m.performs(t, r)
		})
	}
}

// performs does a step as its owner, once what does not fit it was refused.
func (m *legacy) performs(t *testing.T, r row) {
	t.Helper()
	switch r.key {
	case "set-up-support-channel":
		m.opensChannel(t)
	case "request-consent":
		m.hasConsent(t)
	case "invite-linked-accounts": // the suite does
	case "accept-transfer-request":
		m.answer(t, accepts, m.accounts()...)
		m.process(t, m.order.GetOrderId())
	case "hand-over-linked-accounts", "hand-over-master-account":
		m.handsOver(t, r.key)
	}
	if m.w.step(t, m.transferID, r.key).GetCompletedBy() == accounttransferv1.StepCompletion_STEP_COMPLETION_ATTESTATION {
		m.completes(t, r)
	}
	m.w.Settle(t)
	s := m.w.step(t, m.transferID, r.key)
	if s.GetState() != accounttransferv1.StepState_STEP_STATE_DONE || s.GetDoneTime() == nil {
		t.Fatalf("the step is %v", s)
	}
	attested := s.GetCompletedBy() == accounttransferv1.StepCompletion_STEP_COMPLETION_ATTESTATION
	if attested && (s.GetDoneBy().GetSubject() == "" || s.GetEvidence() == "") {
		t.Errorf("nobody knows who has done it and what proves it: %v", s)
	}
}

// completes says that a step is done, with what it asks for.
func (m *legacy) completes(t *testing.T, r row) {
	t.Helper()
	req := &accounttransferv1.CompleteStepRequest{TransferId: m.transferID, StepKey: r.key}
	hands := m.w.op(t).Person
	if r.owner == byCustomer {
		hands = m.hands(t).Person
	} else {
		refused(t, m.hands(t).CompleteStep(t.Context(), req), codes.PermissionDenied, "STEP_NOT_YOURS")
		refused(t, hands.CompleteStep(t.Context(), req), codes.InvalidArgument, "EVIDENCE_REQUIRED")
	}
	req.Evidence = "Seen in the console, ticket 4711."
	switch r.key {
	case "create-master-payer":
		refused(t, hands.CompleteStep(t.Context(), req), codes.InvalidArgument, "EVIDENCE_WRONG")
		req.PayerId = id.New("pay")
		refused(t, hands.CompleteStep(t.Context(), req), codes.InvalidArgument, "PAYER_UNKNOWN")
		req.PayerId = m.payerID
	case "hand-over-linked-accounts", "hand-over-master-account":
		if m.w.step(t, m.transferID, r.key).GetAsksPayer() {
			req.PayerId = m.payerID
		}
	case "reset-password-mfa":
		req.AccountIds = append(m.accounts(), "123456789012")
		refused(t, hands.CompleteStep(t.Context(), req), codes.InvalidArgument, "EVIDENCE_WRONG")
		req.AccountIds = m.accounts()
		req.AccountIds[0] = m.account[:6] + " " + m.account[6:]
	}
	if err := hands.CompleteStep(t.Context(), req); err != nil {
		t.Fatalf("attest %s: %v", r.key, err)
	}
}

// accounts are those that the transfer binds.
func (m *legacy) accounts() []string {
	if m.linked == "" {
		return []string{m.account}
	}
	return []string{m.account, m.linked}
}

// What an account does with an invitation to the payer's organization.
const (
	accepts  = sandboxv1.MembershipAnswer_MEMBERSHIP_ANSWER_ACCEPT
	declines = sandboxv1.MembershipAnswer_MEMBERSHIP_ANSWER_DECLINE
	expires  = sandboxv1.MembershipAnswer_MEMBERSHIP_ANSWER_EXPIRE
)

// answer has accounts answer the invitation to the payer's organization.
func (m *legacy) answer(t *testing.T, answer sandboxv1.MembershipAnswer, accounts ...string) {
	t.Helper()
	for _, account := range accounts {
		if err := m.w.aws(t).AnswerMembership(t.Context(), account, answer); err != nil {
			t.Fatalf("answer the invitation of %s at AWS: %v", account, err)
		}
	}
}

// comesTo has an account become a member of an organization.
func (m *legacy) comesTo(t *testing.T, account, organization string) {
	t.Helper()
	if err := m.w.aws(t).Join(t.Context(), account, organization); err != nil {
		t.Fatalf("join at AWS: %v", err)
	}
}

// isTakenOver has Operations register the customer's own organization as a payer.
func (m *legacy) isTakenOver(t *testing.T) {
	t.Helper()
	const externalID = "handover-own"
	if err := m.w.aws(t).DeployRole(t.Context(), m.account, externalID); err != nil {
		t.Fatalf("deploy the role: %v", err)
	}
	var err error
	if m.payerID, err = m.w.op(t).RegisterOrganization(t.Context(), m.w.sellerID, m.id, m.account, externalID); err != nil {
		t.Fatalf("register the organization: %v", err)
	}
}

// joins has the accounts accept the invitation of the payer's organization.
func (m *legacy) joins(t *testing.T) {
	t.Helper()
	for _, account := range m.accounts() {
		if err := m.w.aws(t).JoinPayer(t.Context(), account); err != nil {
			t.Fatalf("join at AWS: %v", err)
		}
	}
}

// handsOver holds the session of a step; one that was planned before does not take place.
func (m *legacy) handsOver(t *testing.T, key string) {
	t.Helper()
	op, start := m.w.op(t), m.w.Now(t).Add(time.Hour)
	used := m.payerID == ""
	refused(t, op.CompleteStep(t.Context(), &accounttransferv1.CompleteStepRequest{
		TransferId: m.transferID, StepKey: key, Evidence: "A recording.",
	}), codes.FailedPrecondition, "SESSION_REQUIRED")
	refused(t, op.ScheduleSession(t.Context(), m.transferID, key, start.Add(-2*time.Hour), "per-1"), codes.InvalidArgument, "SESSION_PAST")
	refused(t, op.ScheduleSession(t.Context(), m.transferID, "deploy-essentials", start, "per-1"), codes.InvalidArgument, "EVIDENCE_WRONG")
	refused(t, op.ScheduleSession(t.Context(), m.transferID, key, start, id.New("per")), codes.InvalidArgument, "CONTACT_UNKNOWN")
	pat := m.contact(t)
	for _, at := range []time.Time{start.Add(48 * time.Hour), start} {
		if err := op.ScheduleSession(t.Context(), m.transferID, key, at, pat, actors.OperatorOne().Subject); err != nil {
			t.Fatalf("schedule the session: %v", err)
		}
	}
	m.seesItsPeople(t, key, pat)
	m.w.Advance(t, start)
	target := accounttransferv1.SessionTarget_SESSION_TARGET_LINKED
	if key == "hand-over-master-account" {
		target = accounttransferv1.SessionTarget_SESSION_TARGET_MASTER
	}
	held := m.w.step(t, m.transferID, key).GetSessions()
	if len(held) != 2 || held[0].GetOutcome() != accounttransferv1.SessionOutcome_SESSION_OUTCOME_NOT_HELD ||
		held[1].GetTarget() != target || len(held[1].GetAttendeeIds()) != 2 || !held[1].GetStartTime().AsTime().Equal(start) {
		t.Errorf("the sessions are %v", held)
	}
	if used {
		m.namesNoPayer(t, key)
		m.isTakenOver(t)
	}
}

// contact is a person of the customer.
func (m *legacy) contact(t *testing.T) string {
	t.Helper()
	resp, err := m.w.Customers.GetCustomer(m.w.operator(t), &ordersv1.GetCustomerRequest{CustomerId: m.id})
	if err != nil || len(resp.GetCustomer().GetContacts()) == 0 {
		t.Fatalf("the customer is %v, %v", resp, err)
	}
	return resp.GetCustomer().GetContacts()[0].GetPersonId()
}

// seesItsPeople holds that a customer sees which of its people attend a session, and nobody of the reseller's.
func (m *legacy) seesItsPeople(t *testing.T, key, personID string) {
	t.Helper()
	resp, err := m.w.Transfers.GetTransfer(m.person(t), &accounttransferv1.GetTransferRequest{TransferId: m.transferID})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range resp.GetTransfer().GetSteps() {
		for _, held := range s.GetSessions() {
			if got := held.GetAttendeeIds(); s.GetKey() == key && (len(got) != 1 || got[0] != personID) {
				t.Errorf("the customer sees that %v attend", got)
			}
		}
	}
}

// namesNoPayer tries to complete a hand-over with no payer, and with one whose organization the accounts are not in.
func (m *legacy) namesNoPayer(t *testing.T, key string) {
	t.Helper()
	req := &accounttransferv1.CompleteStepRequest{TransferId: m.transferID, StepKey: key, Evidence: "A recording."}
	err := m.w.op(t).CompleteStep(t.Context(), req)
	if e := refusal(t, err, codes.InvalidArgument, "PAYER_REQUIRED"); e.Remedy == nil || e.Remedy.Who != "OPERATOR" {
		t.Errorf("refused with %+v", e)
	}
	if key == "hand-over-master-account" {
		req.PayerId = m.w.payerID
		refused(t, m.w.op(t).CompleteStep(t.Context(), req), codes.InvalidArgument, "EVIDENCE_WRONG")
	}
}

// opensChannel has an agent set the support channel up in ServiceNow.
func (m *legacy) opensChannel(t *testing.T) {
	t.Helper()
	tr := m.w.transfer(t, m.transferID)
	channel, err := m.w.Channels.GetChannel(m.w.operator(t), &supportv1.GetChannelRequest{ChannelId: tr.GetChannelId()})
	if err != nil {
		t.Fatalf("read the channel: %v", err)
	}
	if err := m.w.agent(t).ResolveCase(t.Context(), channel.GetChannel().GetCaseId(), "The channel is open."); err != nil {
		t.Fatal(err)
	}
	m.w.Advance(t, m.w.Now(t).Add(6*time.Hour))
}

// hasConsent brings AWS's consent to its execution, as TestConsentToAssignment does.
func (m *legacy) hasConsent(t *testing.T) {
	t.Helper()
	a := assigned{customer: m.customer, order: m.order, consentID: m.w.transfer(t, m.transferID).GetConsentId()}
	a.submits(t)
	a.decided(t, granted, "")
	a.did(t, "send the agreement", m.w.op(t).SendAgreement(t.Context(), a.consentID))
	a.did(t, "execute", m.w.op(t).ExecuteConsent(t.Context(), a.consentID, timestamppb.New(m.w.Now(t))))
}

// isComplete holds that the transfer and its order are complete, and both accounts are bound from the first full month on, also after the
// next sweep.
func (m *legacy) isComplete(t *testing.T) {
	t.Helper()
	m.w.Advance(t, m.w.Now(t).Add(26*time.Hour))
	if got := m.w.transfer(t, m.transferID); got.GetState() != accounttransferv1.TransferState_TRANSFER_STATE_COMPLETED {
		t.Fatalf("the transfer is %s and waits for %v", got.GetState(), got.GetWaiting())
	}
	inState(t, m.w.order(t, m.order.GetOrderId()), ordersv1.OrderState_ORDER_STATE_COMPLETED)
	c := m.connection(t)
	if c.GetState() != accounttransferv1.ConnectionState_CONNECTION_STATE_EFFECTIVE || c.GetPayerId() != m.payerID ||
		c.GetStartTime().AsTime().Day() != 1 || len(c.GetMembers()) != 2 || c.GetMembers()[1].GetAccountId() != m.linked {
		t.Errorf("the connection is %v", c)
	}
	for _, member := range c.GetMembers() {
		if member.GetState() != accounttransferv1.MemberState_MEMBER_STATE_JOINED {
			t.Errorf("an account is %v", member)
		}
	}
}
