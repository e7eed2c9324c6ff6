package scenarios_test

import (
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/durationpb"

	"example.com/handover/deploy/actors"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// opInviteMember is the operation by which an account is invited to the payer's organization.
const opInviteMember = "InviteAccountToOrganization"

// The states of an account of a membership.
const (
	prepared  = accounttransferv1.MemberState_MEMBER_STATE_PREPARED
	invited   = accounttransferv1.MemberState_MEMBER_STATE_INVITED
	joined    = accounttransferv1.MemberState_MEMBER_STATE_JOINED
	declined  = accounttransferv1.MemberState_MEMBER_STATE_DECLINED
	expired   = accounttransferv1.MemberState_MEMBER_STATE_EXPIRED
	cancelled = accounttransferv1.MemberState_MEMBER_STATE_CANCELLED
)

// invitedMembers has a customer's two accounts invited to a payer of its own, in a world that is ready for it.
func (w *world) invitedMembers(t *testing.T) *legacy {
	t.Helper()
	m := w.newLegacy(t, "ecam-unused", false)
	m.begins(t)
	return m
}

// begins names the payer, which is what invitations wait for. The support channel is left out.
func (m *legacy) begins(t *testing.T) {
	t.Helper()
	m.performs(t, row{key: "create-master-payer", owner: byReseller})
	if err := m.w.op(t).SkipStep(t.Context(), m.transferID, "set-up-support-channel", "Not needed here."); err != nil {
		t.Fatal(err)
	}
}

// member is one account of the transfer as it stands now.
func (m *legacy) member(t *testing.T, account string) *accounttransferv1.Member {
	t.Helper()
	all := m.connection(t).GetMembers()
	i := slices.IndexFunc(all, func(one *accounttransferv1.Member) bool { return one.GetAccountId() == account })
	if i < 0 {
		t.Fatalf("%s is none of %v", account, all)
	}
	return all[i]
}

// is holds that an account stands where it is said to.
func (m *legacy) is(t *testing.T, account string, want accounttransferv1.MemberState) *accounttransferv1.Member {
	t.Helper()
	got := m.member(t, account)
	if got.GetState() != want {
		t.Fatalf("account %s is %v, want %s", account, got, want)
	}
	return got
}

// looks has the customer press Process.
func (m *legacy) looks(t *testing.T) {
	t.Helper()
	m.process(t, m.order.GetOrderId())
}

// waitsFor holds who must act now, and that Operations has a case that says so, or has none.
func (m *legacy) waitsFor(t *testing.T, owner typev1.Party, says string, cases int) {
	t.Helper()
	wait := m.w.transfer(t, m.transferID).GetWaiting()
	if wait.GetOwner() != owner || !mentions(wait.GetWhat(), says) || wait.GetEscalated() != (cases > 0) {
		t.Errorf("the transfer waits for %v", wait)
	}
	if con := m.connection(t).GetWaiting(); con.GetOwner() != owner || con.GetWhat() != wait.GetWhat() {
		t.Errorf("the connection waits for %v", con)
	}
	if got := m.w.problems(t, m.customer, true); len(got) != cases || cases > 0 && !mentions(got[0].GetDescription(), says) {
		t.Errorf("the cases are %v", got)
	}
}

// sent counts the invitations of an account that AWS has sent.
func (m *legacy) sent(t *testing.T, account string) (n int) {
	t.Helper()
	for _, call := range m.w.calls(t, opInviteMember) {
		if call.GetEffect() && mentions(call.GetRequest(), account) {
			n++
		}
	}
	return n
}

// goesThrough does what is left to do once the accounts have joined, and holds that all is as it should be a day later.
func (m *legacy) goesThrough(t *testing.T) {
	t.Helper()
	for _, r := range ecamUnused()[4:] {
		m.performs(t, r)
	}
	m.w.Advance(t, m.w.Now(t).Add(26*time.Hour))
	inState(t, m.w.order(t, m.order.GetOrderId()), ordersv1.OrderState_ORDER_STATE_COMPLETED)
	if c := m.connection(t); c.GetState() != accounttransferv1.ConnectionState_CONNECTION_STATE_EFFECTIVE || c.GetWaiting() != nil {
		t.Errorf("the connection is %v", c)
	}
	if got := m.w.problems(t, m.customer, true); len(got) > 0 {
		t.Errorf("open cases are %v", got)
	}
}

// TestLinkedAccounts plays how linked accounts answer the invitation to the payer's organization.
func TestLinkedAccounts(t *testing.T) {
	t.Parallel()
	for name, play := range map[string]func(*testing.T, *world){
		"XFR-EN-02 XFR-SN-03 the suite invites every account, and asks nobody":               everyAccountJoins,
		"XFR-EN-03 XFR-SN-04 an account that declined is invited again when Operations says": oneDeclines,
		"an account that did not answer in fifteen days is Operations' to decide on":         oneExpires,
		"an account that is not wanted any more is taken out before it has joined":           oneIsRemoved,
		"an account that was named by mistake is replaced":                                   oneIsCorrected,
		"an account that is in another organization moves, unless that does not let it go":   oneIsElsewhere,
		"an account that AWS does not know, or that is closed, is the customer's to correct": oneIsUnknown,
		"an account that is in the payer's organization already is Operations' question":     oneIsThereAlready,
		"an order that is ended takes its invitations back":                                  invitationsAreTakenBack,
		"an order that is ended after an account has joined waits for a decision":            oneJoinedBefore,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			play(t, newWorld(t))
		})
	}
}

func everyAccountJoins(t *testing.T, w *world) {
	m := w.invitedMembers(t)
	s := w.step(t, m.transferID, "invite-linked-accounts")
	if s.GetState() != accounttransferv1.StepState_STEP_STATE_DONE || s.GetOwner() != byReseller || s.GetDoneBy().GetSubject() != "" {
		t.Errorf("the step is %v", s)
	}
	for _, account := range m.accounts() {
		got := m.is(t, account, invited)
		if got.GetAttempt() != 1 || got.GetAwsHandshakeId() == "" ||
			!got.GetExpireTime().AsTime().Equal(got.GetInviteTime().AsTime().Add(15*24*time.Hour)) {
			t.Errorf("the invitation is %v", got)
		}
	}
	m.waitsFor(t, byCustomer, "Accept the invitation", 0)
	if got := w.transfer(t, m.transferID).GetWaiting(); got.GetUntilTime() == nil {
		t.Errorf("nobody knows until when: %v", got)
	}
	listed, asked := len(w.calls(t, "ListAccounts")), len(w.calls(t, "DescribeAccount"))
	m.process(t, m.order.GetOrderId())
	if n := len(w.calls(t, "ListAccounts")) - listed; n != 0 || len(w.calls(t, "DescribeAccount")) == asked {
		t.Errorf("for a few accounts AWS listed the whole organization %d times", n)
	}
	m.answer(t, accepts, m.linked)
	w.Advance(t, w.Now(t).Add(5*time.Hour)) // nobody has pressed Process
	m.is(t, m.linked, joined)
	c := m.connection(t)
	if c.GetState() != accounttransferv1.ConnectionState_CONNECTION_STATE_EFFECTIVE || c.GetStartTime().AsTime().Day() != 1 {
		t.Errorf("AWS bills the reseller for the first account, and the connection is %v", c)
	}
	if s := w.step(t, m.transferID, "accept-transfer-request"); s.GetState() != accounttransferv1.StepState_STEP_STATE_OPEN {
		t.Errorf("with one of two accounts the step is %s", s.GetState())
	}
	m.answer(t, accepts, m.account)
	w.Advance(t, w.Now(t).Add(50*time.Hour)) // by the sweep
	m.is(t, m.account, joined)
	m.goesThrough(t)
	for _, account := range m.accounts() {
		if n := m.sent(t, account); n != 1 {
			t.Errorf("AWS sent %d invitations to %s", n, account)
		}
	}
}

func oneDeclines(t *testing.T, w *world) {
	m := w.invitedMembers(t)
	m.answer(t, accepts, m.account)
	m.answer(t, declines, m.linked)
	m.looks(t)
	m.is(t, m.account, joined)
	m.is(t, m.linked, declined)
	m.waitsFor(t, byReseller, "Declined", 1)
	if n := w.operationsReminded(t, m.customer); n == 0 {
		t.Error("Operations has no mail of it")
	}
	refused(t, m.w.op(t).ReinviteLinkedAccount(t.Context(), m.transferID, "123456789012"), codes.InvalidArgument, "LINKED_ACCOUNT_UNKNOWN")
	refused(t, m.w.op(t).ReinviteLinkedAccount(t.Context(), m.transferID, m.account), codes.FailedPrecondition, "LINKED_ACCOUNT_JOINED")
	if err := m.w.op(t).ReinviteLinkedAccount(t.Context(), m.transferID, m.linked); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	if got := m.is(t, m.linked, invited); got.GetAttempt() != 2 {
		t.Errorf("the account is %v", got)
	}
	m.waitsFor(t, byCustomer, "Accept the invitation", 0)
	m.answer(t, accepts, m.linked)
	m.looks(t)
	m.goesThrough(t)
	if n := m.sent(t, m.linked); n != 2 {
		t.Errorf("AWS sent %d invitations", n)
	}
}

func oneExpires(t *testing.T, w *world) {
	m := w.invitedMembers(t)
	m.answer(t, accepts, m.account)
	w.Advance(t, w.Now(t).Add(14*24*time.Hour))
	reminded := 0
	for _, mail := range w.mailed(t, &sandboxv1.ListMailRequest{To: "pat@example.com", WithText: true}) {
		if mentions(mail.GetText(), "Accept the invitation", m.linked) {
			reminded++
		}
	}
	if reminded < 3 {
		t.Errorf("the customer was reminded %d times", reminded)
	}
	w.Advance(t, w.Now(t).Add(25*time.Hour))
	m.is(t, m.linked, expired)
	m.waitsFor(t, byReseller, "Did not answer", 1)
	if err := w.op(t).RemoveLinkedAccount(t.Context(), m.transferID, m.linked, "The customer keeps it."); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	if got := m.is(t, m.linked, cancelled); !got.GetRemoved() || got.GetRemoveReason() != "" {
		t.Errorf("the customer reads what Operations said: %v", got)
	}
	if got := w.transfer(t, m.transferID).GetConnection().GetMembers()[1]; got.GetRemoveReason() != "The customer keeps it." {
		t.Errorf("Operations reads %v", got)
	}
	m.linked = ""
	m.goesThrough(t)
}

func oneIsRemoved(t *testing.T, w *world) {
	m := w.invitedMembers(t)
	refused(t, w.op(t).RemoveLinkedAccount(t.Context(), m.transferID, m.linked, ""), codes.InvalidArgument, "FIELD_REQUIRED")
	if err := w.op(t).RemoveLinkedAccount(t.Context(), m.transferID, m.linked, "Sold."); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	m.is(t, m.linked, cancelled)
	if err := w.aws(t).AnswerMembership(t.Context(), m.linked, accepts); refusedWith(err) != "NO_INVITATION" {
		t.Errorf("AWS still has its invitation: %v", err)
	}
	refused(t, w.op(t).RemoveLinkedAccount(t.Context(), m.transferID, m.account, "Sold."), codes.InvalidArgument, "LINKED_ACCOUNTS_WRONG")
	if again := w.otherTransfer(t, m.linked); again == "" {
		t.Error("another transfer cannot have the account")
	}
	m.answer(t, accepts, m.account)
	m.looks(t)
	m.linked = ""
	m.goesThrough(t)
}

func oneIsCorrected(t *testing.T, w *world) {
	m := w.invitedMembers(t)
	right := w.newAccount(t)
	correct := func(wrong, right string) error {
		return m.hands(t).CorrectLinkedAccount(t.Context(), m.transferID, wrong, right)
	}
	refused(t, correct(m.linked, "12345"), codes.InvalidArgument, "ACCOUNT_ID_INVALID")
	refused(t, correct(m.linked, m.account), codes.InvalidArgument, "LINKED_ACCOUNTS_WRONG")
	if err := correct(m.account, right[:4]+"-"+right[4:8]+"-"+right[8:]); err != nil { // the first one, by which the transfer is known
		t.Fatal(err)
	}
	w.Settle(t)
	m.is(t, m.account, cancelled)
	m.is(t, right, invited)
	if got := w.transfer(t, m.transferID); got.GetSourceAccountId() != m.linked && got.GetSourceAccountId() != right ||
		m.connection(t).GetAccountId() != got.GetSourceAccountId() || len(got.GetLinkedAccountIds()) != 1 {
		t.Errorf("the transfer is of %s and %v", got.GetSourceAccountId(), got.GetLinkedAccountIds())
	}
	m.account = right
	m.answer(t, accepts, m.accounts()...)
	m.looks(t)
	m.goesThrough(t)
}

func oneIsElsewhere(t *testing.T, w *world) {
	m := w.newLegacy(t, "ecam-unused", false)
	elsewhere, hands := w.newOrganization(t), w.aws(t)
	if _, err := hands.Sandbox.JoinOrganization(hands.Once(t.Context()), &sandboxv1.JoinOrganizationRequest{
		AccountId: m.linked, PayerAccountId: elsewhere,
	}); err != nil {
		t.Fatal(err)
	}
	if err := hands.Mend(t.Context(), m.linked, &sandboxv1.OrganizationTraits{BoundToAnOrganization: true}); err != nil {
		t.Fatal(err)
	}
	m.begins(t)
	got := m.is(t, m.linked, prepared)
	if e := got.GetError(); e.GetReason() != "ALREADY_IN_AN_ORGANIZATION" || e.GetOwner() != byCustomer || !mentions(e.GetRemedy(), m.linked) {
		t.Errorf("AWS refused with %v", e)
	}
	m.waitsFor(t, byCustomer, "leave the organization", 0)
	mailed := w.mailed(t, &sandboxv1.ListMailRequest{To: "pat@example.com", WithText: true})
	if !slices.ContainsFunc(mailed, func(mail *sandboxv1.Mail) bool { return mentions(mail.GetText(), "leave the organization", m.linked) }) {
		t.Error("the customer has no mail of it")
	}
	w.Advance(t, w.Now(t).Add(4*24*time.Hour))
	m.waitsFor(t, byCustomer, "leave the organization", 1) // nobody has mended it in three days
	if err := hands.Mend(t.Context(), m.linked, &sandboxv1.OrganizationTraits{}); err != nil {
		t.Fatal(err)
	}
	w.Advance(t, w.Now(t).Add(25*time.Hour))
	m.is(t, m.linked, invited)
	m.answer(t, accepts, m.accounts()...)
	m.looks(t)
	m.goesThrough(t)
}

func oneIsUnknown(t *testing.T, w *world) {
	m := w.newLegacy(t, "ecam-unused", false)
	if err := w.aws(t).CloseAccount(t.Context(), m.linked); err != nil {
		t.Fatal(err)
	}
	m.begins(t)
	m.is(t, m.account, invited)
	if e := m.is(t, m.linked, prepared).GetError(); e.GetReason() != "TARGET_NOT_SUPPORTED" || e.GetOwner() != byCustomer {
		t.Errorf("AWS refused with %v", e)
	}
	m.waitsFor(t, byCustomer, "name the right account", 0)
	right := w.newAccount(t)
	if err := m.hands(t).CorrectLinkedAccount(t.Context(), m.transferID, m.linked, right); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	m.linked = right
	m.is(t, right, invited)
	m.answer(t, accepts, m.accounts()...)
	m.looks(t)
	m.goesThrough(t)
}

func oneIsThereAlready(t *testing.T, w *world) {
	m := w.newLegacy(t, "ecam-unused", false)
	m.comesTo(t, m.linked, actors.PayerAccount) // whoever has brought it there
	m.begins(t)
	m.answer(t, accepts, m.account)
	w.Advance(t, w.Now(t).Add(26*time.Hour))
	if e := m.is(t, m.linked, prepared).GetError(); e.GetReason() != "MEMBER_WITHOUT_INVITATION" || e.GetOwner() != byReseller {
		t.Errorf("the account is kept from joining by %v", e)
	}
	m.waitsFor(t, byReseller, "Find out whose account", 1)
	if err := w.op(t).ReinviteLinkedAccount(t.Context(), m.transferID, m.linked); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	m.is(t, m.linked, joined)
	m.goesThrough(t)
}

func invitationsAreTakenBack(t *testing.T, w *world) {
	m := w.invitedMembers(t)
	if err := w.op(t).FailOrder(t.Context(), m.order.GetOrderId(), "Not wanted."); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	inState(t, w.order(t, m.order.GetOrderId()), ordersv1.OrderState_ORDER_STATE_FAILED)
	for _, account := range m.accounts() {
		m.is(t, account, cancelled)
		if err := w.aws(t).AnswerMembership(t.Context(), account, accepts); refusedWith(err) != "NO_INVITATION" {
			t.Errorf("AWS still has the invitation of %s: %v", account, err)
		}
	}
	if c := m.connection(t); c.GetState() != accounttransferv1.ConnectionState_CONNECTION_STATE_ENDED || c.GetWaiting() != nil {
		t.Errorf("the connection is %v", c)
	}
}

func oneJoinedBefore(t *testing.T, w *world) {
	m := w.invitedMembers(t)
	m.answer(t, accepts, m.account)
	if err := w.op(t).FailOrder(t.Context(), m.order.GetOrderId(), "Not wanted."); err != nil {
		t.Fatal(err)
	}
	w.Advance(t, w.Now(t).Add(5*time.Hour))
	tr := w.transfer(t, m.transferID)
	if tr.GetState() != accounttransferv1.TransferState_TRANSFER_STATE_WAITING_DECISION {
		t.Fatalf("the transfer is %s and waits for %v", tr.GetState(), tr.GetWaiting())
	}
	m.is(t, m.linked, cancelled)
	if err := w.op(t).Withdraw(t.Context(), m.transferID, customerPays, "It is over."); err != nil {
		t.Fatal(err)
	}
	w.Advance(t, w.Now(t).Add(26*time.Hour)) // the account is still to leave
	if err := w.op(t).Keep(t.Context(), m.transferID, "They want it after all."); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	m.is(t, m.linked, invited)
	m.answer(t, accepts, m.linked)
	w.Advance(t, w.Now(t).Add(5*time.Hour))
	m.is(t, m.linked, joined)
}

// TestLinkedAccountFaults lets AWS misbehave at the invitation of an account, which has no idempotency token: exactly one goes out.
func TestLinkedAccountFaults(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]*sandboxv1.Fault{
		"every answer of a call lost": {Kind: sandboxv1.FaultKind_FAULT_KIND_LOST_ANSWER, Times: sdkTries},
		"internal errors":             {Kind: sandboxv1.FaultKind_FAULT_KIND_SERVER_ERROR, Times: sdkTries},
		"throttled":                   {Kind: sandboxv1.FaultKind_FAULT_KIND_THROTTLE, Times: sdkTries},
		"the request delivered twice": {Kind: sandboxv1.FaultKind_FAULT_KIND_DUPLICATE, Times: 1},
		"a whole call held back past its retries": {
			Kind: sandboxv1.FaultKind_FAULT_KIND_LATE, Times: sdkTries, Delay: durationpb.New(4 * time.Second),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newHastyWorld(t)
			f.Operation = opInviteMember
			w.setFault(t, f)
			m := w.invitedMembers(t)
			eventually(t, "AWS is through with every call that met the fault", func() bool { return w.met(t, f) >= int(f.GetTimes()) })
			for _, account := range m.accounts() {
				if n := m.sent(t, account); n != 1 {
					t.Errorf("AWS sent %d invitations to %s", n, account)
				}
				m.is(t, account, invited)
			}
			m.answer(t, accepts, m.accounts()...)
			m.looks(t)
			m.goesThrough(t)
		})
	}
}

// TestPayerCannotInvite: what AWS refuses the payer is told once for all accounts, and goes on when it is mended.
func TestPayerCannotInvite(t *testing.T) {
	t.Parallel()
	t.Run("its organization has as many accounts as AWS grants it", func(t *testing.T) {
		w := newWorld(t)
		quota := func(n int32) {
			t.Helper()
			if err := w.aws(t).SetAccountQuota(t.Context(), actors.PayerAccount, n); err != nil {
				t.Fatal(err)
			}
		}
		quota(2) // the payer and one more
		m := w.invitedMembers(t)
		m.is(t, m.account, invited)
		if e := m.is(t, m.linked, prepared).GetError(); e.GetReason() != "ACCOUNT_NUMBER_LIMIT_EXCEEDED" || e.GetOwner() != byReseller {
			t.Errorf("AWS refused with %v", e)
		}
		m.waitsFor(t, byReseller, "raise the number of accounts", 1)
		quota(30)
		w.Advance(t, w.Now(t).Add(25*time.Hour))
		m.is(t, m.linked, invited)
		m.waitsFor(t, byCustomer, "Accept the invitation", 0)
	})
	t.Run("its organization may send no more invitations today", func(t *testing.T) {
		w := newWorld(t)
		if err := w.aws(t).SetDailyInvitations(t.Context(), actors.PayerAccount, 1); err != nil {
			t.Fatal(err)
		}
		m := w.invitedMembers(t)
		if e := m.is(t, m.linked, prepared).GetError(); e.GetReason() != "HANDSHAKE_RATE_LIMIT_EXCEEDED" ||
			e.GetOwner() != typev1.Party_PARTY_AWS {
			t.Errorf("AWS refused with %v", e)
		}
		w.Advance(t, w.Now(t).Add(26*time.Hour))
		m.is(t, m.linked, invited)
	})
	t.Run("its organization has not all features", func(t *testing.T) {
		w := newWorld(t)
		m := w.newLegacy(t, "ecam-unused", false)
		m.payerID = w.otherPayer(t, &sandboxv1.OrganizationTraits{ConsolidatedBillingOnly: true})
		m.begins(t)
		for _, account := range m.accounts() {
			if e := m.is(t, account, prepared).GetError(); e.GetReason() != "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE" || e.GetOwner() != byReseller {
				t.Errorf("AWS refused with %v", e)
			}
		}
		m.waitsFor(t, byReseller, "Enable all features", 1)
	})
}

// otherPayer registers another payer of the seller, whose organization is of a kind.
func (w *world) otherPayer(t *testing.T, traits *sandboxv1.OrganizationTraits) (payerID string) {
	t.Helper()
	account := w.newOrganization(t, traits)
	const externalID = "handover-other"
	if err := w.aws(t).DeployRole(t.Context(), account, externalID); err != nil {
		t.Fatal(err)
	}
	payerID, err := w.op(t).RegisterOrganization(t.Context(), w.sellerID, "", account, externalID)
	if err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	return payerID
}

// leavesOrganization has an account leave the organization that it is in.
func (w *world) leavesOrganization(t *testing.T, account string) {
	t.Helper()
	hands := w.aws(t)
	_, err := hands.Sandbox.LeaveOrganization(hands.Once(t.Context()), &sandboxv1.LeaveOrganizationRequest{AccountId: account})
	if err != nil {
		t.Fatalf("leave the organization at AWS: %v", err)
	}
}

// TestAttestedMembership: what people say of accounts binds nothing that AWS does not show, and an account that returns is a member again.
func TestAttestedMembership(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m, r := w.newLegacy(t, "spam-used", false), row{key: "hand-over-linked-accounts", owner: byReseller}
	w.leavesOrganization(t, m.linked)
	m.handsOver(t, r.key)
	m.completes(t, r)
	w.Settle(t)
	t.Run("XFR-SU-02 a hand-over of an account that AWS does not list is to be done again", func(t *testing.T) {
		s := w.step(t, m.transferID, r.key)
		if s.GetState() != accounttransferv1.StepState_STEP_STATE_OPEN || !mentions(s.GetWhat(), m.linked, "AWS does not list") ||
			mentions(s.GetWhat(), m.account) {
			t.Fatalf("the step is %v", s)
		}
		m.is(t, m.linked, prepared)
		cases := w.problems(t, m.customer, true)
		if !slices.ContainsFunc(cases, func(k *supportv1.Case) bool { return mentions(k.GetDescription(), m.linked) }) {
			t.Errorf("the cases are %v", cases)
		}
	})
	m.comesTo(t, m.linked, m.account)
	m.completes(t, r)
	w.Settle(t)
	if s := w.step(t, m.transferID, r.key); s.GetState() != accounttransferv1.StepState_STEP_STATE_DONE || len(s.GetSessions()) != 2 {
		t.Fatalf("the step is %v", s)
	}
	m.is(t, m.linked, joined)
	for _, r := range spamUsed()[2:] {
		m.performs(t, r)
	}
	m.isComplete(t)
	t.Run("an account that has left and returns is a member again", func(t *testing.T) {
		w.leavesOrganization(t, m.linked)
		w.Advance(t, w.Now(t).Add(26*time.Hour))
		m.is(t, m.linked, accounttransferv1.MemberState_MEMBER_STATE_LEFT)
		m.comesTo(t, m.linked, m.account)
		w.Advance(t, w.Now(t).Add(26*time.Hour))
		if got := m.is(t, m.linked, joined); got.GetLeaveTime() != nil {
			t.Errorf("the account is %v", got)
		}
	})
}
