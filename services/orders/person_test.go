package orders_test

import (
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/rpc"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

const (
	primary   = ordersv1.ContactRole_CONTACT_ROLE_PRIMARY
	technical = ordersv1.ContactRole_CONTACT_ROLE_TECHNICAL
	billing   = ordersv1.ContactRole_CONTACT_ROLE_BILLING
)

// add takes somebody in, in the name of the customer.
func (a *alone) add(t *testing.T, givenName string, roles ...ordersv1.ContactRole) string {
	t.Helper()
	resp, err := a.customers.AddPerson(a.person(t), &ordersv1.AddPersonRequest{CustomerId: a.customer, Person: newPerson(givenName, roles...)})
	if err != nil {
		t.Fatalf("add %s: %v", givenName, err)
	}
	return resp.GetPersonId()
}

func newPerson(givenName string, roles ...ordersv1.ContactRole) *ordersv1.NewContact {
	return &ordersv1.NewContact{
		GivenName: givenName, FamilyName: "Example", Email: strings.ToLower(givenName) + "@example.com", Roles: roles,
	}
}

// people are the given names of those who may be mailed.
func (a *alone) people(t *testing.T) (names []string) {
	t.Helper()
	got, err := a.customers.GetCustomer(a.person(t), &ordersv1.GetCustomerRequest{CustomerId: a.customer})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range got.GetPersons() {
		names = append(names, p.GetGivenName())
	}
	return names
}

func (a *alone) technicalContact(t *testing.T, orderID string) string {
	t.Helper()
	got, err := a.orders.GetOrder(a.person(t), &ordersv1.GetOrderRequest{OrderId: orderID})
	if err != nil {
		t.Fatal(err)
	}
	return got.GetOrder().GetTechnicalContactId()
}

// TestNamesThatMislead are refused before anybody is mailed under them.
func TestNamesThatMislead(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	for _, name := range []string{
		"Pat\r\nBcc: all", "Pat\x00", "Pa\u0085t", "Pat \u202etxt.exe", "\u2066Pat", "Pa\u2028t", "P\u200bat", "\ufeffPat",
		"https://example.com/pay", "ftp://x", "see WWW.example.com", "JavaScript:alert", "mailto:pat",
		"\u2800", "\u3164", "\u00ad", "\u200d\u0301",
	} {
		misled := newPerson("Pat", technical)
		misled.FamilyName = name
		_, err := a.customers.AddPerson(a.person(t), &ordersv1.AddPersonRequest{CustomerId: a.customer, Person: misled})
		isRefused(t, err, codes.InvalidArgument, "REQUEST_INVALID")
		_, err = a.customers.UpdateCustomer(a.operator(t), &ordersv1.UpdateCustomerRequest{
			CustomerId: a.customer, Customer: &ordersv1.Customer{DisplayName: name},
			UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"display_name"}},
		})
		isRefused(t, err, codes.InvalidArgument, "REQUEST_INVALID")
	}
	for _, name := range []string{
		"Zoë O’Connor-Müller", "Example A/S: Nordic", "山田 太郎", "نرگس\u200cها", "Example.com AG", "José & Co. (Zürich) №1",
	} {
		fine := newPerson("Pat", technical)
		fine.FamilyName = name
		if _, err := a.customers.AddPerson(a.person(t), &ordersv1.AddPersonRequest{CustomerId: a.customer, Person: fine}); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// Names and mail addresses are kept without the spaces around them, and a name of spaces is none.
func TestNamesAreTrimmed(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	add := func(given, family, email string) (*ordersv1.Person, error) {
		resp, err := a.customers.AddPerson(a.person(t), &ordersv1.AddPersonRequest{CustomerId: a.customer, Person: &ordersv1.NewContact{
			GivenName: given, FamilyName: family, Email: email, Roles: []ordersv1.ContactRole{technical},
		}})
		if err != nil {
			return nil, err
		}
		got, err := a.customers.GetCustomer(a.person(t), &ordersv1.GetCustomerRequest{CustomerId: a.customer})
		if err != nil {
			t.Fatal(err)
		}
		people := got.GetPersons()
		i := slices.IndexFunc(people, func(p *ordersv1.Person) bool { return p.GetPersonId() == resp.GetPersonId() })
		return people[i], nil
	}
	if p, err := add(" \u00a0Suharto\t", "  ", " suharto@bücher.example\n"); err != nil ||
		p.GetGivenName() != "Suharto" || p.GetFamilyName() != "" || p.GetEmail() != "suharto@bücher.example" {
		t.Errorf("one name: %v, %v", p, err)
	}
	if p, err := add("", "Teller", "teller@example.com"); err != nil || p.GetFamilyName() != "Teller" {
		t.Errorf("the other name: %v, %v", p, err)
	}
	_, err := add(" ", "\u3000", "nobody@example.com")
	isRefused(t, err, codes.InvalidArgument, "FIELD_REQUIRED")
	_, err = add("Pat", "Example", " ")
	isRefused(t, err, codes.InvalidArgument, "FIELD_REQUIRED")
	changed, err := a.customers.UpdateCustomer(a.operator(t), &ordersv1.UpdateCustomerRequest{
		CustomerId: a.customer, Customer: &ordersv1.Customer{DisplayName: " Example AG "},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"display_name"}},
	})
	if err != nil || changed.GetCustomer().GetDisplayName() != "Example AG" {
		t.Errorf("a company: %v, %v", changed, err)
	}
}

// What the mailer cannot send to is refused where it is entered, with why, and without the address in it.
func TestAddressesThatNoMailCanBeSentTo(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	for _, address := range []string{
		"a..b@example.jp", "docomo.@example.jp", strings.Repeat("x", 65) + "@example.com", "root@localhost", `"john..doe"@example.org`,
		"jürg@example.com", "pat@[192.0.2.1]", "pat@-.example", "Pat <pat@example.com>", "pat",
	} {
		p := newPerson("Pat", technical)
		p.Email = address
		_, err := a.customers.AddPerson(a.person(t), &ordersv1.AddPersonRequest{CustomerId: a.customer, Person: p})
		isRefused(t, err, codes.InvalidArgument, "REQUEST_INVALID")
		e, _ := errs.As(rpc.FromStatus(err))
		if len(e.Fields) != 1 || e.Fields[0].Path != "person.email" || e.Fields[0].Reason != "string.mail_address" ||
			strings.Contains(e.Error()+e.Fields[0].Message, address) {
			t.Errorf("%s: the refusal names %+v", address, e.Fields)
		}
	}
}

// TestPeopleOfACustomer: somebody comes, changes, takes over and leaves, and no event ever holds more than ids.
func TestPeopleOfACustomer(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	tim := a.add(t, "Tim", technical)
	orderID := a.draft(t, "")
	if got := a.technicalContact(t, orderID); got != tim {
		t.Fatalf("the technical contact is %s, want %s", got, tim)
	}
	if got := a.people(t); !slices.Equal(got, []string{"Pat", "Tim"}) {
		t.Errorf("the people are %v", got)
	}
	update := func(personID string, p *ordersv1.Person, paths ...string) (*ordersv1.UpdatePersonResponse, error) {
		return a.customers.UpdatePerson(a.person(t), &ordersv1.UpdatePersonRequest{
			CustomerId: a.customer, PersonId: personID, Person: p, UpdateMask: &fieldmaskpb.FieldMask{Paths: paths},
		})
	}
	changed, err := update(
		tim, &ordersv1.Person{GivenName: "Timothy", Roles: []ordersv1.ContactRole{technical, billing}}, "given_name", "roles",
	)
	if err != nil || !slices.Equal(changed.GetCustomer().GetContacts()[1].GetRoles(), []ordersv1.ContactRole{technical, billing}) {
		t.Fatalf("changed: %v, %v", changed, err)
	}
	_, err = update(tim, &ordersv1.Person{}, "roles")
	isRefused(t, err, codes.FailedPrecondition, "PERSON_NEEDED")
	_, err = update(tim, &ordersv1.Person{}, "email")
	isRefused(t, err, codes.InvalidArgument, "FIELD_REQUIRED")
	_, err = update(tim, &ordersv1.Person{}, "customer_id")
	isRefused(t, err, codes.InvalidArgument, "FIELD_IMMUTABLE")

	remove := func(personID, replacement string, validateOnly bool) (*ordersv1.RemovePersonResponse, error) {
		return a.customers.RemovePerson(a.person(t), &ordersv1.RemovePersonRequest{
			CustomerId: a.customer, PersonId: personID, ReplacementPersonId: replacement, ValidateOnly: validateOnly,
		})
	}
	_, err = remove(tim, "", false)
	isRefused(t, err, codes.FailedPrecondition, "PERSON_NEEDED")
	_, err = remove(tim, a.pat, false)
	isRefused(t, err, codes.InvalidArgument, "PERSON_UNKNOWN")
	tara := a.add(t, "Tara", technical)
	tried, err := remove(tim, tara, true)
	if err != nil || len(tried.GetEvents()) != 2 || a.technicalContact(t, orderID) != tim {
		t.Fatalf("only tried: %v, %v", tried, err)
	}
	removed, err := remove(tim, tara, false)
	if err != nil || len(removed.GetEvents()) != 2 || a.technicalContact(t, orderID) != tara {
		t.Fatalf("removed: %v, %v", removed, err)
	}
	if got := a.people(t); !slices.Equal(got, []string{"Pat", "Tara"}) {
		t.Errorf("after the removal the people are %v", got)
	}
	for _, e := range append(changed.GetEvents(), removed.GetEvents()...) {
		if text := prototext.Format(e); strings.Contains(text, "Tim") || strings.Contains(text, "example.com") {
			t.Errorf("an event tells who it is: %s", text)
		}
	}
	a.onceRemovedStillErased(t, tim)
}

// onceRemovedStillErased: the right to be forgotten does not end with the removal.
func (a *alone) onceRemovedStillErased(t *testing.T, personID string) {
	t.Helper()
	erased, err := a.customers.ErasePerson(
		a.operator(t), &ordersv1.ErasePersonRequest{CustomerId: a.customer, PersonId: personID, Reason: "Asked in writing."},
	)
	if err != nil || len(erased.GetCustomer().GetContacts()) != 2 {
		t.Fatalf("erased: %v, %v", erased, err)
	}
	_, err = a.customers.UpdatePerson(a.person(t), &ordersv1.UpdatePersonRequest{
		CustomerId: a.customer, PersonId: personID, Person: &ordersv1.Person{GivenName: "Tim"},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"given_name"}},
	})
	isRefused(t, err, codes.NotFound, "PERSON_UNKNOWN")
}

// TestAddPersonIsIdempotent: a repeated call finds its own effect, and a stale etag is refused.
func TestAddPersonIsIdempotent(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	request := &ordersv1.AddPersonRequest{CustomerId: a.customer, Person: newPerson("Bea", billing)}
	first, err := a.customers.AddPerson(rpc.WithKey(a.person(t), "add-1"), request)
	if err != nil {
		t.Fatal(err)
	}
	again, err := a.customers.AddPerson(rpc.WithKey(a.person(t), "add-1"), request)
	if err != nil || again.GetPersonId() != first.GetPersonId() || len(a.people(t)) != 2 {
		t.Fatalf("again: %v, %v", again, err)
	}
	_, err = a.customers.RemovePerson(
		a.person(t), &ordersv1.RemovePersonRequest{CustomerId: a.customer, PersonId: first.GetPersonId(), Etag: "1"},
	)
	isRefused(t, err, codes.Aborted, "ETAG_MISMATCH")
	if _, err := a.customers.RemovePerson(
		a.person(t), &ordersv1.RemovePersonRequest{CustomerId: a.customer, PersonId: first.GetPersonId()},
	); err != nil {
		t.Errorf("no order needs her: %v", err)
	}
	_, err = a.customers.RemovePerson(a.person(t), &ordersv1.RemovePersonRequest{CustomerId: a.customer, PersonId: a.pat})
	isRefused(t, err, codes.FailedPrecondition, "PERSON_NEEDED")
}

// TestPeopleOfOthers: a person of another customer, or of another's customer, is nobody here.
func TestPeopleOfOthers(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	other, err := a.customers.CreateCustomer(a.operator(t), &ordersv1.CreateCustomerRequest{
		Customer: &ordersv1.Customer{SellerId: a.seller, DisplayName: "Other Customer", CountryCode: "CH"},
		Contacts: []*ordersv1.NewContact{newPerson("Olga", primary)},
	})
	if err != nil {
		t.Fatal(err)
	}
	olga, mask := other.GetCustomer().GetContacts()[0].GetPersonId(), &fieldmaskpb.FieldMask{Paths: []string{"phone"}}
	_, err = a.customers.UpdatePerson(
		a.person(t), &ordersv1.UpdatePersonRequest{CustomerId: a.customer, PersonId: olga, Person: &ordersv1.Person{}, UpdateMask: mask},
	)
	isRefused(t, err, codes.NotFound, "PERSON_UNKNOWN")
	_, err = a.customers.RemovePerson(a.operator(t), &ordersv1.RemovePersonRequest{CustomerId: a.customer, PersonId: olga})
	isRefused(t, err, codes.NotFound, "PERSON_UNKNOWN")
	_, err = a.customers.AddPerson(
		a.person(t), &ordersv1.AddPersonRequest{CustomerId: other.GetCustomer().GetCustomerId(), Person: newPerson("Eve", primary)},
	)
	isRefused(t, err, codes.PermissionDenied, "CUSTOMER_DENIED")
}
