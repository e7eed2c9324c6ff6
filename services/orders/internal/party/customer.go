package party

import (
	"maps"
	"reflect"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/optional"
	"example.com/handover/pkg/text"
)

// Customer is a company that buys from a seller, directly or through a partner.
type Customer struct {
	ID           string    `json:"id"`
	SellerID     string    `json:"seller_id"`
	DisplayName  string    `json:"display_name"`
	CountryCode  string    `json:"country_code"`            // ISO 3166-1 alpha-2
	CurrencyCode string    `json:"currency_code"`           // ISO 4217; what it is invoiced in
	PartnerID    string    `json:"partner_id,omitempty"`    // empty: a direct customer
	PublicSector bool      `json:"public_sector,omitempty"` // legacy journeys need a consent to assignment (XFR-002)
	Contacts     []Contact `json:"contacts,omitempty"`

	ExternalID string            `json:"external_id,omitempty"` // the caller's own, unique per seller
	Labels     map[string]string `json:"labels,omitempty"`      // the caller's own

	Profile Profile `json:"profile,omitzero"`

	Provider *Provider `json:"provider,omitempty"` // nil: nobody has set that up

	Exceptions []Exception `json:"exceptions,omitempty"` // one a rule
}

// CustomerEdit holds the new values of a change; nil leaves a field as it is.
type CustomerEdit struct {
	DisplayName  *string
	CountryCode  *string
	CurrencyCode *string
	PartnerID    *string
	PublicSector *bool
	ExternalID   *string
	Labels       *map[string]string
	Profile      func(*Profile) // sets what changes
	EntityIDs    []string       // for new legal entities, as many as the profile then has
}

// NewCustomer returns a customer of a seller. Without a currency it gets the seller's. Refused with FIELD_REQUIRED,
// COUNTRY_NOT_SERVED (ORD-003), CURRENCY_NOT_SERVED, and as a profile is (Profile.check). entityIDs are for its legal entities.
func NewCustomer(c Customer, seller Seller, entityIDs []string) (*Customer, []fact.Fact, error) {
	c.SellerID = seller.ID
	if c.CurrencyCode == "" {
		c.CurrencyCode = seller.CurrencyCode
	}
	if err := c.fits(seller); err != nil {
		return nil, nil, err
	}
	var err error
	if c.Profile, err = c.Profile.check(nil, entityIDs); err != nil {
		return nil, nil, err
	}
	return &c, []fact.Fact{{Name: FactCreated, Audience: fact.Customer}}, nil
}

// Revise changes a customer; the refusals are those of NewCustomer, and ROLE_DENIED when somebody else than an operator
// would give the customer to another partner.
func (c *Customer) Revise(e CustomerEdit, seller Seller, by call.Actor) ([]fact.Fact, error) {
	if e.PartnerID != nil && *e.PartnerID != c.PartnerID && by.Role != "OPERATOR" {
		return nil, errs.New(errs.Denied, ReasonRoleDenied, "only Operations moves a customer to another partner").
			WithField("partner_id", ReasonRoleDenied, "is set by Operations").
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.ask_operations")})
	}
	next := *c
	optional.Set(&next.DisplayName, e.DisplayName)
	optional.Set(&next.CountryCode, e.CountryCode)
	optional.Set(&next.CurrencyCode, e.CurrencyCode)
	optional.Set(&next.PartnerID, e.PartnerID)
	optional.Set(&next.PublicSector, e.PublicSector)
	optional.Set(&next.ExternalID, e.ExternalID)
	optional.Set(&next.Labels, e.Labels)
	if err := next.fits(seller); err != nil {
		return nil, err
	}
	if e.Profile != nil {
		e.Profile(&next.Profile)
		var err error
		if next.Profile, err = next.Profile.check(c.Profile.LegalEntities, e.EntityIDs); err != nil {
			return nil, err
		}
	}
	if next.same(c) {
		return nil, nil
	}
	*c = next
	return []fact.Fact{{Name: FactUpdated, Audience: fact.Customer}}, nil
}

// same reports whether nothing that can be revised differs.
func (c *Customer) same(d *Customer) bool {
	return c.DisplayName == d.DisplayName && c.CountryCode == d.CountryCode && c.CurrencyCode == d.CurrencyCode &&
		c.PartnerID == d.PartnerID && c.PublicSector == d.PublicSector && c.ExternalID == d.ExternalID && maps.Equal(c.Labels, d.Labels) &&
		reflect.DeepEqual(c.Profile, d.Profile)
}

// fits checks a customer against its seller, who must be able to invoice it.
func (c Customer) fits(seller Seller) error {
	err := required(
		field{path: "seller_id", given: c.SellerID != ""},
		field{path: "display_name", given: c.DisplayName != ""},
		field{path: "country_code", given: c.CountryCode != ""},
	)
	switch {
	case err != nil:
		return err
	case !seller.Serves(c.CountryCode):
		return errs.InvalidField("country_code", ReasonCountryNotServed, "the seller is not present in %s", c.CountryCode).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.choose_seller_of_country")})
	case c.CurrencyCode != seller.CurrencyCode:
		return errs.InvalidField("currency_code", ReasonCurrencyNotServed, "the seller sells in %s", seller.CurrencyCode).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.choose_seller_of_currency")})
	}
	return nil
}

// NameTooShort is the refusal to list what belongs to more customers than are looked up by the beginning of their names.
func NameTooShort(most int) error {
	return errs.InvalidField("customer_name_prefix", ReasonNameTooShort, "the names of more than %d customers begin so", most).
		WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.write_more")})
}
