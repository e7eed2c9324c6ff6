// Package catalogue is what can be ordered, under which terms, and who may order it: products, the texts that belong to
// them, and the eligibility rules as data with validity dates.
//
// It owns no order and no customer: what a rule looks at is handed in.
package catalogue

import (
	"slices"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
)

// Generation is the way of taking over accounts that a product uses.
type Generation string

// The generations.
const (
	Legacy          Generation = "LEGACY"           // the accounts themselves move to the reseller
	BillingTransfer Generation = "BILLING_TRANSFER" // only the billing moves
)

// AccountOption is what the customer brings (ORD-024, ORD-025).
type AccountOption string

// The account options.
const (
	TransferExisting AccountOption = "TRANSFER_EXISTING" // an AWS organization that exists
	CreateNew        AccountOption = "CREATE_NEW"        // nothing yet: the account is opened during the journey
)

// SupportOption is who supports the customer (ORD-033).
type SupportOption string

// The support options.
const (
	PartnerLed SupportOption = "PARTNER_LED" // the reseller supports, AWS behind it
	Resold     SupportOption = "RESOLD"      // AWS supports, resold
)

// TermKind is which text must be accepted (ORD-023).
type TermKind string

// The kinds of terms.
const (
	MarketplaceTerms TermKind = "MARKETPLACE"
	ServicesTerms    TermKind = "SERVICES"
)

// Term is a text in its version in force.
type Term struct {
	Kind    TermKind
	Version string
	URI     string
}

// Product is something that can be ordered.
type Product struct {
	ID             string
	DisplayName    string
	Description    string
	Generation     Generation
	AccountOptions []AccountOption
	SupportOptions []SupportOption
	Terms          []Term
}

// Find returns a product by id, or PRODUCT_UNKNOWN; without an id FIELD_REQUIRED.
func Find(id string) (Product, error) {
	if id == "" {
		return Product{}, errs.InvalidField("product_id", ReasonFieldRequired, "name the product").
			WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.fill_in_request")})
	}
	products := Products()
	if i := slices.IndexFunc(products, func(p Product) bool { return p.ID == id }); i >= 0 {
		return products[i], nil
	}
	return Product{}, errs.InvalidField("product_id", ReasonProductUnknown, "there is no product %q", id).
		WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.look_up_product")})
}

// Offered returns the products that everybody is offered, also before their sale begins; legacy ones are for the customers that Admit lets
// order them.
func Offered(set []*Window, now time.Time) []Product {
	return slices.DeleteFunc(Products(), func(p Product) bool { return p.Generation == Legacy || WindowOf(p.ID, set).ended(now) })
}

// Admit refuses a product that is not for the customer at all, whatever it would order of it: one whose sale has ended, or a legacy one
// without an active agreement for it (ORD-004, ORD-005). One whose sale has not begun may be prepared. Refused with SALE_ENDED and
// NOT_ELIGIBLE.
func Admit(rules []Rule, q Question, now time.Time) error {
	asked := []string{RuleSaleOpen, RuleNewAgreement}
	return Refuse(slices.DeleteFunc(Eligibility(rules, q, now), func(c Check) bool { return !slices.Contains(asked, c.Key) }))
}

// IsLegacy reports whether a product is of the legacy generation.
func IsLegacy(id string) bool {
	p, err := Find(id)
	return err == nil && p.Generation == Legacy
}

// NameOf returns how a product is called, or its id when this release does not know it.
func NameOf(id string) string {
	p, err := Find(id)
	if err != nil {
		return id
	}
	return p.DisplayName
}
