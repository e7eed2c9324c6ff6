package party

import (
	"fmt"
	"slices"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
)

// EntityRole is what a legal entity of a customer is for.
type EntityRole string

// The roles of legal entities.
const (
	Licensee EntityRole = "LICENSEE" // uses what is bought
	Buyer    EntityRole = "BUYER"    // is billed
)

// LegalEntity is a company of a customer that is not the customer itself.
type LegalEntity struct {
	ID         string       `json:"id"`
	Roles      []EntityRole `json:"roles"`
	LegalName  string       `json:"legal_name"`
	Address    *Address     `json:"address,omitempty"`
	TaxNumbers []TaxNumber  `json:"tax_numbers,omitempty"`
	ExternalID string       `json:"external_id,omitempty"` // the caller's own, unique per customer
}

// Profile is what a customer's documents call it, and how it is spoken to.
type Profile struct {
	LegalName           string        `json:"legal_name,omitempty"` // as registered; empty: the display name
	Address             *Address      `json:"address,omitempty"`
	TaxNumbers          []TaxNumber   `json:"tax_numbers,omitempty"`
	PurchaseOrderNumber string        `json:"purchase_order_number,omitempty"` // of the customer, for all that it buys
	Language            string        `json:"language,omitempty"`              // BCP 47 tag
	TimeZone            string        `json:"time_zone,omitempty"`             // IANA
	LegalEntities       []LegalEntity `json:"legal_entities,omitempty"`
}

// check returns a profile as it is kept. known are the legal entities that the customer has; ids of others are refused with
// LEGAL_ENTITY_UNKNOWN. fresh are ids for new ones, as many as there are entities.
func (p Profile) check(known []LegalEntity, fresh []string) (Profile, error) {
	var err error
	if p.TaxNumbers, err = (written{address: p.Address, numbers: p.TaxNumbers}).check(); err != nil {
		return p, err
	}
	if err := languageKnown("language", p.Language); err != nil {
		return p, err
	}
	if err := zoneKnown("time_zone", p.TimeZone); err != nil {
		return p, err
	}
	p.LegalEntities = slices.Clone(p.LegalEntities)
	for i := range p.LegalEntities {
		e, at := &p.LegalEntities[i], fmt.Sprintf("legal_entities[%d]", i)
		if err := e.check(at, p.LegalEntities[:i], known); err != nil {
			return p, err
		}
		if e.ID == "" && i < len(fresh) {
			e.ID = fresh[i]
		}
	}
	return p, nil
}

func (e *LegalEntity) check(at string, before, known []LegalEntity) error {
	err := required(
		field{path: at + ".legal_name", given: e.LegalName != ""},
		field{path: at + ".roles", given: len(e.Roles) > 0},
		field{path: at + ".postal_address", given: e.Address != nil},
	)
	if err != nil {
		return err
	}
	same := func(b LegalEntity) bool { return e.ID != "" && b.ID == e.ID }
	switch {
	case e.ID != "" && !slices.ContainsFunc(known, same):
		return errs.InvalidField(at+".legal_entity_id", ReasonLegalEntityUnknown, "the customer has no legal entity %q", e.ID).
			WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.leave_entity_id_out")})
	case slices.ContainsFunc(before, same):
		return entryTwice(at+".legal_entity_id", "one legal entity an id")
	case e.ExternalID != "" && slices.ContainsFunc(before, func(b LegalEntity) bool { return b.ExternalID == e.ExternalID }):
		return entryTwice(at+".external_id", "one legal entity an external id")
	}
	e.TaxNumbers, err = written{at: at + ".", address: e.Address, numbers: e.TaxNumbers}.check()
	return err
}
