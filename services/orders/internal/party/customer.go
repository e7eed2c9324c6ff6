package party

import (
	"slices"

	"example.com/handover/pkg/call"
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
}

// CustomerEdit holds the new values of a change; nil leaves a field as it is.
type CustomerEdit struct {
	DisplayName  *string
	CountryCode  *string
	CurrencyCode *string
	PartnerID    *string
	PublicSector *bool
}

// NewCustomer returns a customer of a seller. Without a currency it gets the seller's. Refused with FIELD_REQUIRED,
// COUNTRY_NOT_SERVED (ORD-003) and CURRENCY_NOT_SERVED.
func NewCustomer(c Customer, seller Seller) (*Customer, []fact.Fact, error) {
	c.SellerID = seller.ID
	if c.CurrencyCode == "" {
		c.CurrencyCode = seller.CurrencyCode
	}
	if err := c.fits(seller); err != nil {
		return nil, nil, err
	}
	return &c, []fact.Fact{{Name: FactCreated, Audience: fact.Customer, Text: text.Plain("The customer was created.").Key}}, nil
}

// Revise changes a customer; the refusals are those of NewCustomer, and ROLE_DENIED when somebody else than an operator
// would give the customer to another partner.
func (c *Customer) Revise(e CustomerEdit, seller Seller, by call.Actor) ([]fact.Fact, error) {
	if e.PartnerID != nil && *e.PartnerID != c.PartnerID && by.Role != "OPERATOR" {
		return nil, errs.New(errs.Denied, ReasonRoleDenied, "only Operations moves a customer to another partner").
			WithField("partner_id", ReasonRoleDenied, "is set by Operations")
	}
	next := *c
	set(&next.DisplayName, e.DisplayName)
	set(&next.CountryCode, e.CountryCode)
	set(&next.CurrencyCode, e.CurrencyCode)
	set(&next.PartnerID, e.PartnerID)
	set(&next.PublicSector, e.PublicSector)
	if err := next.fits(seller); err != nil {
		return nil, err
	}
	if next.DisplayName == c.DisplayName && next.CountryCode == c.CountryCode && next.CurrencyCode == c.CurrencyCode &&
		next.PartnerID == c.PartnerID && next.PublicSector == c.PublicSector {
		return nil, nil
	}
	*c = next
	return []fact.Fact{{Name: FactUpdated, Audience: fact.Customer, Text: text.Plain("The customer was changed.").Key}}, nil
}

// ErasePerson notes that a person's data is gone; the contact stays, for what points to it. Refused with PERSON_UNKNOWN,
// also when it is gone already.
func (c *Customer) ErasePerson(personID, reason string) ([]fact.Fact, error) {
	i := slices.IndexFunc(c.Contacts, func(k Contact) bool { return k.PersonID == personID && !k.Erased })
	if i < 0 {
		return nil, errs.New(errs.NotFound, ReasonPersonUnknown, "the customer has no person %q whose data could be erased", personID)
	}
	c.Contacts = slices.Clone(c.Contacts)
	c.Contacts[i].Erased = true
	return []fact.Fact{{
		Name: FactPersonErased, Audience: fact.Customer, Reason: reason, Text: text.Plain("The data of a person was erased.").Key,
		Details: map[string]string{"person_id": personID},
	}}, nil
}

// Knows reports whether a person is one of the customer's and can be reached.
func (c Customer) Knows(personID string) bool {
	return slices.ContainsFunc(c.Contacts, func(k Contact) bool { return k.PersonID == personID && !k.Erased })
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

// fits checks a customer against its seller, who must be able to invoice it.
func (c Customer) fits(seller Seller) error {
	err := required(
		field{"seller_id", c.SellerID != ""},
		field{"display_name", c.DisplayName != ""},
		field{"country_code", c.CountryCode != ""},
	)
	switch {
	case err != nil:
		return err
	case !seller.Serves(c.CountryCode):
		return errs.InvalidField("country_code", ReasonCountryNotServed, "the seller is not present in %s", c.CountryCode).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.Plain("Choose a seller that is present in the customer's country.", "SellerService.ListSellers")})
	case c.CurrencyCode != seller.CurrencyCode:
		return errs.InvalidField("currency_code", ReasonCurrencyNotServed, "the seller sells in %s", seller.CurrencyCode).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.Plain("Choose a seller that sells in this currency.", "SellerService.ListSellers")})
	}
	return nil
}
