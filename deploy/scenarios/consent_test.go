package scenarios_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/id"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// assigned is a customer of the public sector in a legacy model, whose transfer needs AWS's consent to assignment.
type assigned struct {
	customer
	order     *ordersv1.Order
	consentID string
}

// newAssigned adds a customer of the public sector that has submitted an order in a legacy model.
func newAssigned(t *testing.T, w *world) assigned {
	t.Helper()
	return w.newCustomer(t).assigns(t)
}

// assigns has the customer, which becomes one of the public sector, submit an order for another account in a legacy model.
func (c customer) assigns(t *testing.T) assigned {
	t.Helper()
	a, w := assigned{customer: c}, c.w
	_, err := w.Customers.UpdateCustomer(w.operator(t), &ordersv1.UpdateCustomerRequest{
		CustomerId: a.id, Customer: &ordersv1.Customer{PublicSector: true},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"public_sector"}},
	})
	if err != nil {
		t.Fatalf("make it one of the public sector: %v", err)
	}
	if a.account, err = w.aws(t).CreateAccount(t.Context(), id.New("root")+"@example.com"); err != nil {
		t.Fatalf("sign up at AWS: %v", err)
	}
	a.order = a.submitted(t, inLegacyModel)
	w.Settle(t)
	a.legacy().opensChannel(t) // nothing else is to be waited for
	if a.consentID = a.transfer(t).GetConsentId(); a.consentID == "" {
		t.Fatalf("the transfer needs no consent: %v", a.transfer(t))
	}
	return a
}

func (a assigned) transfer(t *testing.T) *accounttransferv1.Transfer {
	t.Helper()
	return a.w.transfer(t, a.order.GetTransferId())
}

func (a assigned) consent(t *testing.T) *accounttransferv1.Consent {
	t.Helper()
	resp, err := a.w.Consents.GetConsent(a.w.operator(t), &accounttransferv1.GetConsentRequest{ConsentId: a.consentID})
	if err != nil {
		t.Fatalf("read the consent: %v", err)
	}
	return resp.GetConsent()
}

// step is one step of the transfer.
func (a assigned) step(t *testing.T, key string) *accounttransferv1.Step {
	t.Helper()
	for _, s := range a.transfer(t).GetSteps() {
		if s.GetKey() == key {
			return s
		}
	}
	t.Fatalf("there is no step %s", key)
	return nil
}

// did fails unless an act worked, and waits for what comes of it.
func (a assigned) did(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	a.w.Settle(t)
}

// legacy is the customer's transfer in its model.
func (a assigned) legacy() *legacy {
	return &legacy{customer: a.customer, payerID: a.w.payerID, order: a.order, transferID: a.order.GetTransferId()}
}

func inLegacyModel(o *ordersv1.Order) { o.TemplateKey = "spam-used" }

// submits brings the request to AWS.
func (a assigned) submits(t *testing.T) {
	t.Helper()
	op := a.w.op(t)
	a.did(t, "the customer enters its side", a.hands(t).EnterAssignor(t.Context(), a.consentID))
	a.did(t, "Operations enters the other", op.EnterAssignee(t.Context(), a.consentID))
	a.did(t, "submit", op.SubmitConsent(t.Context(), a.consentID))
}

// decided records what AWS decided.
func (a assigned) decided(t *testing.T, outcome accounttransferv1.ConsentOutcome, reason string) {
	t.Helper()
	a.did(t, "decide", a.w.op(t).DecideConsent(t.Context(), &accounttransferv1.ConsentServiceRecordDecisionRequest{
		ConsentId: a.consentID, Outcome: outcome, Reason: reason,
	}))
}

// mails counts the mails of a template about the customer.
func (a assigned) mails(t *testing.T, template string) (n int) {
	t.Helper()
	resp, err := a.w.Mails.ListNotifications(a.w.operator(t), &notificationsv1.ListNotificationsRequest{CustomerId: a.id, PageSize: 500})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range resp.GetNotifications() {
		if m.GetTemplateKey() == template {
			n++
		}
	}
	return n
}

// waits fails unless the consent, its transfer and the order wait for the same one, who is told what to do.
func (a assigned) waits(t *testing.T, state accounttransferv1.ConsentState, owner typev1.Party) {
	t.Helper()
	c, tr := a.consent(t), a.transfer(t)
	if c.GetState() != state || c.GetWaiting().GetOwner() != owner || c.GetWaiting().GetWhat() == "" ||
		c.GetWaiting().GetUntilTime() == nil && c.GetWaiting().GetEscalateTime() == nil || c.GetWaitTime() == nil {
		t.Errorf("the consent is %s and waits for %v", c.GetState(), c.GetWaiting())
	}
	if got := tr.GetWaiting(); got.GetStepKey() != "request-consent" || got.GetOwner() != owner || got.GetWhat() != c.GetWaiting().GetWhat() {
		t.Errorf("the transfer waits for %v, the consent for %v", got, c.GetWaiting())
	}
	if got := a.w.order(t, a.order.GetOrderId()).GetWaiting(); got.GetWhat() != c.GetWaiting().GetWhat() || got.GetOwner() != owner {
		t.Errorf("the order waits for %v", got)
	}
}

const (
	granted   = accounttransferv1.ConsentOutcome_CONSENT_OUTCOME_GRANTED
	notGiven  = accounttransferv1.ConsentOutcome_CONSENT_OUTCOME_REFUSED
	moreAsked = accounttransferv1.ConsentOutcome_CONSENT_OUTCOME_INFORMATION_REQUESTED

	gathering   = accounttransferv1.ConsentState_CONSENT_STATE_INFO_GATHERING
	atAws       = accounttransferv1.ConsentState_CONSENT_STATE_SUBMITTED
	underReview = accounttransferv1.ConsentState_CONSENT_STATE_UNDER_REVIEW
	unsigned    = accounttransferv1.ConsentState_CONSENT_STATE_AGREEMENT_PENDING
	executed    = accounttransferv1.ConsentState_CONSENT_STATE_EXECUTED
	turnedDown  = accounttransferv1.ConsentState_CONSENT_STATE_REFUSED
	outdated    = accounttransferv1.ConsentState_CONSENT_STATE_EXPIRED
	givenUp     = accounttransferv1.ConsentState_CONSENT_STATE_CANCELLED

	pending  = accounttransferv1.StepState_STEP_STATE_PENDING
	open     = accounttransferv1.StepState_STEP_STATE_OPEN
	stepDone = accounttransferv1.StepState_STEP_STATE_DONE
	skipped  = accounttransferv1.StepState_STEP_STATE_SKIPPED
)

// TestConsentToAssignment is the way of a customer of the public sector to AWS's consent, as the seed describes it.
func TestConsentToAssignment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := newAssigned(t, w)
	t.Run("XFR-002 without AWS's consent nothing of the customer's moves", a.isGated)
	t.Run("XFR-CTA-02 the customer asks for AWS's consent, and enters what is its own", a.isAskedFor)
	t.Run("Q-02 requester and preparer are two", a.hasTwoWhoAsk)
	t.Run("XFR-CTA-03 XFR-CTA-04 the request tells AWS of the assignee and the terms", a.tellsAws)
	t.Run("Q-03 the assignee is the seller unless somebody else is named", a.hasAssignee)
	a.did(t, "submit", w.op(t).SubmitConsent(t.Context(), a.consentID))
	t.Run("XFR-CTA-05 AWS reviews the request and consents", a.isGranted)
	t.Run("XFR-CTA-06 XFR-CTA-07 both execute an agreement with scope, fees, warranties and representations", a.isExecuted)
	t.Run("XFR-CTA-01 XFR-CTA-08 the assignee is bound, and the service goes on without a break", a.goesOn)
	t.Run("the timeline tells it all", a.isTold)
}

func (a assigned) isGated(t *testing.T) {
	a.waits(t, gathering, typev1.Party_PARTY_CUSTOMER)
	if s := a.step(t, "request-consent"); s.GetState() != open {
		t.Errorf("the step is %v", s)
	}
	if s := a.step(t, "hand-over-linked-accounts"); s.GetState() != pending || !slices.Contains(s.GetRequires(), "request-consent") {
		t.Errorf("the root is handed over before: %v", s)
	}
	_, err := a.w.Transfers.CompleteStep(a.w.operator(t), &accounttransferv1.CompleteStepRequest{
		TransferId: a.order.GetTransferId(), StepKey: "hand-over-linked-accounts", Evidence: "Done.",
	})
	refused(t, err, codes.FailedPrecondition, "STEP_GUARD_CLOSED")
	_, err = a.w.Transfers.CompleteStep(a.w.operator(t), &accounttransferv1.CompleteStepRequest{
		TransferId: a.order.GetTransferId(), StepKey: "request-consent", Evidence: "Never mind.",
	})
	refused(t, err, codes.FailedPrecondition, "STEP_NOT_MANUAL")
	private := a.w.newCustomer(t)
	o := private.submitted(t, inLegacyModel)
	a.w.Settle(t)
	other := a.w.transfer(t, o.GetTransferId())
	for _, s := range other.GetSteps() {
		if s.GetKey() == "request-consent" && s.GetState() != skipped || other.GetConsentId() != "" {
			t.Errorf("another customer needs AWS's consent: %v", other)
		}
	}
}

func (a assigned) isAskedFor(t *testing.T) {
	if n := a.mails(t, "consent-information"); n != 1 {
		t.Errorf("the customer has %d mails", n)
	}
	hands := a.hands(t)
	err := a.w.op(t).SubmitConsent(t.Context(), a.consentID)
	if e := refusal(t, err, codes.InvalidArgument, "FIELD_REQUIRED"); !violated(e, "assignor.legal_name") || !violated(e, "proposed_terms") {
		t.Errorf("refused with %v", e)
	}
	refused(t, hands.Signs(t.Context(), a.consentID, accounttransferv1.ConsentSide_CONSENT_SIDE_ASSIGNEE, "kim@example.com"),
		codes.PermissionDenied, "FIELD_NOT_YOURS")
	a.did(t, "the customer enters its side", hands.EnterAssignor(t.Context(), a.consentID))
	a.waits(t, gathering, typev1.Party_PARTY_RESELLER)
}

func (a assigned) hasTwoWhoAsk(t *testing.T) {
	if c := a.consent(t); c.GetRequester() != typev1.Party_PARTY_CUSTOMER || c.GetPreparer() != typev1.Party_PARTY_RESELLER {
		t.Errorf("%s asks and %s prepares", c.GetRequester(), c.GetPreparer())
	}
	resp, err := a.w.Consents.UpdateConsent(a.w.operator(t), &accounttransferv1.UpdateConsentRequest{
		ConsentId: a.consentID, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"requester"}},
		Consent: &accounttransferv1.Consent{Requester: typev1.Party_PARTY_RESELLER},
	})
	c := resp.GetConsent()
	if err != nil || c.GetRequester() != typev1.Party_PARTY_RESELLER || c.GetPreparer() != typev1.Party_PARTY_RESELLER {
		t.Errorf("%s asks and %s prepares, %v", c.GetRequester(), c.GetPreparer(), err)
	}
}

func (a assigned) tellsAws(t *testing.T) {
	a.did(t, "Operations enters the other side", a.w.op(t).EnterAssignee(t.Context(), a.consentID))
	c := a.consent(t)
	if s := c.GetAssignee(); s.GetLegalName() == "" || s.GetAddress() == "" || s.GetSignatoryId() == "" || c.GetProposedTerms() == "" {
		t.Errorf("AWS is told of %v: %s", s, c.GetProposedTerms())
	}
	if n := a.mails(t, "consent-operations"); n != 2 { // to complete it, then to send it
		t.Errorf("Operations has %d mails", n)
	}
}

func (a assigned) hasAssignee(t *testing.T) {
	if c := a.consent(t); c.GetAssignee().GetPartyId() != a.w.sellerID || c.GetAssignor().GetPartyId() != a.id {
		t.Errorf("%v gives to %v", c.GetAssignor(), c.GetAssignee())
	}
	other := newAssigned(t, a.w)
	resp, err := a.w.Consents.UpdateConsent(a.w.operator(t), &accounttransferv1.UpdateConsentRequest{
		ConsentId: other.consentID, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"assignee.party_id", "assignee.legal_name"}},
		Consent: &accounttransferv1.Consent{Assignee: &accounttransferv1.ConsentParty{LegalName: "Another Partner Ltd"}},
	})
	if s := resp.GetConsent().GetAssignee(); err != nil || s.GetPartyId() != "" || s.GetLegalName() != "Another Partner Ltd" {
		t.Errorf("the assignee is %v, %v", s, err)
	}
}

func (a assigned) isGranted(t *testing.T) {
	a.waits(t, atAws, typev1.Party_PARTY_AWS)
	a.did(t, "review", a.w.op(t).ReviewConsent(t.Context(), a.consentID, "CTA-0815"))
	a.waits(t, underReview, typev1.Party_PARTY_AWS)
	a.decided(t, granted, "")
	c := a.consent(t)
	if c.GetAwsReference() != "CTA-0815" || c.GetDecision().GetOutcome() != granted || c.GetDecision().GetDecideTime() == nil ||
		c.GetDecision().GetStatement().GetRecordedBy().GetSubject() != "operator-1" || c.GetDecision().GetStatement().GetText() == "" {
		t.Errorf("decided is %v by number %s", c.GetDecision(), c.GetAwsReference())
	}
	a.waits(t, accounttransferv1.ConsentState_CONSENT_STATE_GRANTED, typev1.Party_PARTY_RESELLER)
}

func (a assigned) isExecuted(t *testing.T) {
	_, err := a.w.Consents.SendAgreement(a.w.operator(t), &accounttransferv1.SendAgreementRequest{
		ConsentId: a.consentID, Scope: "All", Warranties: "None", Representations: "None", Evidence: "Sent.",
	})
	if e := refusal(t, err, codes.InvalidArgument, "FIELD_REQUIRED"); !violated(e, "fees") {
		t.Errorf("refused with %v", e)
	}
	a.did(t, "send the agreement", a.w.op(t).SendAgreement(t.Context(), a.consentID))
	a.waits(t, unsigned, typev1.Party_PARTY_CUSTOMER)
	if n := a.mails(t, "consent-signature"); n != 1 {
		t.Errorf("the customer has %d mails", n)
	}
	if s := a.step(t, "hand-over-linked-accounts"); s.GetState() != pending {
		t.Errorf("before both have signed the root is handed over: %v", s)
	}
	signed := a.w.order(t, a.order.GetOrderId()).GetUpdateTime()
	a.did(t, "execute", a.w.op(t).ExecuteConsent(t.Context(), a.consentID, signed))
	c := a.consent(t)
	g := c.GetAgreement()
	if c.GetState() != executed || g.GetScope() == "" || g.GetFees() == "" || g.GetWarranties() == "" || g.GetRepresentations() == "" ||
		len(g.GetSignatures()) != 2 || !g.GetExecuteTime().AsTime().Equal(signed.AsTime()) {
		t.Errorf("the consent is %s, its agreement %v", c.GetState(), g)
	}
	for i, side := range []*accounttransferv1.ConsentParty{c.GetAssignor(), c.GetAssignee()} {
		if g.GetSignatures()[i].GetPersonId() != side.GetSignatoryId() {
			t.Errorf("signed by %v, not by %s", g.GetSignatures()[i], side.GetSignatoryId())
		}
	}
}

func (a assigned) goesOn(t *testing.T) {
	if s := a.step(t, "request-consent"); s.GetState() != stepDone {
		t.Errorf("the step is %v", s)
	}
	if s := a.step(t, "hand-over-linked-accounts"); s.GetState() != open {
		t.Errorf("the transfer does not go on at once: %v", s)
	}
	if c := a.connection(t); c.GetState() != accounttransferv1.ConnectionState_CONNECTION_STATE_PROPOSED {
		t.Errorf("the account has left its old contract before: %v", c)
	}
	a.legacy().joins(t)
	for _, r := range spamUsed()[1:] {
		if r.key != "set-up-support-channel" {
			a.legacy().performs(t, r)
		}
	}
	a.w.Advance(t, a.w.Now(t).Add(26*time.Hour)) // past the next sweep
	if c := a.connection(t); c.GetState() != accounttransferv1.ConnectionState_CONNECTION_STATE_EFFECTIVE {
		t.Errorf("the connection is %v", c)
	}
	if c := a.consent(t); c.GetState() != executed {
		t.Errorf("the consent is %v", c)
	}
}

func (a assigned) isTold(t *testing.T) {
	told := []string{
		"consent.created", "consent.opened", "consent.signatory_set", "consent.updated", "consent.submitted", "consent.granted",
		"consent.agreement_sent", "consent.signed", "consent.executed", "transfer.completed",
	}
	inThisOrder(t, a.w.entries(t, a.person(t), a.order.GetOrderId()), told)
	inThisOrder(t, a.w.entries(t, a.w.operator(t), a.order.GetOrderId()), told)
}

// consentDays is how long a consent may take in all, as the template says, and how long Operations may begin again.
const (
	consentDays = 90 * 24 * time.Hour
	againDays   = 5 * 24 * time.Hour
)

// TestConsentIsNotGiven are the ways on which AWS does not simply consent: each has an owner, is told, and ends.
func TestConsentIsNotGiven(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("XFR-CTA-05 AWS refuses, nobody decides, and the transfer fails", func(t *testing.T) {
		a := newAssigned(t, w)
		a.submits(t)
		a.decided(t, notGiven, "The assignee is not known to us.")
		a.waits(t, turnedDown, typev1.Party_PARTY_RESELLER)
		a.hasOneCase(t, "AWS does not consent")
		a.w.Advance(t, a.w.Now(t).Add(againDays))
		a.hasFailed(t, "CONSENT_REFUSED")
	})
	t.Run("XFR-CTA-05 AWS refuses, and Operations begins again", func(t *testing.T) {
		a := newAssigned(t, w)
		a.submits(t)
		a.decided(t, notGiven, "The address is wrong.")
		_, err := w.Consents.ReopenConsent(w.operator(t), &accounttransferv1.ReopenConsentRequest{
			ConsentId: a.consentID, Reason: "AWS told us the right address.",
		})
		a.did(t, "reopen", err)
		if open := w.problems(t, a.customer, true); len(open) != 0 {
			t.Errorf("open are %v", open)
		}
		a.waits(t, gathering, typev1.Party_PARTY_RESELLER)
		a.did(t, "submit again", w.op(t).SubmitConsent(t.Context(), a.consentID))
		if c := a.consent(t); len(c.GetSubmissions()) != 2 || a.step(t, "request-consent").GetState() != open {
			t.Errorf("submitted are %v, the step is %v", c.GetSubmissions(), a.step(t, "request-consent"))
		}
	})
	t.Run("XFR-CTA-05 AWS refuses, and Operations lets that stand", func(t *testing.T) {
		a := newAssigned(t, w)
		a.submits(t)
		a.decided(t, notGiven, "No.")
		a.cancels(t)
		a.hasFailed(t, "CONSENT_REFUSED")
	})
	t.Run("XFR-CTA-05 AWS asks first, and the customer answers", func(t *testing.T) {
		a := newAssigned(t, w)
		a.submits(t)
		a.did(t, "ask", w.op(t).DecideConsent(t.Context(), &accounttransferv1.ConsentServiceRecordDecisionRequest{
			ConsentId: a.consentID, Outcome: moreAsked, Reason: "Which accounts?", AnsweredBy: typev1.Party_PARTY_CUSTOMER,
		}))
		a.waits(t, gathering, typev1.Party_PARTY_CUSTOMER)
		if n := a.mails(t, "consent-information"); n != 2 {
			t.Errorf("the customer has %d mails", n)
		}
		refused(t, w.op(t).SubmitConsent(t.Context(), a.consentID), codes.InvalidArgument, "FIELD_REQUIRED")
		a.did(t, "answer", a.hands(t).AnswerAws(t.Context(), a.consentID, "All of them."))
		a.did(t, "submit again", w.op(t).SubmitConsent(t.Context(), a.consentID))
		a.waits(t, atAws, typev1.Party_PARTY_AWS)
	})
	t.Run("XFR-CTA-06 nobody signs before AWS's consent expires", func(t *testing.T) {
		a := newAssigned(t, w)
		a.submits(t)
		a.did(t, "grant", w.op(t).DecideConsent(t.Context(), &accounttransferv1.ConsentServiceRecordDecisionRequest{
			ConsentId: a.consentID, Outcome: granted, ExpireTime: later(w, t, 10*24*time.Hour),
		}))
		a.did(t, "send the agreement", w.op(t).SendAgreement(t.Context(), a.consentID))
		w.Advance(t, w.Now(t).Add(10*24*time.Hour))
		a.waits(t, outdated, typev1.Party_PARTY_RESELLER)
		refused(t, w.op(t).ExecuteConsent(t.Context(), a.consentID, later(w, t, 0)), codes.InvalidArgument, "REQUEST_INVALID")
		w.Advance(t, w.Now(t).Add(againDays))
		a.hasFailed(t, "CONSENT_EXPIRED")
	})
	t.Run("XFR-CTA-02 Operations goes no further, and the transfer fails", func(t *testing.T) {
		a := newAssigned(t, w)
		a.cancels(t)
		a.hasFailed(t, "CONSENT_CANCELLED")
	})
	t.Run("XFR-002 the transfer is cancelled, and the consent with it", func(t *testing.T) {
		a := newAssigned(t, w)
		a.submits(t)
		a.did(t, "cancel", w.op(t).CancelTransfer(t.Context(), a.order.GetTransferId(), "The customer stays."))
		if c := a.consent(t); c.GetState() != givenUp || c.GetWaiting() != nil || c.GetEndTime() == nil {
			t.Errorf("the consent is %v", c)
		}
	})
}

// TestNobodyWorksOnAConsent: nobody does anything. Who waits is told, again and again, and it ends.
func TestNobodyWorksOnAConsent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := newAssigned(t, w)
	began := w.Now(t)
	t.Run("Q-05 what takes long is told, and does not time out by itself", func(t *testing.T) {
		w.Advance(t, began.Add(30*24*time.Hour))
		if c := a.consent(t); c.GetState() != gathering || !c.GetWaiting().GetEscalated() {
			t.Errorf("the consent is %s and waits for %v", c.GetState(), c.GetWaiting())
		}
		a.hasOneCase(t, "takes longer than planned")
		listed, err := w.Consents.ListConsents(w.operator(t), &accounttransferv1.ListConsentsRequest{
			Escalated: true, WaitingOwners: []typev1.Party{typev1.Party_PARTY_CUSTOMER}, States: []accounttransferv1.ConsentState{gathering},
		})
		if err != nil || len(listed.GetConsents()) != 1 || listed.GetConsents()[0].GetConsentId() != a.consentID {
			t.Errorf("listed are %v, %v", listed.GetConsents(), err)
		}
		if a.mails(t, "consent-information") < 2 || w.operationsReminded(t, a.customer) < 2 {
			t.Errorf("the customer has %d mails, Operations %d", a.mails(t, "consent-information"), w.operationsReminded(t, a.customer))
		}
	})
	t.Run("Q-05 it ends when the template's dates say so", func(t *testing.T) {
		w.Advance(t, began.Add(consentDays+againDays))
		a.hasFailed(t, "CONSENT_EXPIRED")
		a.channelCloses(t, a.order.GetOrderId())
		before := w.operationsReminded(t, a.customer) + a.mails(t, "consent-information")
		w.Advance(t, w.Now(t).Add(10*24*time.Hour))
		if after := w.operationsReminded(t, a.customer) + a.mails(t, "consent-information"); after != before {
			t.Errorf("%d mails after the end", after-before)
		}
	})
}

// hasOneCase fails unless Operations has one open case of the customer's transfer.
func (a assigned) hasOneCase(t *testing.T, title string) {
	t.Helper()
	open := a.w.problems(t, a.customer, true)
	if len(open) != 1 || !strings.Contains(open[0].GetTitle(), title) {
		t.Errorf("the open cases are %v", open)
	}
}

// cancels has Operations go no further.
func (a assigned) cancels(t *testing.T) {
	t.Helper()
	_, err := a.w.Consents.CancelConsent(a.w.operator(t), &accounttransferv1.CancelConsentRequest{
		ConsentId: a.consentID, Reason: "AWS will not consent.",
	})
	a.did(t, "cancel the consent", err)
}

// hasFailed fails unless the order has failed with its transfer, and nothing about it is left to do.
func (a assigned) hasFailed(t *testing.T, code string) {
	t.Helper()
	tr := a.transfer(t)
	if tr.GetState() != accounttransferv1.TransferState_TRANSFER_STATE_FAILED ||
		tr.GetFailure().GetCode().String() != "FAILURE_CODE_"+code {
		t.Errorf("the transfer is %s: %v", tr.GetState(), tr.GetFailure())
	}
	inState(t, a.w.order(t, a.order.GetOrderId()), ordersv1.OrderState_ORDER_STATE_FAILED)
	if c := a.consent(t); c.GetWaiting() != nil || c.GetEndTime() == nil {
		t.Errorf("the consent is %v", c)
	}
	if open := a.w.problems(t, a.customer, true); len(open) != 0 {
		t.Errorf("open are %v", open)
	}
	if n := a.mails(t, "order-failed"); n != 1 {
		t.Errorf("the customer has %d mails of the end", n)
	}
}

// later is some time after now, business time.
func later(w *world, t *testing.T, d time.Duration) *timestamppb.Timestamp {
	t.Helper()
	return timestamppb.New(w.Now(t).Add(d))
}
