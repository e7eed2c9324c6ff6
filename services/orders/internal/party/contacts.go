package party

import (
	"slices"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// ContactRole is what a person of a customer is for.
type ContactRole string

// The contact roles.
const (
	Primary   ContactRole = "PRIMARY"   // the first person to talk to
	Technical ContactRole = "TECHNICAL" // takes the technical steps in AWS
	Billing   ContactRole = "BILLING"   // receives invoices
)

// Contact is one person of a customer, by id.
type Contact struct {
	PersonID string        `json:"person_id"`
	Roles    []ContactRole `json:"roles"`
	Erased   bool          `json:"erased,omitempty"` // nobody can be reached there any more
}

// MaxContacts bounds how many people a customer has.
const MaxContacts = 50

// Need is what open orders, those that have not ended, want of a customer's people.
type Need struct {
	Open      bool // there is an open order
	Technical bool // the person in question is the technical contact of one
}

// AddPerson takes a person in. Refused with TOO_MANY_PERSONS.
func (c *Customer) AddPerson(k Contact) ([]fact.Fact, error) {
	if len(c.Contacts) >= MaxContacts {
		return nil, errs.New(errs.Precondition, ReasonTooManyPersons, "a customer has at most %d people", MaxContacts).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.remove_person")})
	}
	c.Contacts = append(slices.Clone(c.Contacts), k)
	return []fact.Fact{aboutPerson(FactPersonAdded, k.PersonID)}, nil
}

// RevisePerson notes that a person's data was changed and, unless roles is nil, what the person is for from now on.
// Refused with PERSON_UNKNOWN, also when the data was erased, and with PERSON_NEEDED when an open order would be left
// without anybody for the technical steps.
func (c *Customer) RevisePerson(personID string, roles *[]ContactRole, dataChanged bool, need Need) ([]fact.Fact, error) {
	i := slices.IndexFunc(c.Contacts, func(k Contact) bool { return k.PersonID == personID && !k.Erased })
	if i < 0 {
		return nil, PersonUnknown(personID)
	}
	if roles == nil || slices.Equal(*roles, c.Contacts[i].Roles) {
		if !dataChanged {
			return nil, nil
		}
		return []fact.Fact{aboutPerson(FactPersonUpdated, personID)}, nil
	}
	next := *c
	next.Contacts = slices.Clone(c.Contacts)
	next.Contacts[i].Roles = *roles
	if err := c.mayBecome(next, need); err != nil {
		return nil, err
	}
	*c = next
	return []fact.Fact{aboutPerson(FactPersonUpdated, personID)}, nil
}

// RemovePerson takes a person out, who gets no mail from then on; the data stays until it is erased. Who takes over
// as the technical contact of open orders is named, and is there for technical steps. Refused with PERSON_UNKNOWN,
// and with PERSON_NEEDED for the last person, and for a technical contact without a replacement.
func (c *Customer) RemovePerson(personID, replacementID string, need Need) ([]fact.Fact, error) {
	i := slices.IndexFunc(c.Contacts, func(k Contact) bool { return k.PersonID == personID })
	if i < 0 {
		return nil, PersonUnknown(personID)
	}
	next := *c
	next.Contacts = slices.Delete(slices.Clone(c.Contacts), i, i+1)
	switch {
	case replacementID != "" && !next.has(replacementID, Technical):
		return nil, errs.InvalidField("replacement_person_id", ReasonPersonUnknown, "the customer has no such person for technical steps").
			WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.name_technical")})
	case next.First() == "" && c.First() != "":
		return nil, personNeeded("it is the last person of the customer", text.New("remedy.add_person"))
	case need.Technical && replacementID == "":
		return nil, personNeeded("an open order has this technical contact", text.New("remedy.name_replacement"))
	}
	if err := c.mayBecome(next, need); err != nil {
		return nil, err
	}
	*c = next
	told := aboutPerson(FactPersonRemoved, personID)
	if replacementID != "" {
		told = told.With("replacement_person_id", replacementID)
	}
	return []fact.Fact{told}, nil
}

// mayBecome keeps somebody for the technical steps as long as an order is open. Who had nobody for them loses nobody.
func (c *Customer) mayBecome(next Customer, need Need) error {
	if !need.Open || c.For(Technical) == "" || next.For(Technical) != "" {
		return nil
	}
	return personNeeded("nobody would be left for the technical steps of an open order", text.New("remedy.give_technical"))
}

// ErasePerson notes that a person's data is gone. The contact stays, for what points to it; who was removed before has
// none. Refused with PERSON_UNKNOWN, also when the data is gone already. No open order can stand in the way of a right.
func (c *Customer) ErasePerson(p Person, reason string) ([]fact.Fact, error) {
	if p.CustomerID != c.ID || p.Erased {
		return nil, PersonUnknown(p.ID)
	}
	c.Contacts = slices.Clone(c.Contacts)
	for i := range c.Contacts {
		if c.Contacts[i].PersonID == p.ID {
			c.Contacts[i].Erased = true
		}
	}
	told := aboutPerson(FactPersonErased, p.ID)
	told.Reason = reason
	return []fact.Fact{told}, nil
}

// Knows reports whether a person is one of the customer's and can be reached.
func (c Customer) Knows(personID string) bool {
	return slices.ContainsFunc(c.Contacts, func(k Contact) bool { return k.PersonID == personID && !k.Erased })
}

func (c Customer) has(personID string, role ContactRole) bool {
	return slices.ContainsFunc(c.Contacts, func(k Contact) bool {
		return k.PersonID == personID && !k.Erased && slices.Contains(k.Roles, role)
	})
}

// Acting are the customer's people with their roles, where somebody in particular has one: they have it alone, unless they cannot be
// reached any more.
func (c Customer) Acting(named map[ContactRole]string) []Contact {
	out := slices.Clone(c.Contacts)
	for _, role := range []ContactRole{Primary, Technical, Billing} {
		if !c.Knows(named[role]) {
			continue
		}
		for i := range out {
			roles := slices.DeleteFunc(slices.Clone(out[i].Roles), func(r ContactRole) bool { return r == role })
			if out[i].PersonID == named[role] {
				roles = append(roles, role)
			}
			out[i].Roles = roles
		}
	}
	return out
}

// For returns the first person with this role; empty when nobody has it.
func (c Customer) For(role ContactRole) string {
	for _, k := range c.Contacts {
		if !k.Erased && slices.Contains(k.Roles, role) {
			return k.PersonID
		}
	}
	return ""
}

// First returns the person to talk to first: who has the role for it, or anybody; empty when there is nobody.
func (c Customer) First() string {
	if primary := c.For(Primary); primary != "" {
		return primary
	}
	for _, k := range c.Contacts {
		if !k.Erased {
			return k.PersonID
		}
	}
	return ""
}

func aboutPerson(name, personID string) fact.Fact {
	return fact.Fact{Name: name, Audience: fact.Customer}.With("person_id", personID)
}

// PersonUnknown is the refusal of somebody who is no person of the customer, or whose data is erased.
func PersonUnknown(personID string) error {
	return errs.New(errs.NotFound, ReasonPersonUnknown, "the customer has no person %q whose data is there", personID).
		WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.look_up_person")})
}

func personNeeded(why string, remedy text.Text) error {
	return errs.New(errs.Precondition, ReasonPersonNeeded, "the person is needed: %s", why).
		WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: remedy})
}
