package scenarios_test

import (
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"example.com/handover/pkg/calendar"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// keeper is a customer with an agreement, and two more people of it: Ann for the invoices of the customer, and Bob.
type keeper struct {
	changer
	ann, bob string
}

// TestAgreementContacts: whom mails about one agreement go to is changed at once by whoever is the customer, and those who lose or get a
// role hear of it. Another organization is ordered by itself, after this agreement.
func TestAgreementContacts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.standardPrices(t)
	k := &keeper{changer: changer{leaver: leaver{customer: w.newCustomer(t)}}}
	k.ann = k.hires(t, "ann@example.com", ordersv1.ContactRole_CONTACT_ROLE_BILLING)
	k.bob = k.hires(t, "bob@example.com", ordersv1.ContactRole_CONTACT_ROLE_TECHNICAL)
	k.order = k.completed(t, at(t, "2026-02-19T10:00:00Z"))
	w.Advance(t, at(t, "2026-03-20T12:00:00Z"))
	t.Run("contacts whom the customer does not have are refused", k.namesStrangers)
	t.Run("Bob gets the invoices of this agreement, beside an order that is open", k.namesBob)
	k.usesUntil(t, time.March, "2026-04-08T12:00:00Z")
	t.Run("and so the invoice goes to Bob alone, who is named on it", k.writesToBob)
	t.Run("when Bob has left, invoices go to the customer's people again", k.losesBob)
	t.Run("a further organization is ordered by itself, and drafted after the agreement", k.ordersAnother)
}

func (k *keeper) hires(t *testing.T, address string, role ordersv1.ContactRole) string {
	t.Helper()
	resp, err := k.w.Customers.AddPerson(k.w.operator(t), &ordersv1.AddPersonRequest{CustomerId: k.id, Person: &ordersv1.NewContact{
		GivenName: "Some", FamilyName: "Body", Email: address, Roles: []ordersv1.ContactRole{role},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return resp.GetPersonId()
}

func (k *keeper) names(billing string) *ordersv1.RequestChangeRequest {
	req := k.asks(ordersv1.ChangeKind_CHANGE_KIND_CONTACTS)
	req.Contacts = &ordersv1.AgreementContacts{BillingPersonId: billing}
	return req
}

// mailsTo is how many mails an address has with this in the subject.
func (k *keeper) mailsTo(t *testing.T, address, subject string) int {
	t.Helper()
	return len(k.w.mailed(t, &sandboxv1.ListMailRequest{To: address, Subject: subject}))
}

const otherContacts = "The contacts of your agreement"

func (k *keeper) namesStrangers(t *testing.T) {
	stranger := k.w.newCustomer(t)
	resp, err := k.w.Customers.GetCustomer(stranger.person(t), &ordersv1.GetCustomerRequest{CustomerId: stranger.id})
	if err != nil {
		t.Fatal(err)
	}
	_, err = k.hands(t).RequestChange(t.Context(), k.names(resp.GetPersons()[0].GetPersonId()))
	refused(t, err, codes.InvalidArgument, "CONTACT_UNKNOWN")
	req := k.names(k.bob)
	req.Contacts = nil
	_, err = k.hands(t).RequestChange(t.Context(), req)
	refused(t, err, codes.InvalidArgument, "FIELD_REQUIRED")
	req = k.names(k.bob)
	req.ValidateOnly = true
	tried, err := k.hands(t).RequestChange(t.Context(), req)
	if err != nil || tried.GetOrder().GetState() != ordersv1.OrderState_ORDER_STATE_COMPLETED || len(tried.GetMails()) != 2 {
		t.Errorf("tried, it is %v, %v", tried, err)
	}
	k.w.Settle(t)
	if a := k.agreementOf(t, k.order); a.GetContacts() != nil || k.mailsTo(t, "bob@example.com", otherContacts) != 0 {
		t.Errorf("tried, the agreement is %v", a)
	}
}

func (k *keeper) namesBob(t *testing.T) {
	support := k.orders(t, k.hands(t).Person, k.supported(ordersv1.SupportOption_SUPPORT_OPTION_PARTNER_LED))
	if a := k.agreementOf(t, k.order); a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_UPDATING {
		t.Errorf("with a change open the agreement is %v", a.GetState())
	}
	orderID := k.orders(t, k.hands(t).Person, k.names(k.bob))
	o := k.w.order(t, orderID)
	if o.GetState() != ordersv1.OrderState_ORDER_STATE_COMPLETED || o.GetSubmittedBy().GetSubject() != k.subject || o.GetSubmitTime() == nil ||
		o.GetChange().GetContacts().GetBillingPersonId() != k.bob {
		t.Errorf("the order is %v", o)
	}
	a := k.agreementOf(t, k.order)
	if a.GetContacts().GetBillingPersonId() != k.bob || a.GetChangeOrderId() != support {
		t.Errorf("the agreement is %v", a)
	}
	for address, want := range map[string]int{"ann@example.com": 1, "bob@example.com": 1, "pat@example.com": 0} {
		if got := k.mailsTo(t, address, otherContacts); got != want {
			t.Errorf("%s has %d mails", address, got)
		}
	}
	k.lists(t, ordersv1.AgreementState_AGREEMENT_STATE_UPDATING, true)
	k.lists(t, ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE, false)
	if err := k.hands(t).TakeBackChange(t.Context(), support, ""); err != nil {
		t.Fatal(err)
	}
	k.w.Settle(t)
	k.lists(t, ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE, true)
}

// lists asks whether the agreement is among those in a state.
func (k *keeper) lists(t *testing.T, state ordersv1.AgreementState, want bool) {
	t.Helper()
	resp, err := k.w.Agreements.ListAgreements(k.person(t), &ordersv1.ListAgreementsRequest{States: []ordersv1.AgreementState{state}})
	if err != nil || (len(resp.GetAgreements()) == 1) != want {
		t.Errorf("in %s are %v, %v", state, resp, err)
	}
}

func (k *keeper) writesToBob(t *testing.T) {
	all := k.invoices(t)
	if len(all) != 1 {
		t.Fatalf("the invoices are %v", all)
	}
	number := all[0].GetNumber()
	if bob, ann := k.mailsTo(t, "bob@example.com", number), k.mailsTo(t, "ann@example.com", number); bob != 1 || ann != 0 {
		t.Errorf("Bob has %d, Ann %d mails with invoice %s", bob, ann, number)
	}
}

func (k *keeper) losesBob(t *testing.T) {
	_, err := k.w.Customers.RemovePerson(k.w.operator(t), &ordersv1.RemovePersonRequest{CustomerId: k.id, PersonId: k.bob})
	if err != nil {
		t.Fatal(err)
	}
	k.usesIn(t, calendar.Month{Year: 2026, Month: time.April})
	k.w.Advance(t, at(t, "2026-05-08T12:00:00Z"))
	all := k.invoices(t)
	if len(all) != 2 {
		t.Fatalf("the invoices are %v", all)
	}
	for _, i := range all {
		if i.GetMonth().GetMonth() == 4 && k.mailsTo(t, "ann@example.com", i.GetNumber()) != 1 {
			t.Errorf("Ann does not have %s", i.GetNumber())
		}
	}
}

func (k *keeper) ordersAnother(t *testing.T) {
	_, err := k.hands(t).RequestChange(t.Context(), k.asks(ordersv1.ChangeKind_CHANGE_KIND_FURTHER_ORGANIZATION))
	e := refusal(t, err, codes.FailedPrecondition, "CHANGE_NOT_OFFERED")
	if e.Remedy == nil || e.Remedy.Who != "CUSTOMER" || e.Meta["like_agreement_id"] != k.agreementID() {
		t.Fatalf("refused is %v", e)
	}
	draft := &ordersv1.Order{
		CustomerId: k.id, LikeAgreementId: e.Meta["like_agreement_id"], ManagementAccountId: k.w.newOrganization(t),
		AccountOption: ordersv1.AccountOption_ACCOUNT_OPTION_TRANSFER_EXISTING,
	}
	resp, err := k.w.Orders.CreateOrder(k.person(t), &ordersv1.CreateOrderRequest{Order: draft})
	got, like := resp.GetOrder(), k.agreementOf(t, k.order)
	if err != nil || got.GetProductId() != like.GetProductId() || got.GetSupportOption() != like.GetSupportOption() ||
		got.GetTechnicalContactId() == "" || got.GetLikeAgreementId() != like.GetAgreementId() || len(got.GetTerms()) != 0 {
		t.Fatalf("the draft is %v, %v", got, err)
	}
	stranger := k.w.newCustomer(t)
	draft.CustomerId = stranger.id
	_, err = k.w.Orders.CreateOrder(stranger.person(t), &ordersv1.CreateOrderRequest{Order: draft})
	refused(t, err, codes.InvalidArgument, "AGREEMENT_UNKNOWN")
	draft.CustomerId, draft.LikeAgreementId = k.id, got.GetAgreementId()
	_, err = k.w.Orders.CreateOrder(k.person(t), &ordersv1.CreateOrderRequest{Order: draft})
	refused(t, err, codes.FailedPrecondition, "STATE_REFUSES")
	if states := []ordersv1.AgreementState{like.GetState(), k.agreementOf(t, got).GetState()}; !slices.Equal(states, []ordersv1.AgreementState{
		ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE, ordersv1.AgreementState_AGREEMENT_STATE_DRAFT,
	}) {
		t.Errorf("the agreements are %v", states)
	}
}
