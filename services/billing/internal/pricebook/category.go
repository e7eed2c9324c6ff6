package pricebook

// Category is what a charge is for.
type Category string

// The categories, in the order in which an invoice shows them.
const (
	Usage             Category = "USAGE"
	Commitment        Category = "COMMITMENT" // Reserved Instances and Savings Plans
	Marketplace       Category = "MARKETPLACE"
	Support           Category = "SUPPORT" // AWS's support plans
	Other             Category = "OTHER"
	Discount          Category = "DISCOUNT"
	PartnerDiscount   Category = "PARTNER_DISCOUNT" // AWS's discount for the reseller
	Credit            Category = "CREDIT"
	Tax               Category = "TAX"                 // that AWS charges
	PartnerLedSupport Category = "PARTNER_LED_SUPPORT" // the reseller's own support

	PartnerLedSupportDiscount Category = "PARTNER_LED_SUPPORT_DISCOUNT" // off the reseller's own support
)

// Categories returns all of them, in the order in which an invoice shows them.
func Categories() []Category {
	return []Category{
		Usage, Commitment, Marketplace, Support, PartnerLedSupport, PartnerLedSupportDiscount, Other, Discount, PartnerDiscount, Credit, Tax,
	}
}

// Beneficiary is whose a discount of AWS is.
type Beneficiary string

// The beneficiaries.
const (
	ForReseller Beneficiary = "RESELLER" // margin: it makes no line
	ForCustomer Beneficiary = "CUSTOMER" // it is passed on by the rule of DISCOUNT
)
