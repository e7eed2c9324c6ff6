package party_test

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/services/orders/internal/party"
)

// crew is a customer with a first person, one for the technical steps and one for the invoices.
func crew() party.Customer {
	return party.Customer{ID: "cus_1", Contacts: []party.Contact{
		{PersonID: "per_1", Roles: []party.ContactRole{party.Primary}},
		{PersonID: "per_2", Roles: []party.ContactRole{party.Technical}},
		{PersonID: "per_3", Roles: []party.ContactRole{party.Billing}},
	}}
}

func person(id string) party.Person { return party.Person{ID: id, CustomerID: "cus_1"} }

func TestContacts(t *testing.T) {
	c := crew()
	if c.For(party.Technical) != "per_2" || c.For(party.Primary) != "per_1" || c.First() != "per_1" || !c.Knows("per_2") || c.Knows("per_4") {
		t.Fatalf("got %+v", c)
	}
	if nobody := (party.Customer{}); nobody.For(party.Billing) != "" || nobody.First() != "" {
		t.Fatal("nobody has a role")
	}
	withoutPrimary := party.Customer{Contacts: crew().Contacts[1:]}
	if withoutPrimary.First() != "per_2" {
		t.Fatalf("first is %q", withoutPrimary.First())
	}
}

func TestAddPerson(t *testing.T) {
	c := crew()
	before := c
	facts, err := c.AddPerson(party.Contact{PersonID: "per_4", Roles: []party.ContactRole{party.Technical}})
	if err != nil || len(facts) != 1 || facts[0].Name != party.FactPersonAdded || facts[0].Details["person_id"] != "per_4" ||
		!c.Knows("per_4") {
		t.Fatalf("got %v %v %+v", facts, err, c)
	}
	if before.Knows("per_4") {
		t.Fatal("a copy changed too")
	}
	for len(c.Contacts) < party.MaxContacts {
		if _, err := c.AddPerson(party.Contact{PersonID: "per_x"}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.AddPerson(party.Contact{PersonID: "per_5"}); errs.ReasonOf(err) != party.ReasonTooManyPersons || c.Knows("per_5") {
		t.Fatalf("one too many: %v", err)
	}
}

// TestRemovePerson: who may go, with or without a replacement, while orders are open and while none is.
func TestRemovePerson(t *testing.T) {
	idle, open, named := party.Need{}, party.Need{Open: true}, party.Need{Open: true, Technical: true}
	withSecond := func() party.Customer {
		c := crew()
		c.Contacts = append(c.Contacts, party.Contact{PersonID: "per_4", Roles: []party.ContactRole{party.Technical}})
		return c
	}
	alone := func() party.Customer { return party.Customer{ID: "cus_1", Contacts: crew().Contacts[1:2]} }
	tests := []struct {
		name              string
		from              func() party.Customer
		gone, replacement string
		need              party.Need
		reason            string
	}{
		{"anybody, without open orders", crew, "per_2", "", idle, ""},
		{"another than the technical contact of the open order", crew, "per_3", "", open, ""},
		{"the only technical contact", crew, "per_2", "", open, party.ReasonPersonNeeded},
		{"one of two", withSecond, "per_2", "", open, ""},
		{"the one that an open order names, without a replacement", withSecond, "per_2", "", named, party.ReasonPersonNeeded},
		{"the one that an open order names", withSecond, "per_2", "per_4", named, ""},
		{"replaced by somebody who is not for technical steps", withSecond, "per_2", "per_3", named, party.ReasonPersonUnknown},
		{"replaced by a stranger", withSecond, "per_2", "per_9", named, party.ReasonPersonUnknown},
		{"replaced by the same person", withSecond, "per_2", "per_2", named, party.ReasonPersonUnknown},
		{"the last person", alone, "per_2", "", idle, party.ReasonPersonNeeded},
		{"a stranger", crew, "per_9", "", idle, party.ReasonPersonUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := tt.from()
			before := slices.Clone(c.Contacts)
			facts, err := c.RemovePerson(tt.gone, tt.replacement, tt.need)
			if errs.ReasonOf(err) != tt.reason {
				t.Fatalf("got %v", err)
			}
			if tt.reason != "" {
				if len(c.Contacts) != len(before) {
					t.Fatalf("it changed: %+v", c)
				}
				if e, _ := errs.As(err); tt.reason == party.ReasonPersonNeeded && e.Remedy == nil {
					t.Fatal("nobody is told how to go on")
				}
				return
			}
			if c.Knows(tt.gone) || len(c.Contacts) != len(before)-1 || len(facts) != 1 || facts[0].Name != party.FactPersonRemoved ||
				facts[0].Details["replacement_person_id"] != tt.replacement {
				t.Fatalf("got %v %+v", facts, c)
			}
		})
	}
}

func TestRevisePerson(t *testing.T) {
	primary := &[]party.ContactRole{party.Primary}
	tests := []struct {
		name, who string
		roles     *[]party.ContactRole
		data      bool
		need      party.Need
		reason    string
		facts     int
	}{
		{"data alone", "per_2", nil, true, party.Need{Open: true}, "", 1},
		{"nothing", "per_2", nil, false, party.Need{Open: true}, "", 0},
		{"the same roles", "per_1", primary, false, party.Need{}, "", 0},
		{"other roles", "per_3", primary, false, party.Need{Open: true}, "", 1},
		{"the only technical contact, without open orders", "per_2", primary, false, party.Need{}, "", 1},
		{"the only technical contact, with an open order", "per_2", primary, false, party.Need{Open: true}, party.ReasonPersonNeeded, 0},
		{"a stranger", "per_9", primary, false, party.Need{}, party.ReasonPersonUnknown, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := crew()
			facts, err := c.RevisePerson(tt.who, tt.roles, tt.data, tt.need)
			if errs.ReasonOf(err) != tt.reason || len(facts) != tt.facts {
				t.Fatalf("got %v %v", facts, err)
			}
			if err == nil && tt.roles != nil && c.For((*tt.roles)[0]) == "" {
				t.Fatalf("got %+v", c)
			}
			if err != nil && c.For(party.Technical) != "per_2" {
				t.Fatalf("refused, and yet changed: %+v", c)
			}
		})
	}
}

// TestEraseContact: the contact stays, but nobody is there to be reached, chosen, changed or erased again.
func TestEraseContact(t *testing.T) {
	c := crew()
	before := c
	facts, err := c.ErasePerson(person("per_2"), "asked in writing")
	if err != nil || len(facts) != 1 || facts[0].Name != party.FactPersonErased || facts[0].Details["person_id"] != "per_2" ||
		facts[0].Reason == "" {
		t.Fatalf("got %v %v", facts, err)
	}
	if len(c.Contacts) != 3 || c.Knows("per_2") || c.For(party.Technical) != "" || !before.Knows("per_2") {
		t.Fatalf("got %+v, before %+v", c, before)
	}
	if _, err := c.RevisePerson("per_2", nil, true, party.Need{}); errs.ReasonOf(err) != party.ReasonPersonUnknown {
		t.Errorf("changed after that: %v", err)
	}
	gone := person("per_2")
	gone.Erased = true
	for name, p := range map[string]party.Person{"again": gone, "another customer's": {ID: "per_1", CustomerID: "cus_2"}} {
		if _, err := c.ErasePerson(p, "again"); errs.ReasonOf(err) != party.ReasonPersonUnknown {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := c.RemovePerson("per_1", "", party.Need{}); err != nil {
		t.Fatal(err)
	}
	if facts, err := c.ErasePerson(person("per_1"), "asked in writing"); err != nil || len(facts) != 1 || len(c.Contacts) != 2 {
		t.Errorf("one who was removed before: %v %v", facts, err)
	}
}

func TestRevisePersonsData(t *testing.T) {
	p, _, err := party.NewPerson(
		party.Person{ID: "per_1", CustomerID: "cus_1", GivenName: "Ada", FamilyName: "Byron", Email: "ada@example.com"},
	)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	if facts, err := p.Revise(party.PersonEdit{Email: ptr("ada@example.com")}, now); err != nil || facts != nil {
		t.Fatalf("the same again: %v %v", facts, err)
	}
	facts, err := p.Revise(party.PersonEdit{Email: ptr("byron@example.com"), Language: ptr("de")}, now)
	if err != nil || len(facts) != 1 || !facts[0].Private || p.Email != "byron@example.com" || p.Language != "de" || p.EmailSince != now {
		t.Fatalf("got %+v %v %v", p, facts, err)
	}
	if _, err := p.Revise(party.PersonEdit{Language: ptr("en")}, now.AddDate(0, 0, 1)); err != nil || p.EmailSince != now {
		t.Fatalf("with the same address: %+v %v", p, err)
	}
	if _, err := p.Revise(party.PersonEdit{Email: ptr("")}, now); errs.ReasonOf(err) != party.ReasonFieldRequired || p.Email == "" {
		t.Fatalf("cleared: %v", err)
	}
	if _, err := p.Erase(); err != nil {
		t.Fatal(err)
	}
	_, err = p.Revise(party.PersonEdit{Email: ptr("ada@example.com")}, now)
	if errs.ReasonOf(err) != party.ReasonPersonUnknown || p.Email != "" {
		t.Fatalf("erased, and filled again: %v", err)
	}
}
