// Package people says who gets a mail: a role or one person, and what a role means for the people that a customer has.
//
// It owns no personal data: the persons that it chooses from are asked for when a mail is sent, and forgotten.
package people

import (
	"slices"
	"time"

	"example.com/handover/pkg/errs"
)

// ReasonRecipientInvalid refuses a recipient that is neither a role nor a person, or both.
const ReasonRecipientInvalid = "RECIPIENT_INVALID"

// Role is what people are for.
type Role string

// The roles.
const (
	Primary    Role = "PRIMARY"
	Technical  Role = "TECHNICAL"
	Billing    Role = "BILLING"
	Operations Role = "OPERATIONS" // the reseller's own, at an address of the configuration
)

// Recipient is who gets a mail: the people of a role, or one person.
type Recipient struct {
	Role     Role   `json:"role,omitempty"`
	PersonID string `json:"person_id,omitempty"`
}

// Audience is who may see a mail, or a reminder, besides the reseller's people.
type Audience string

// The audiences.
const (
	ForCustomer   Audience = "CUSTOMER"   // the customer and its partner
	ForOperations Audience = "OPERATIONS" // nobody else, although it is about a customer
)

// Audience is the reseller alone where its own people get the mail.
func (r Recipient) Audience() Audience {
	if r.Role == Operations {
		return ForOperations
	}
	return ForCustomer
}

// Check refuses with RECIPIENT_INVALID.
func (r Recipient) Check() error {
	if (r.Role == "") == (r.PersonID == "") {
		return errs.InvalidField("recipient", ReasonRecipientInvalid, "name a role or a person, and not both")
	}
	return nil
}

// Of refuses, with RECIPIENT_INVALID, a recipient whose customer is not named: only Operations gets mails about nobody's.
func (r Recipient) Of(customerID string) error {
	if customerID == "" && r.Audience() == ForCustomer {
		return errs.InvalidField("customer_id", ReasonRecipientInvalid, "name the customer whose people get it")
	}
	return r.Check()
}

// Person is one of a customer's people, as its owner knows it now.
type Person struct {
	ID       string
	Roles    []Role
	Name     string // given name and family name
	Address  string // of e-mail; empty: erased
	Language string // BCP 47 tag; empty: English

	AddressSince time.Time // when the address took the place of another one; zero: it is the first
}

// Choose returns who of a customer's people gets the mail; nobody when none of them is left.
func Choose(persons []Person, r Recipient) []Person {
	persons = slices.DeleteFunc(slices.Clone(persons), func(p Person) bool { return p.Address == "" })
	if r.PersonID != "" {
		return slices.DeleteFunc(persons, func(p Person) bool { return p.ID != r.PersonID })
	}
	for _, role := range []Role{r.Role, Primary} {
		if chosen := ofRole(persons, role); len(chosen) > 0 {
			return chosen
		}
	}
	return persons[:min(1, len(persons))]
}

// ofRole returns each address once.
func ofRole(persons []Person, role Role) (chosen []Person) {
	for _, p := range persons {
		if slices.Contains(p.Roles, role) && !slices.ContainsFunc(chosen, func(c Person) bool { return c.Address == p.Address }) {
			chosen = append(chosen, p)
		}
	}
	return chosen
}

// IDs are those of people who are a customer's.
func IDs(persons []Person) (ids []string) {
	for _, p := range persons {
		if p.ID != "" {
			ids = append(ids, p.ID)
		}
	}
	return ids
}
