package scenarios_test

import (
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/id"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

const opCreateAccount = "CreateAccount"

// TestAccountCreation is what AWS may answer when it is asked for an account: one account comes of a request, or none.
func TestAccountCreation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("a creation takes its time, and nobody asks AWS twice", w.creationTakesTime)
	t.Run("XFR-NA-14 an address that AWS knows is asked for anew", w.addressIsTaken)
	t.Run("what passes by itself is tried again by itself", w.failurePasses)
	t.Run("a limit is Operations' to have raised", w.limitIsRaised)
	t.Run("two requests at once for one address end in one account", w.twoAtOnce)
	t.Run("NTF-010 AWS has the root address that was given, and writes to it", w.addressIsGiven)
	t.Run("an account that leaves the payer's organization is followed up no more", w.accountLeaves)
	t.Run("an account that stands alone is signed up by hand, with evidence", w.standsAlone)
}

// TestAccountCreationFaults loses what AWS answers: AWS takes no idempotency token.
func TestAccountCreationFaults(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]*sandboxv1.Fault{
		"the answer lost once":           {Kind: sandboxv1.FaultKind_FAULT_KIND_LOST_ANSWER, Times: 1},
		"every answer of a call lost":    {Kind: sandboxv1.FaultKind_FAULT_KIND_LOST_ANSWER, Times: sdkTries},
		"the request delivered twice":    {Kind: sandboxv1.FaultKind_FAULT_KIND_DUPLICATE, Times: 1},
		"internal errors beyond retries": {Kind: sandboxv1.FaultKind_FAULT_KIND_SERVER_ERROR, Times: sdkTries + 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newHastyWorld(t)
			c := w.setUp(t)
			r := c.asksForAccount(t)
			f.Operation = opCreateAccount
			if err := w.aws(t).SetFault(t.Context(), f); err != nil {
				t.Fatal(err)
			}
			r = w.approves(t, r.GetAccountRequestId())
			w.Advance(t, w.Now(t).Add(time.Hour))
			w.oneAccount(t, w.stands(t, r.GetAccountRequestId(), acrFollowUp))
		})
	}
}

// oneAccount fails unless AWS has created just this account by the request.
func (w *world) oneAccount(t *testing.T, r *acr) {
	t.Helper()
	listed, err := w.Connections.ListConnections(w.operator(t), &accounttransferv1.ListConnectionsRequest{CustomerId: r.GetCustomerId()})
	if err != nil || len(listed.GetConnections()) != 1 || listed.GetConnections()[0].GetAccountId() != r.GetAccountId() {
		t.Errorf("the connections are %v, %v", listed.GetConnections(), err)
	}
}

func (w *world) plansCreation(t *testing.T, reason string, takes time.Duration) {
	t.Helper()
	if err := w.aws(t).PlanCreation(t.Context(), reason, takes); err != nil {
		t.Fatal(err)
	}
}

func (w *world) creationTakesTime(t *testing.T) {
	r := w.setUp(t).asksForAccount(t)
	before := len(w.creations(t))
	w.plansCreation(t, "", 10*time.Minute)
	w.approves(t, r.GetAccountRequestId())
	if wait := w.stands(t, r.GetAccountRequestId(), acrCreating).GetWaiting(); wait.GetOwner() != typev1.Party_PARTY_AWS {
		t.Errorf("the request waits for %v", wait)
	}
	w.Advance(t, w.Now(t).Add(20*time.Minute))
	w.oneAccount(t, w.stands(t, r.GetAccountRequestId(), acrFollowUp))
	if asked := len(w.creations(t)) - before; asked != 1 {
		t.Errorf("AWS was asked %d times", asked)
	}
}

func (w *world) addressIsTaken(t *testing.T) {
	c := w.setUp(t)
	taken := id.New("root") + "@example.com"
	if _, err := w.aws(t).CreateAccount(t.Context(), taken); err != nil {
		t.Fatal(err)
	}
	r := c.asksForAccount(t, func(r *accounttransferv1.CreateAccountRequestRequest) { r.RootEmail = taken })
	w.approves(t, r.GetAccountRequestId())
	r = w.stands(t, r.GetAccountRequestId(), acrInfo)
	if f := r.GetCreation().GetFailure(); f.GetReason() != "EMAIL_ALREADY_EXISTS" || f.GetOwner() != typev1.Party_PARTY_CUSTOMER ||
		f.GetRemedy() == "" || r.GetAccountId() != "" {
		t.Errorf("the request is %v", r)
	}
	if asked := w.remindersOf(t, r.GetAccountRequestId(), "account-request-information"); len(asked) != 1 {
		t.Errorf("the customer is asked by %v", asked)
	}
	refusal(t, w.gives(t, c.person(t), r.GetAccountRequestId()), codes.InvalidArgument, "FIELD_REQUIRED")
	err := w.gives(t, c.person(t), r.GetAccountRequestId(), func(r *accounttransferv1.ProvideInformationRequest) {
		r.RootEmail, r.MailboxConfirmed = id.New("root")+"@example.com", true
	})
	if err != nil {
		t.Fatal(err)
	}
	w.oneAccount(t, w.stands(t, r.GetAccountRequestId(), acrFollowUp))
}

func (w *world) failurePasses(t *testing.T) {
	for _, reason := range []string{"CONCURRENT_ACCOUNT_MODIFICATION", "INTERNAL_FAILURE"} {
		r := w.setUp(t).asksForAccount(t)
		w.plansCreation(t, reason, 0)
		w.approves(t, r.GetAccountRequestId())
		if f := w.stands(t, r.GetAccountRequestId(), acrCreating).GetCreation().GetFailure(); f.GetReason() != reason ||
			f.GetOwner() != typev1.Party_PARTY_AWS {
			t.Errorf("AWS refuses with %v", f)
		}
		w.Advance(t, w.Now(t).Add(2*time.Hour))
		w.oneAccount(t, w.stands(t, r.GetAccountRequestId(), acrFollowUp))
	}
}

func (w *world) limitIsRaised(t *testing.T) {
	r := w.setUp(t).asksForAccount(t)
	w.plansCreation(t, "ACCOUNT_LIMIT_EXCEEDED", 0)
	w.approves(t, r.GetAccountRequestId())
	r = w.stands(t, r.GetAccountRequestId(), acrCreating)
	if wait := r.GetWaiting(); wait.GetOwner() != typev1.Party_PARTY_RESELLER || !mentions(wait.GetWhat(), "raise") {
		t.Errorf("the request waits for %v", wait)
	}
	if open := w.casesOf(t, r.GetAccountRequestId()); len(open) != 1 || !mentions(open[0].GetDescription(), "raise") {
		t.Errorf("the cases are %v", open)
	}
	_, err := w.Requests.RetryCreation(w.operator(t), &accounttransferv1.RetryCreationRequest{AccountRequestId: r.GetAccountRequestId()})
	if err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	w.oneAccount(t, w.stands(t, r.GetAccountRequestId(), acrFollowUp))
	if open := w.casesOf(t, r.GetAccountRequestId()); len(open) != 1 || !mentions(open[0].GetTitle(), "support plan group") {
		t.Errorf("left are the cases %v", open)
	}
}

func (w *world) twoAtOnce(t *testing.T) {
	c := w.setUp(t)
	address := id.New("root") + "@example.com"
	var made []*acr
	var mu sync.Mutex
	var both sync.WaitGroup
	for range 2 {
		hands := c.hands(t)
		both.Go(func() {
			req := actors.AccountRequest(c.id)
			req.RootEmail = address
			if r, err := hands.RequestAccount(t.Context(), req); err == nil {
				mu.Lock()
				defer mu.Unlock()
				made = append(made, r)
			}
		})
	}
	both.Wait()
	if len(made) != 1 {
		t.Fatalf("there are %d requests", len(made))
	}
	w.Settle(t)
	w.oneAccount(t, w.approves(t, made[0].GetAccountRequestId()))
}

func (w *world) addressIsGiven(t *testing.T) {
	address := id.New("root") + "@example.com"
	r := w.newCustomer(t).followedUp(t, func(r *accounttransferv1.CreateAccountRequestRequest) { r.RootEmail = address })
	calls := w.creations(t)
	if last := calls[len(calls)-1]; !mentions(last.GetRequest(), address) {
		t.Errorf("AWS was asked %v", last)
	}
	if !mentions(r.GetWaiting().GetWhat(), "root address") {
		t.Errorf("the root owner is not told to look there: %v", r.GetWaiting())
	}
}

func (w *world) standsAlone(t *testing.T) {
	r := w.setUp(t).asksForAccount(t, func(r *accounttransferv1.CreateAccountRequestRequest) {
		r.AccountRequest.Placement = accounttransferv1.AccountPlacement_ACCOUNT_PLACEMENT_STAND_ALONE
	})
	before := len(w.creations(t))
	w.approves(t, r.GetAccountRequestId())
	if wait := w.stands(t, r.GetAccountRequestId(), acrApproved).GetWaiting(); wait.GetOwner() != typev1.Party_PARTY_RESELLER {
		t.Errorf("the request waits for %v", wait)
	}
	if open := w.casesOf(t, r.GetAccountRequestId()); len(open) != 1 || !mentions(open[0].GetTitle(), "Sign up") {
		t.Errorf("the cases are %v", open)
	}
	record := &accounttransferv1.RecordAccountRequest{
		AccountRequestId: r.GetAccountRequestId(), AccountId: actors.PayerAccount[:11] + "9", Evidence: "Sign-up confirmation, ticket 4711.",
	}
	if _, err := w.Requests.RecordAccount(w.operator(t), record); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	r = w.stands(t, r.GetAccountRequestId(), acrFollowUp)
	if r.GetAccountId() != record.GetAccountId() || r.GetConnectionId() != "" || len(w.creations(t)) != before {
		t.Errorf("the request is %v", r)
	}
	again := w.setUp(t).asksForAccount(t, func(r *accounttransferv1.CreateAccountRequestRequest) {
		r.AccountRequest.Placement = accounttransferv1.AccountPlacement_ACCOUNT_PLACEMENT_STAND_ALONE
	})
	w.approves(t, again.GetAccountRequestId())
	record.AccountRequestId = again.GetAccountRequestId()
	_, err := w.Requests.RecordAccount(w.operator(t), record)
	refusal(t, err, codes.FailedPrecondition, "ACCOUNT_IN_TRANSFER")
}

func (w *world) accountLeaves(t *testing.T) {
	r := w.newCustomer(t).followedUp(t)
	elsewhere, hands := w.newOrganization(t), w.aws(t)
	_, err := hands.Sandbox.JoinOrganization(hands.Once(t.Context()), &sandboxv1.JoinOrganizationRequest{
		AccountId: r.GetAccountId(), PayerAccountId: elsewhere,
	})
	if err != nil {
		t.Fatalf("join another organization at AWS: %v", err)
	}
	w.Advance(t, w.Now(t).Add(25*time.Hour))
	r = w.stands(t, r.GetAccountRequestId(), acrCancelled)
	if con := w.connectionOf(t, r); con.GetEndReason() != accounttransferv1.ConnectionEndReason_CONNECTION_END_REASON_LEFT_ORGANIZATION {
		t.Errorf("the connection is %v", con)
	}
	if left := w.reminds(t, r); len(left) != 0 {
		t.Errorf("the root owner is still reminded: %v", left)
	}
}
