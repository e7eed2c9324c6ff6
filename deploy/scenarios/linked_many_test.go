package scenarios_test

import (
	"testing"
	"time"

	"example.com/handover/deploy/actors"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestManyLinkedAccounts: more accounts than a page of AWS has, of which each answers by itself. What AWS is asked grows by pages and
// not by accounts.
func TestManyLinkedAccounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const many = 45 // three pages
	if err := w.aws(t).SetAccountQuota(t.Context(), actors.PayerAccount, 0); err != nil {
		t.Fatal(err)
	}
	m := &legacy{customer: w.newCustomer(t), payerID: w.payerID}
	m.account = w.newAccount(t)
	var all []string
	for range many - 1 {
		all = append(all, w.newAccount(t))
	}
	m.order = m.submitted(t, func(o *ordersv1.Order) { o.TemplateKey, o.LinkedAccountIds = "ecam-unused", all })
	m.transferID = m.order.GetTransferId()
	all = append(all, m.account)
	w.Settle(t)
	m.begins(t)
	for _, account := range all {
		m.is(t, account, invited)
	}
	if n := len(w.calls(t, opInviteMember)); n != many {
		t.Errorf("%d invitations for %d accounts", n, many)
	}
	before := len(w.calls(t, "ListHandshakesForOrganization"))
	m.answer(t, accepts, all[:many-2]...)
	m.answer(t, declines, all[many-2])
	m.looks(t)
	if n := len(w.calls(t, "ListHandshakesForOrganization")) - before; n < 3 || n > 6 {
		t.Errorf("one look made %d calls, for %d handshakes in pages of twenty", n, many)
	}
	m.is(t, all[many-2], declined)
	m.is(t, all[many-1], invited)
	for _, account := range all[:many-2] {
		m.is(t, account, joined)
	}
	if got := m.w.problems(t, m.customer, true); len(got) != 1 {
		t.Errorf("the cases are %v", got)
	}
	before = len(w.calls(t, "ListHandshakesForOrganization"))
	w.Advance(t, w.Now(t).Add(4*24*time.Hour))
	if n := len(w.calls(t, "ListHandshakesForOrganization")) - before; n > 3*(7+25) {
		t.Errorf("four days made %d calls", n)
	}
}

// memberReasons are AWS's typed reasons not to invite an account, and who must act on each.
func memberReasons() []typedReason {
	const (
		constraint, handshake, input = "ConstraintViolationException", "HandshakeConstraintViolationException", "InvalidInputException"
		customer, reseller, aws      = typev1.Party_PARTY_CUSTOMER, typev1.Party_PARTY_RESELLER, typev1.Party_PARTY_AWS
	)
	return []typedReason{
		{input, "TARGET_NOT_SUPPORTED", customer, "name the right account"},
		{handshake, "SOURCE_AND_TARGET_CANNOT_MATCH", customer, "payer itself"},
		{handshake, "ALREADY_IN_AN_ORGANIZATION", customer, "leave the organization"},
		{handshake, "PAYMENT_INSTRUMENT_REQUIRED", customer, "payment method"},
		{handshake, "ORGANIZATION_FROM_DIFFERENT_SELLER_OF_RECORD", customer, "seller of record"},
		{handshake, "TARGET_ACCOUNT_VALIDATION_FAILURE", customer, "AWS Support"},
		{handshake, "ACCOUNT_NUMBER_LIMIT_EXCEEDED", reseller, "raise the number"},
		{handshake, "INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES", reseller, "enabling all features"},
		{handshake, "MANAGEMENT_ACCOUNT_EMAIL_NOT_VERIFIED", reseller, "Verify"},
		{"AccountOwnerNotVerifiedException", "", reseller, "Verify"},
		{"DuplicateHandshakeException", "", reseller, "other invitation"},
		{"AccessDeniedException", "", reseller, "right"},
		{constraint, "HANDSHAKE_RATE_LIMIT_EXCEEDED", aws, "in a day"},
		{handshake, "ORGANIZATION_MEMBERSHIP_CHANGE_RATE_LIMIT_EXCEEDED", aws, "in a day"},
		{input, "INVALID_ENUM", reseller, "AWS's reason"},
	}
}

// TestEveryReasonNotToInvite lets AWS refuse an account for each of its reasons: who must act is told what to do, and it goes on once
// somebody says that it is done.
func TestEveryReasonNotToInvite(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.aws(t).SetAccountQuota(t.Context(), actors.PayerAccount, 0); err != nil {
		t.Fatal(err)
	}
	for _, r := range memberReasons() {
		t.Run(r.exception+" "+r.reason, func(t *testing.T) {
			m := w.newLegacy(t, "ecam-unused", false)
			w.setFault(t, &sandboxv1.Fault{
				Service: "organizations", Operation: opInviteMember, Kind: sandboxv1.FaultKind_FAULT_KIND_REFUSE, Times: 2,
				ErrorCode: r.exception, ErrorReason: r.reason,
			})
			m.begins(t)
			got := m.is(t, m.account, prepared)
			if e := got.GetError(); e.GetOwner() != r.owner || !mentions(e.GetRemedy(), r.says) || e.GetMessage() == "" {
				t.Errorf("AWS refused with %v", e)
			}
			cases := 0
			if r.owner == byReseller {
				cases = 1
			}
			m.waitsFor(t, r.owner, r.says, cases)
			w.clearFaults(t)
			for _, account := range m.accounts() {
				if m.member(t, account).GetState() != accounttransferv1.MemberState_MEMBER_STATE_PREPARED {
					continue
				}
				if err := w.op(t).ReinviteLinkedAccount(t.Context(), m.transferID, account); err != nil {
					t.Fatal(err)
				}
			}
			w.Settle(t)
			for _, account := range m.accounts() {
				m.is(t, account, invited)
			}
			m.waitsFor(t, byCustomer, "Accept the invitation", 0)
		})
	}
}
