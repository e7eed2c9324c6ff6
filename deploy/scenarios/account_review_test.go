package scenarios_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"example.com/handover/deploy/actors"
	"example.com/handover/deploy/config"
	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/id"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestAccountReview is what becomes of a request before there is an account.
func TestAccountReview(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("NTF-007 NTF-008 the contact is told that the request has come", w.receiptIsMailed)
	t.Run("XFR-NA-13 NTF-009 missing information is asked for by mail, and given", w.informationIsGiven)
	t.Run("NTF-008 XFR-NA-13 where the region takes it by mail, Operations enters what came by mail", w.informationByMail)
	t.Run("a request whose information never comes is told to Operations, then rejected", w.informationNeverComes)
	t.Run("a rejected request is told to the customer with the reason, and creates nothing", w.requestIsRejected)
	t.Run("a request that nobody reviews is told to Operations", w.reviewTakesLong)
	t.Run("SUP-008 an operator of another region does not decide", w.regionsAreHeld)
	t.Run("the customer takes its request back", w.requestIsCancelled)
	t.Run("people who are asked are the customer's", w.contactsAreKnown)
	t.Run("a root address is erased when the request has ended", w.addressIsErased)
}

// TestAccountAddressesAreNotAnswered: whether somebody has an address tells who is a customer.
func TestAccountAddressesAreNotAnswered(t *testing.T) {
	t.Parallel()
	w := startWorld(t, func(d config.Listeners) string {
		return strings.Replace(d.Sections("100ms"), "  accounttransfer:\n", "  accounttransfer:\n    account_questions: 3\n", 1)
	})
	known, curious := w.setUp(t), w.setUp(t)
	req := actors.AccountRequest(known.id)
	if _, err := known.hands(t).RequestAccount(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		again := actors.AccountRequest(curious.id)
		again.RootEmail, again.ValidateOnly = req.GetRootEmail(), true
		_, err := curious.hands(t).RequestAccount(t.Context(), again)
		if i < 3 {
			refusal(t, err, codes.FailedPrecondition, "ROOT_EMAIL_IN_USE")
			continue
		}
		refusal(t, err, codes.ResourceExhausted, "RATE_LIMITED")
	}
}

func inNorthAmerica(r *accounttransferv1.CreateAccountRequestRequest) { r.AccountRequest.Region = "NA" }

func (w *world) receiptIsMailed(t *testing.T) {
	c := w.setUp(t)
	r := c.asksForAccount(t, inNorthAmerica)
	w.Settle(t)
	told := w.mailsAbout(t, r.GetAccountRequestId(), "account-request-received")
	if len(told) != 1 || told[0].GetRecipient().GetRole() != notificationsv1.RecipientRole_RECIPIENT_ROLE_PRIMARY ||
		told[0].GetParams()["inbox"] == "" {
		t.Errorf("told by %v", told)
	}
	want, found := "Customer Account Provision Request Received—Amazon Web Services (Example Customer)", 0
	for _, m := range w.mailed(t, &sandboxv1.ListMailRequest{}) {
		if m.GetSubject() == want {
			found++
		}
	}
	if found == 0 {
		t.Errorf("no mail with the subject %q", want)
	}
	elsewhere := c.asksForAccount(t)
	for _, m := range w.mailsAbout(t, elsewhere.GetAccountRequestId(), "account-request-received") {
		if m.GetParams()["inbox"] != "" {
			t.Errorf("a region that takes no mail says that it does: %v", m)
		}
	}
}

func (w *world) asksInformation(t *testing.T, requestID string) *acr {
	t.Helper()
	_, err := w.Requests.RequestInformation(w.operator(t), &accounttransferv1.RequestInformationRequest{
		AccountRequestId: requestID, Question: "Which cost centre pays for it?",
	})
	if err != nil {
		t.Fatalf("ask: %v", err)
	}
	w.Settle(t)
	return w.stands(t, requestID, acrInfo)
}

func (w *world) gives(
	t *testing.T, ctx context.Context, requestID string, change ...func(*accounttransferv1.ProvideInformationRequest),
) error {
	t.Helper()
	req := &accounttransferv1.ProvideInformationRequest{AccountRequestId: requestID, Answer: "Cost centre 4711."}
	for _, f := range change {
		f(req)
	}
	_, err := w.Requests.ProvideInformation(ctx, req)
	w.Settle(t)
	return err
}

func (w *world) informationIsGiven(t *testing.T) {
	c := w.setUp(t)
	requestID := c.asksForAccount(t).GetAccountRequestId()
	r := w.asksInformation(t, requestID)
	if wait := r.GetWaiting(); wait.GetOwner() != typev1.Party_PARTY_CUSTOMER || !mentions(wait.GetWhat(), "cost centre") ||
		!wait.GetUntilTime().AsTime().Equal(r.GetQuestions()[0].GetUntilTime().AsTime()) {
		t.Errorf("the request waits for %v", wait)
	}
	reminders := w.remindersOf(t, requestID, "account-request-information")
	if len(reminders) != 1 || reminders[0].GetParams()["question"] == "" {
		t.Errorf("asked by %v", reminders)
	}
	w.Advance(t, w.Now(t).Add(4*24*time.Hour))
	if n := len(w.mailsAbout(t, requestID, "account-request-information")); n == 0 {
		t.Error("nobody was asked by mail")
	}
	err := w.gives(t, w.operator(t), requestID, func(r *accounttransferv1.ProvideInformationRequest) { r.ByMail = true })
	refusal(t, err, codes.FailedPrecondition, "INFORMATION_BY_MAIL_UNAVAILABLE")
	err = w.gives(t, c.person(t), requestID, func(r *accounttransferv1.ProvideInformationRequest) { r.Nickname = "Data lake" })
	if err != nil {
		t.Fatal(err)
	}
	r = w.stands(t, requestID, acrInReview)
	if q := r.GetQuestions(); len(q) != 1 || q[0].GetAnswer() == "" || q[0].GetByMail() || r.GetNickname() != "Data lake" {
		t.Errorf("the request is %v", r)
	}
	for _, reminder := range w.remindersOf(t, requestID, "account-request-information") {
		if reminder.GetState() == notificationsv1.ReminderState_REMINDER_STATE_ACTIVE {
			t.Errorf("still asked by %v", reminder)
		}
	}
}

func (w *world) informationByMail(t *testing.T) {
	c := w.setUp(t)
	requestID := c.asksForAccount(t, inNorthAmerica).GetAccountRequestId()
	if r := w.asksInformation(t, requestID); !r.GetInformationByMail() || !mentions(r.GetWaiting().GetWhere(), "by mail to") {
		t.Errorf("the request is %v", r)
	}
	byMail := func(r *accounttransferv1.ProvideInformationRequest) { r.ByMail = true }
	refusal(t, w.gives(t, c.person(t), requestID, byMail), codes.PermissionDenied, "ROLE_DENIED")
	if err := w.gives(t, w.operator(t), requestID, byMail); err != nil {
		t.Fatal(err)
	}
	if r := w.stands(t, requestID, acrInReview); !r.GetQuestions()[0].GetByMail() {
		t.Errorf("the request is %v", r)
	}
}

func (w *world) informationNeverComes(t *testing.T) {
	c := w.setUp(t)
	requestID := c.asksForAccount(t).GetAccountRequestId()
	until := w.asksInformation(t, requestID).GetWaiting().GetUntilTime().AsTime()
	w.Advance(t, w.Now(t).Add(6*24*time.Hour))
	if wait := w.stands(t, requestID, acrInfo).GetWaiting(); !wait.GetEscalated() {
		t.Errorf("nobody is told of %v", wait)
	}
	if open := w.casesOf(t, requestID); len(open) != 2 { // the review, and the wait
		t.Errorf("the cases are %v", open)
	}
	w.Advance(t, until.Add(time.Minute))
	r := w.stands(t, requestID, acrRejected)
	if r.GetDecision().GetApproved() || r.GetDecision().GetDecidedBy() != nil || r.GetWaiting() != nil {
		t.Errorf("the request is %v", r)
	}
	if open := w.casesOf(t, requestID); len(open) != 0 {
		t.Errorf("the cases are %v", open)
	}
	if n := len(w.mailsAbout(t, requestID, "account-request-ended")); n != 1 {
		t.Errorf("the customer is told %d times", n)
	}
}

func (w *world) requestIsRejected(t *testing.T) {
	c := w.setUp(t)
	requestID := c.asksForAccount(t).GetAccountRequestId()
	before := len(w.creations(t))
	w.rejectsAccount(t, requestID)
	w.stands(t, requestID, acrRejected)
	told := w.mailsAbout(t, requestID, "account-request-ended")
	if len(told) != 1 || told[0].GetParams()["reason"] != "The customer has an account already." {
		t.Errorf("told by %v", told)
	}
	err := w.op(t).ApproveAccount(t.Context(), requestID)
	if e := refusal(t, err, codes.FailedPrecondition, "STATE_REFUSES"); e.Meta["state"] != "REJECTED" {
		t.Errorf("refused with %+v", e)
	}
	if after := len(w.creations(t)); after != before {
		t.Errorf("AWS was asked %d times", after-before)
	}
}

func (w *world) reviewTakesLong(t *testing.T) {
	requestID := w.setUp(t).asksForAccount(t).GetAccountRequestId()
	w.Advance(t, w.Now(t).Add(3*24*time.Hour))
	listed, err := w.Requests.ListAccountRequests(w.operator(t), &accounttransferv1.ListAccountRequestsRequest{Escalated: true, PageSize: 500})
	found := false
	for _, r := range listed.GetAccountRequests() {
		found = found || r.GetAccountRequestId() == requestID
	}
	if err != nil || !found {
		t.Errorf("the list of what takes too long has %v, %v", listed.GetAccountRequests(), err)
	}
	if open := w.casesOf(t, requestID); len(open) != 2 {
		t.Errorf("the cases are %v", open)
	}
	w.Advance(t, w.Now(t).Add(3*24*time.Hour))
	if n := len(w.mailsAbout(t, requestID, "escalation-operations")); n == 0 {
		t.Error("Operations was not reminded")
	}
}

func (w *world) regionsAreHeld(t *testing.T) {
	r := w.setUp(t).asksForAccount(t)
	elsewhere := actors.OperatorOne()
	elsewhere.Subject, elsewhere.Regions = "operator-2", []string{"NA"}
	op := actors.Operator{Person: w.signIn(t, elsewhere)}
	refusal(t, op.ApproveAccount(t.Context(), r.GetAccountRequestId()), codes.PermissionDenied, "REGION_DENIED")
	op.Bearer = w.Bearer(t, auth.Principal{
		Subject: "operator-3", Role: auth.Operator, Rights: auth.OperatorRights(), Regions: []string{r.GetRegion()},
	})
	if err := op.ApproveAccount(t.Context(), r.GetAccountRequestId()); err != nil {
		t.Error(err)
	}
	w.Settle(t)
}

func (w *world) requestIsCancelled(t *testing.T) {
	c := w.setUp(t)
	requestID := c.asksForAccount(t).GetAccountRequestId()
	cancel := &accounttransferv1.CancelAccountRequestRequest{AccountRequestId: requestID, Reason: "We need none."}
	if _, err := w.Requests.CancelAccountRequest(c.person(t), cancel); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	w.stands(t, requestID, acrCancelled)
	if open := w.casesOf(t, requestID); len(open) != 0 {
		t.Errorf("the cases are %v", open)
	}
	followed := c.followedUp(t)
	cancel.AccountRequestId = followed.GetAccountRequestId()
	_, err := w.Requests.CancelAccountRequest(c.person(t), cancel)
	refusal(t, err, codes.FailedPrecondition, "STATE_REFUSES")
	if _, err := w.Requests.CancelAccountRequest(w.operator(t), cancel); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	w.stands(t, followed.GetAccountRequestId(), acrCancelled)
	if con := w.connectionOf(t, followed); con.GetState() != accounttransferv1.ConnectionState_CONNECTION_STATE_EFFECTIVE {
		t.Errorf("the account is watched no more: %v", con)
	}
}

func (w *world) contactsAreKnown(t *testing.T) {
	c := w.setUp(t)
	w.refusesAccount(t, c, codes.InvalidArgument, "CONTACT_UNKNOWN", func(r *accounttransferv1.CreateAccountRequestRequest) {
		r.AccountRequest.ContactPersonId = id.New("per")
	})
	w.refusesAccount(t, c, codes.InvalidArgument, "REGION_UNKNOWN", func(r *accounttransferv1.CreateAccountRequestRequest) {
		r.AccountRequest.Region = "ATLANTIS"
	})
	w.refusesAccount(t, c, codes.InvalidArgument, "PAYER_UNKNOWN", func(r *accounttransferv1.CreateAccountRequestRequest) {
		r.AccountRequest.PayerId = id.New("pay")
	})
}

func (w *world) addressIsErased(t *testing.T) {
	c := w.setUp(t)
	requestID := c.asksForAccount(t).GetAccountRequestId()
	erase := &accounttransferv1.EraseRootMailboxRequest{AccountRequestId: requestID, Reason: "Its owner asked for it."}
	_, err := w.Requests.EraseRootMailbox(w.operator(t), erase)
	refusal(t, err, codes.FailedPrecondition, "STATE_REFUSES")
	w.rejectsAccount(t, requestID)
	if _, err := w.Requests.EraseRootMailbox(w.operator(t), erase); err != nil {
		t.Fatal(err)
	}
	got, err := w.Requests.GetAccountRequest(c.person(t), &accounttransferv1.GetAccountRequestRequest{AccountRequestId: requestID})
	if err != nil || got.GetMailbox().GetRootEmail() != "" || !got.GetMailbox().GetErased() {
		t.Errorf("the mailbox is %v, %v", got.GetMailbox(), err)
	}
}
