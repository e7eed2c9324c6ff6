package party

import (
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/optional"
)

// Person is the personal data of one contact. It is kept in its own table and never put into a fact, a log or another
// document.
type Person struct {
	ID         string `json:"id"`
	CustomerID string `json:"customer_id"`
	GivenName  string `json:"given_name,omitempty"`
	FamilyName string `json:"family_name,omitempty"`
	Email      string `json:"email,omitempty"`
	Phone      string `json:"phone,omitempty"`
	Language   string `json:"language,omitempty"` // BCP 47 tag
	Erased     bool   `json:"erased,omitempty"`

	EmailSince time.Time `json:"email_since,omitzero"` // when the address took the place of another one; zero: it is the first
}

// NewPerson returns a person, who reads English unless said otherwise. Refused with FIELD_REQUIRED.
func NewPerson(p Person) (*Person, []fact.Fact, error) {
	if err := p.complete(); err != nil {
		return nil, nil, err
	}
	return &p, []fact.Fact{{Name: FactCreated, Private: true}}, nil
}

// PersonEdit holds the new values of a change; nil leaves a field as it is.
type PersonEdit struct {
	GivenName  *string
	FamilyName *string
	Email      *string
	Phone      *string
	Language   *string
}

// Revise changes a person's data. Refused with FIELD_REQUIRED, and with PERSON_UNKNOWN when it was erased.
func (p *Person) Revise(e PersonEdit, now time.Time) ([]fact.Fact, error) {
	if p.Erased {
		return nil, PersonUnknown(p.ID)
	}
	next := *p
	optional.Set(&next.GivenName, e.GivenName)
	optional.Set(&next.FamilyName, e.FamilyName)
	optional.Set(&next.Email, e.Email)
	optional.Set(&next.Phone, e.Phone)
	optional.Set(&next.Language, e.Language)
	if err := next.complete(); err != nil {
		return nil, err
	}
	if next == *p {
		return nil, nil
	}
	if next.Email != p.Email {
		next.EmailSince = now
	}
	*p = next
	return []fact.Fact{{Name: FactUpdated, Private: true}}, nil
}

// Erase blanks everything personal and keeps the ids, so that what points to the person still finds it.
func (p *Person) Erase() ([]fact.Fact, error) {
	if p.Erased {
		return nil, nil
	}
	*p = Person{ID: p.ID, CustomerID: p.CustomerID, Erased: true}
	return []fact.Fact{{Name: FactErased, Audience: fact.Operator, Private: true}}, nil
}

func (p *Person) complete() error {
	if p.Language == "" {
		p.Language = "en"
	}
	return required(
		field{path: "customer_id", given: p.CustomerID != ""},
		field{path: "given_name", given: p.GivenName+p.FamilyName != "", or: "family_name"}, // some people have one name
		field{path: "email", given: p.Email != ""},
	)
}
