package scenarios_test

import (
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestAccountRequestMeetsOthers is what other people do, and other requests, while one is under way.
func TestAccountRequestMeetsOthers(t *testing.T) {
	t.Parallel()
	w := newHastyWorld(t)
	t.Run("a creation of the same name that fails is another request's", w.sameName)
	t.Run("a customer takes nothing back that Operations may have signed up", w.signedUpMeanwhile)
	t.Run("whoever was removed from the customer is asked no more, and others are", w.contactIsRemoved)
}

func (w *world) sameName(t *testing.T) {
	theirs, ours := w.setUp(t).asksForAccount(t), w.setUp(t).asksForAccount(t)
	if theirs.GetNickname() != ours.GetNickname() {
		t.Fatal("the names differ")
	}
	w.plansCreation(t, "EMAIL_ALREADY_EXISTS", 20*time.Minute)
	w.approves(t, theirs.GetAccountRequestId())
	w.setFault(t, &sandboxv1.Fault{Operation: opCreateAccount, Kind: sandboxv1.FaultKind_FAULT_KIND_SERVER_ERROR, Times: sdkTries})
	w.approves(t, ours.GetAccountRequestId())
	w.Advance(t, w.Now(t).Add(2*time.Hour))
	if r := w.stands(t, theirs.GetAccountRequestId(), acrInfo); r.GetCreation().GetFailure().GetReason() != "EMAIL_ALREADY_EXISTS" {
		t.Errorf("theirs is %v", r)
	}
	w.oneAccount(t, w.stands(t, ours.GetAccountRequestId(), acrFollowUp))
}

func (w *world) signedUpMeanwhile(t *testing.T) {
	c := w.setUp(t)
	r := c.asksForAccount(t, func(r *accounttransferv1.CreateAccountRequestRequest) {
		r.AccountRequest.Placement = accounttransferv1.AccountPlacement_ACCOUNT_PLACEMENT_STAND_ALONE
	})
	w.approves(t, r.GetAccountRequestId())
	cancel := &accounttransferv1.CancelAccountRequestRequest{AccountRequestId: r.GetAccountRequestId(), Reason: "Not needed."}
	_, err := w.Requests.CancelAccountRequest(c.person(t), cancel)
	if e := refusal(t, err, codes.FailedPrecondition, "STATE_REFUSES"); e.Remedy == nil || e.Remedy.Who != "OPERATOR" {
		t.Errorf("refused with %+v", e)
	}
	_, err = w.Requests.RecordAccount(w.operator(t), &accounttransferv1.RecordAccountRequest{
		AccountRequestId: r.GetAccountRequestId(), AccountId: w.newAccount(t), Evidence: "Sign-up confirmation, ticket 4713.",
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Requests.CancelAccountRequest(w.operator(t), cancel); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	if r = w.stands(t, r.GetAccountRequestId(), acrCancelled); r.GetAccountId() == "" || len(w.casesOf(t, r.GetAccountRequestId())) > 0 {
		t.Errorf("the request is %v", r)
	}
}

func (w *world) contactIsRemoved(t *testing.T) {
	c := w.newCustomer(t)
	c.setUp(t)
	added, err := w.Customers.AddPerson(w.operator(t), &ordersv1.AddPersonRequest{CustomerId: c.id, Person: &ordersv1.NewContact{
		GivenName: "Tom", FamilyName: "Example", Email: "tom@example.com",
		Roles: []ordersv1.ContactRole{ordersv1.ContactRole_CONTACT_ROLE_BILLING},
	}})
	if err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	tom := added.GetPersonId()
	r := c.asksForAccount(t, func(r *accounttransferv1.CreateAccountRequestRequest) {
		r.AccountRequest.ContactPersonId, r.AccountRequest.RootOwnerPersonId = tom, tom
	})
	w.approves(t, r.GetAccountRequestId())
	asked := func() (people, roles int) {
		for _, one := range w.reminds(t, r) {
			if one.GetRecipient().GetPersonId() != "" {
				people++
			} else {
				roles++
			}
		}
		return people, roles
	}
	if people, roles := asked(); people != 1 || roles != 0 {
		t.Fatalf("asked are %d people and %d roles", people, roles)
	}
	if _, err := w.Customers.RemovePerson(w.operator(t), &ordersv1.RemovePersonRequest{CustomerId: c.id, PersonId: tom}); err != nil {
		t.Fatal(err)
	}
	w.Settle(t)
	if people, roles := asked(); people != 0 || roles != 1 {
		t.Errorf("then asked are %d people and %d roles", people, roles)
	}
	r = w.stands(t, r.GetAccountRequestId(), acrFollowUp)
	if r.GetContactPersonId() != "" || r.GetRootOwnerPersonId() != "" || r.GetWaiting().GetOwner() != typev1.Party_PARTY_CUSTOMER {
		t.Errorf("the request is %v", r)
	}
	told := 0
	for _, open := range w.casesOf(t, r.GetAccountRequestId()) {
		if mentions(open.GetTitle(), "asked") {
			told++
		}
	}
	if told != 1 {
		t.Errorf("Operations is told %d times", told)
	}
}
