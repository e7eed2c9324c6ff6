package statement

import (
	"strings"
	"time"

	"example.com/handover/pkg/money"
)

// Charge is one amount that AWS shows for a month.
type Charge struct {
	Account    string // twelve digits; empty: AWS names none
	Service    string // "Amazon Simple Storage Service"
	RecordType string // AWS's word: "Usage", "Solution Provider Program Discount"
	Entity     Entity // who sells
	Amount     money.Money
}

// Entity is who sells, in the words of AWS's invoices.
type Entity string

// The entities.
const (
	AWS         Entity = "AWS"
	Marketplace Entity = "AWS_MARKETPLACE"
)

// EntityOf reads the word of Cost Explorer, which is another one than that of the invoices.
func EntityOf(billingEntity string) Entity {
	if strings.Contains(strings.ToLower(billingEntity), "marketplace") {
		return Marketplace
	}
	return AWS
}

// Amount reads a decimal number. AWS spells some with a comma; one with both, or with two of them, is nobody's.
// Reasons: CURRENCY_INVALID, AMOUNT_INVALID.
func Amount(currency, decimal string) (money.Money, error) {
	if strings.Count(decimal, ",") == 1 && !strings.Contains(decimal, ".") {
		decimal = strings.Replace(decimal, ",", ".", 1)
	}
	return money.Parse(currency, decimal)
}

// VendorInvoice is one invoice of AWS.
type VendorInvoice struct {
	ID       string      `json:"id"`
	Entity   Entity      `json:"entity"`
	Total    money.Money `json:"total"` // before tax
	Tax      money.Money `json:"tax"`
	IssuedAt time.Time   `json:"issued_at"`
	Quote    *Quote      `json:"quote,omitempty"` // AWS's own conversion; nil: it is paid in the currency of Total
}

// Quote is a conversion that AWS names in an invoice.
type Quote struct {
	To   string     `json:"to"` // ISO 4217
	Rate money.Rate `json:"rate"`
}

// Equal reports whether both are the same invoice over the same amounts.
func (v VendorInvoice) Equal(o VendorInvoice) bool {
	quotes := (v.Quote == nil) == (o.Quote == nil)
	if quotes && v.Quote != nil {
		quotes = v.Quote.To == o.Quote.To && v.Quote.Rate.Equal(o.Quote.Rate)
	}
	return v.ID == o.ID && v.Entity == o.Entity && v.Total.Equal(o.Total) && v.Tax.Equal(o.Tax) && quotes
}
