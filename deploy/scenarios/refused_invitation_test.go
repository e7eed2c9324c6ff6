package scenarios_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/handover/deploy/actors"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// typedReason is how AWS can refuse an invitation, and who must act on it.
type typedReason struct {
	exception, reason string
	owner             typev1.Party
	says              string // in what is to be done
}

// typedReasons are all that matter for a billing transfer.
func typedReasons() []typedReason {
	const (
		constraint, handshake, input = "ConstraintViolationException", "HandshakeConstraintViolationException", "InvalidInputException"
		customer, reseller, aws      = typev1.Party_PARTY_CUSTOMER, typev1.Party_PARTY_RESELLER, typev1.Party_PARTY_AWS
	)
	return []typedReason{
		{constraint, "UNSUPPORTED_PRICING", customer, "private pricing"},
		{constraint, "UNMET_BILLING_PREREQUISITE", customer, "AWS Support"},
		{constraint, "ACCOUNT_NOT_ACTIVE_FOR_TRANSFER_RESPONSIBILITY", customer, "activation"},
		{constraint, "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE", customer, "Enable all features"},
		{constraint, "RESPONSIBILITY_TRANSFER_MAX_OUTBOUND_QUOTA_VIOLATION", customer, "other partner"},
		{constraint, "TRANSFER_RESPONSIBILITY_SOURCE_DELETION_IN_PROGRESS", customer, "organization"},
		{constraint, "ACTIVE_RESPONSIBILITY_TRANSFER_PROCESS", customer, "other transfer"},
		{handshake, "LEGACY_PERMISSIONS_STILL_IN_USE", customer, "fine-grained"},
		{handshake, "PAST_DUE_INVOICE", customer, "Pay"},
		{handshake, "UNUSED_PREPAYMENT_BALANCE", customer, "prepayment"},
		{handshake, "PAYMENT_INSTRUMENT_REQUIRED", customer, "payment method"},
		{handshake, "MANAGEMENT_ACCOUNT_EMAIL_NOT_VERIFIED", customer, "Verify"},
		{handshake, "TARGET_ACCOUNT_VALIDATION_FAILURE", customer, "Platform Support"},
		{handshake, "ORGANIZATION_FROM_DIFFERENT_SELLER_OF_RECORD", customer, "seller of record"},
		{handshake, "SOURCE_AND_TARGET_CANNOT_MATCH", customer, "reseller's own"},
		{input, "TARGET_NOT_SUPPORTED", customer, "Correct the account"},

		{constraint, "RESPONSIBILITY_TRANSFER_MAX_INBOUND_QUOTA_VIOLATION", reseller, "quota"},
		{constraint, "RESPONSIBILITY_TRANSFER_MAX_LEVEL_VIOLATION", reseller, "payer"},
		{constraint, "RESPONSIBILITY_TRANSFER_MAX_TRANSFERS_QUOTA_VIOLATION", reseller, "another payer"},
		{constraint, "TRANSFER_RESPONSIBILITY_TARGET_DELETION_IN_PROGRESS", reseller, "another payer"},
		{handshake, "RESPONSIBILITY_TRANSFER_ALREADY_EXISTS", reseller, "inbound transfers"},
		{input, "INVALID_PATTERN", reseller, "AWS's reason"},
		{input, "START_DATE_TOO_LATE", reseller, "AWS's reason"},
		{"DuplicateHandshakeException", "", reseller, "even an expired one"},
		{constraint, "HANDSHAKE_RATE_LIMIT_EXCEEDED", aws, "in a day"},
	}
}

// refusedOrder is an order whose invitation AWS refused for a reason.
type refusedOrder struct {
	customer
	order *ordersv1.Order
	by    typedReason
}

// TestEveryTypedReason lets AWS refuse an invitation for each of its reasons: who must act is told what to do, and it goes on once
// that is done.
func TestEveryTypedReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var all []refusedOrder
	for _, r := range typedReasons() {
		w.setFault(t, &sandboxv1.Fault{
			Service: "organizations", Operation: opInvite, Kind: sandboxv1.FaultKind_FAULT_KIND_REFUSE, Times: 1,
			ErrorCode: r.exception, ErrorReason: r.reason,
		})
		c := w.newCustomer(t)
		all = append(all, refusedOrder{c, c.submitted(t), r})
		w.Settle(t)
	}
	w.Advance(t, w.Now(t).Add(time.Minute)) // the mails that are due at once
	for _, o := range all {
		name := o.by.reason
		if o.by.exception == "DuplicateHandshakeException" {
			name = "XFR-BT-17 XFR-BT-18 " + o.by.exception
		}
		t.Run(name, o.isTold)
	}
	for _, o := range all {
		if o.by.owner != typev1.Party_PARTY_RESELLER {
			continue // it is tried again by itself
		}
		if err := w.op(t).RetryStep(t.Context(), o.order.GetTransferId(), "send-invitation"); err != nil {
			t.Fatal(err)
		}
	}
	w.Advance(t, w.Now(t).Add(25*time.Hour))
	t.Run("what is mended goes on", func(t *testing.T) {
		for _, o := range all {
			w.oneInvitation(t, o.account, "REQUESTED")
			if open := w.problems(t, o.customer, true); len(open) != 0 {
				t.Errorf("%s: open is still %v", o.by.reason, open)
			}
		}
	})
}

// isTold fails unless who must act has been told: the customer by one mail, Operations by one case, and the customer never by a case.
func (o refusedOrder) isTold(t *testing.T) {
	o.w.isRefused(t, o.order, o.by)
	if told := o.w.mailsOf(t, o.customer, "action-needed"); (len(told) == 1) != (o.by.owner == typev1.Party_PARTY_CUSTOMER) {
		t.Errorf("the customer has the mails %v", told)
	}
	if open := o.w.problems(t, o.customer, true); (len(open) == 1) != (o.by.owner == typev1.Party_PARTY_RESELLER) {
		t.Errorf("Operations has the cases %v", open)
	}
}

// isRefused fails unless the transfer of an order waits for who must mend a reason of AWS.
func (w *world) isRefused(t *testing.T, o *ordersv1.Order, r typedReason) {
	t.Helper()
	tr := w.transfer(t, o.GetTransferId())
	wait := tr.GetWaiting()
	if wait.GetOwner() != r.owner || wait.GetStepKey() != "send-invitation" || !mentions(wait.GetWhat(), r.says) || wait.GetWhere() == "" {
		t.Errorf("the transfer waits for %v", wait)
	}
	invitations := tr.GetConnection().GetInvitations()
	if n := len(invitations); n != 1 || r.reason != "" && invitations[0].GetError().GetReason() != r.reason {
		t.Errorf("the invitations are %v", invitations)
	}
	if s := w.step(t, o.GetTransferId(), "send-invitation"); s.GetFailure().GetMessage() == "" || s.GetDueTime() == nil {
		t.Errorf("the step is %v", s)
	}
	if r.owner == typev1.Party_PARTY_CUSTOMER {
		inState(t, w.order(t, o.GetOrderId()), ordersv1.OrderState_ORDER_STATE_QUERYING)
	}
}

// mailsOf are the mails of a template to a customer's people.
func (w *world) mailsOf(t *testing.T, c customer, template string) (found []*notificationsv1.Notification) {
	t.Helper()
	resp, err := w.Mails.ListNotifications(w.operator(t), &notificationsv1.ListNotificationsRequest{CustomerId: c.id, PageSize: 500})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range resp.GetNotifications() {
		if m.GetTemplateKey() == template {
			found = append(found, m)
		}
	}
	return found
}

// TestRefusedInvitation follows an invitation that AWS refuses until it is mended, or until its end.
func TestRefusedInvitation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("a refusal that nobody mends has one case, mails on a schedule, and an end", w.refusedForGood)
	t.Run("XFR-BT-17 an expired invitation that blocks is Platform Support's case, until AWS has settled it", w.blockedByEarlier)
	t.Run("what the customer mends goes on when it presses Process", w.mendedByCustomer)
	t.Run("XFR-BT-14 a wrong account is corrected by the customer, as it pastes it", w.corrected)
	t.Run("an invitation of the wrong account is cancelled before the right one is invited", w.correctedLate)
	t.Run("a wrong account that accepts first is Operations' to decide", w.correctedTooLate)
	t.Run("what is no account gets a reason and a remedy", w.noAccount)
}

func (w *world) refusedForGood(t *testing.T) {
	c := w.newCustomer(t, &sandboxv1.OrganizationTraits{PrivatePricing: true})
	o := c.submitted(t)
	w.Settle(t)
	began := w.Now(t)
	w.Advance(t, began.Add(40*24*time.Hour))
	tr := w.transfer(t, o.GetTransferId())
	if tr.GetState() != accounttransferv1.TransferState_TRANSFER_STATE_IN_PROGRESS || !tr.GetWaiting().GetEscalated() ||
		!tr.GetWaiting().GetUntilTime().AsTime().Equal(began.Add(45*24*time.Hour)) {
		t.Errorf("the transfer is %s and waits for %v", tr.GetState(), tr.GetWaiting())
	}
	if all := w.problems(t, c, false); len(all) != 1 {
		t.Errorf("Operations has had the cases %v", all)
	}
	if n := len(w.mailsOf(t, c, "action-needed")); n < 5 || n > 12 {
		t.Errorf("the customer was told %d times in 40 days", n)
	}
	if n := w.operationsReminded(t, c); n < 5 {
		t.Errorf("Operations was reminded %d times in 40 days", n)
	}
	w.Advance(t, began.Add(46*24*time.Hour))
	tr = w.transfer(t, o.GetTransferId())
	if tr.GetState() != accounttransferv1.TransferState_TRANSFER_STATE_FAILED ||
		tr.GetFailure().GetCode() != accounttransferv1.FailureCode_FAILURE_CODE_ACCOUNT_NOT_ELIGIBLE {
		t.Fatalf("the transfer is %s: %v", tr.GetState(), tr.GetFailure())
	}
	inState(t, w.order(t, o.GetOrderId()), ordersv1.OrderState_ORDER_STATE_FAILED)
	if open := w.problems(t, c, true); len(open) != 0 {
		t.Errorf("open is still %v", open)
	}
	calls, err := w.aws(t).Calls(t.Context(), opInvite)
	if err != nil {
		t.Fatal(err)
	}
	calls = slices.DeleteFunc(calls, func(k *sandboxv1.AwsCall) bool { return !strings.Contains(k.GetRequest(), c.account) })
	if len(calls) > 15 {
		t.Errorf("AWS was asked %d times", len(calls))
	}
	w.Advance(t, began.Add(80*24*time.Hour))
	if after := len(w.mailsOf(t, c, "action-needed")); after > 12 {
		t.Errorf("the customer is still told: %d mails", after)
	}
}

func (w *world) blockedByEarlier(t *testing.T) {
	c := w.newCustomer(t, &sandboxv1.OrganizationTraits{EarlierInvitationBlocks: true})
	o := c.submitted(t)
	w.Settle(t)
	if wait := w.transfer(t, o.GetTransferId()).GetWaiting(); wait.GetOwner() != typev1.Party_PARTY_RESELLER ||
		!mentions(wait.GetWhat(), "even an expired one", "have Platform Support ask") {
		t.Errorf("the transfer waits for %v", wait)
	}
	open := w.problems(t, c, true)
	if len(open) != 1 || open[0].GetAudience() != supportv1.CaseAudience_CASE_AUDIENCE_OPERATIONS ||
		!strings.Contains(open[0].GetDescription(), "Platform Support") {
		t.Fatalf("the cases are %v", open)
	}
	if err := w.aws(t).Mend(t.Context(), c.account, &sandboxv1.OrganizationTraits{}); err != nil {
		t.Fatal(err)
	}
	w.Advance(t, w.Now(t).Add(25*time.Hour)) // it is tried again by itself
	w.oneInvitation(t, c.account, "REQUESTED")
	if open := w.problems(t, c, true); len(open) != 0 {
		t.Errorf("open is still %v", open)
	}
}

func (w *world) mendedByCustomer(t *testing.T) {
	c := w.newCustomer(t, &sandboxv1.OrganizationTraits{PrivatePricing: true})
	o := c.submitted(t)
	w.Settle(t)
	w.Advance(t, w.Now(t).Add(time.Hour))
	if err := w.aws(t).Mend(t.Context(), c.account, &sandboxv1.OrganizationTraits{}); err != nil {
		t.Fatal(err)
	}
	if got := c.process(t, o.GetOrderId()); got.GetWaiting().GetStepKey() != "accept-invitation" {
		t.Errorf("the order waits for %v", got.GetWaiting())
	}
	for _, r := range w.remindersOf(t, o.GetOrderId(), "action-needed") {
		if r.GetState() == notificationsv1.ReminderState_REMINDER_STATE_ACTIVE {
			t.Errorf("the customer is still told: %v", r)
		}
	}
}

// pasted is an account as consoles and sheets show it.
func pasted(account string) string {
	return " " + account[:4] + "-" + account[4:8] + " " + account[8:] + "\n"
}

func (w *world) corrected(t *testing.T) {
	c := w.newCustomer(t)
	right := c.account
	alone, err := w.aws(t).CreateAccount(t.Context(), c.id+"@example.com")
	if err != nil {
		t.Fatal(err)
	}
	c.account = alone // no management account: AWS cannot invite it
	o := c.submitted(t)
	w.Settle(t)
	wait := w.order(t, o.GetOrderId()).GetWaiting()
	if wait.GetOwner() != typev1.Party_PARTY_CUSTOMER || !mentions(wait.GetWhere(), "CorrectAccount") {
		t.Fatalf("the order waits for %v", wait)
	}
	if err := c.hands(t).CorrectAccount(t.Context(), o.GetTransferId(), pasted(right)); err != nil {
		t.Fatalf("correct the account: %v", err)
	}
	w.Settle(t)
	if got := w.order(t, o.GetOrderId()); got.GetWaiting().GetStepKey() != "accept-invitation" {
		t.Errorf("the order waits for %v", got.GetWaiting())
	}
	w.oneInvitation(t, right, "REQUESTED")
	c.account = right
	c.accept(t)
	goesOn(t, c.process(t, o.GetOrderId()))
	got, err := w.Agreements.GetAgreement(c.person(t), &ordersv1.GetAgreementRequest{AgreementId: o.GetAgreementId()})
	if err != nil || got.GetAgreement().GetManagementAccountId() != right {
		t.Errorf("the agreement is %v, %v", got.GetAgreement(), err)
	}
	if con := w.transfer(t, o.GetTransferId()).GetConnection(); con.GetAccountId() != right {
		t.Errorf("the connection is %v", con)
	}
	owner := w.newCustomer(t) // the account that was named by mistake is free again
	draft := owner.draft(t, func(o *ordersv1.Order) { o.ManagementAccountId = alone })
	if _, err := owner.submit(t, draft.GetOrderId()); err != nil {
		t.Errorf("its owner cannot order: %v", err)
	}
}

func (w *world) correctedLate(t *testing.T) {
	c := w.newCustomer(t)
	wrong := c.account
	o := c.invited(t)
	c.account = w.newOrganization(t)
	if err := c.hands(t).CorrectAccount(t.Context(), o.GetTransferId(), c.account); err != nil {
		t.Fatalf("correct the account: %v", err)
	}
	w.Settle(t)
	w.oneInvitation(t, wrong, "CANCELED")
	w.oneInvitation(t, c.account, "REQUESTED")
	if got := w.order(t, o.GetOrderId()); got.GetWaiting().GetStepKey() != "accept-invitation" {
		t.Errorf("the order waits for %v", got.GetWaiting())
	}
	c.accept(t)
	goesOn(t, c.process(t, o.GetOrderId()))
	err := c.hands(t).CorrectAccount(t.Context(), o.GetTransferId(), wrong)
	if refusedWith(err) != "INVITATION_ACCEPTED" {
		t.Errorf("after the acceptance: %v", err)
	}
}

func (w *world) correctedTooLate(t *testing.T) {
	c := w.newCustomer(t)
	o := c.invited(t)
	c.accept(t) // the suite has not seen it yet
	if err := c.hands(t).CorrectAccount(t.Context(), o.GetTransferId(), w.newOrganization(t)); err != nil {
		t.Fatalf("correct the account: %v", err)
	}
	w.Settle(t)
	if tr := w.asked(t, o); !mentions(tr.GetDecision().GetQuestion(), "named by mistake") || tr.GetSourceAccountId() != c.account {
		t.Errorf("the transfer is %v", tr)
	}
	w.decide(t, o, resellerPays)
	if tr := w.transfer(t, o.GetTransferId()); tr.GetFailure().GetCode() != accounttransferv1.FailureCode_FAILURE_CODE_ACCOUNT_MISTAKEN {
		t.Errorf("the transfer is %s: %v", tr.GetState(), tr.GetFailure())
	}
	w.oneInvitation(t, c.account, "WITHDRAWN")
}

func (w *world) noAccount(t *testing.T) {
	c := w.newCustomer(t)
	o := c.invited(t)
	for _, wrong := range []string{"1111-2222-333", "o-exampleorgid", "my-company"} {
		err := c.hands(t).CorrectAccount(t.Context(), o.GetTransferId(), wrong)
		if refusedWith(err) != "ACCOUNT_ID_INVALID" {
			t.Errorf("%q: %v", wrong, err)
		}
		draft := actors.Draft(c.id, wrong)
		if _, err := w.op(t).CreateDraft(t.Context(), draft); refusedWith(err) != "ACCOUNT_ID_INVALID" {
			t.Errorf("an order for %q: %v", wrong, err)
		}
	}
	draft, err := w.op(t).CreateDraft(t.Context(), actors.Draft(c.id, pasted(c.account)))
	if err != nil || draft.GetManagementAccountId() != c.account {
		t.Errorf("the draft is %v, %v", draft, err)
	}
}
