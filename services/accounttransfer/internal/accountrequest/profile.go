package accountrequest

import (
	"slices"

	"example.com/handover/pkg/errs"
)

// Profile is what is known of a customer in Orders, as far as a request needs it.
type Profile struct {
	CustomerID    string   `json:"customer_id"`
	SellerID      string   `json:"seller_id"`
	Name          string   `json:"name"` // of the company
	CountryCode   string   `json:"country_code"`
	CurrencyCode  string   `json:"currency_code,omitempty"`  // what it uses at AWS is invoiced in it; empty: not set up
	PricebookID   string   `json:"pricebook_id,omitempty"`   // empty: not set up
	PortalEnabled bool     `json:"portal_enabled,omitempty"` // it sees AWS in its portal
	PersonIDs     []string `json:"person_ids,omitempty"`
	Primary       []string `json:"primary,omitempty"`       // of these, whoever is first talked to
	Technical     []string `json:"technical,omitempty"`     // and whoever takes the steps at AWS
	PublicSector  bool     `json:"public_sector,omitempty"` // its legacy transfers need AWS's consent to assignment
}

// CustomerUnknown is the refusal of a customer that Orders has not told of (XFR-NA-01).
func CustomerUnknown(customerID string) error {
	return errs.InvalidField("account_request.customer_id", ReasonCustomerUnknown, "there is no customer %q", customerID).
		WithRemedy(operatorMends("remedy.create-customer"))
}

// admits refuses a request of a customer whose provider is not set up (XFR-NA-04 … XFR-NA-08), or that names people of others.
func (p Profile) admits(a Asked) error {
	missing := ""
	switch {
	case p.CurrencyCode == "":
		missing = "currency"
	case p.PricebookID == "":
		missing = "pricebook"
	case !p.PortalEnabled:
		missing = "portal"
	}
	if missing != "" {
		return errs.New(errs.Precondition, ReasonProviderNotSetUp, "the customer's provider is not set up: %s", missing).
			WithMeta("missing", missing).WithRemedy(operatorMends("remedy.set-up-provider"))
	}
	for _, person := range []struct{ field, id string }{
		{"account_request.contact_person_id", a.ContactID}, {"account_request.root_owner_person_id", a.RootOwnerID},
	} {
		if person.id != "" && !slices.Contains(p.PersonIDs, person.id) {
			return errs.InvalidField(person.field, ReasonContactUnknown, "the customer has no person %q", person.id)
		}
	}
	return nil
}
