package relationship

import (
	"time"

	"example.com/handover/pkg/calendar"
)

// Buyer is how a customer buys from AWS, as Orders knows (BIL-031).
type Buyer struct {
	CustomerID  string         `json:"customer_id"`
	PricebookID string         `json:"pricebook_id,omitempty"` // of its provider; empty: that is not set up
	Since       calendar.Month `json:"since,omitzero"`         // month in which it got one; zero: before all that is billed

	Requests []Requested `json:"requests,omitempty"` // its accounts that were made on request
}

// Seen is the buyer with the pricebook that its provider has had from an instant on, or has another one instead.
func (b Buyer) Seen(pricebookID string, at time.Time) Buyer {
	if b.PricebookID == "" && pricebookID != "" {
		b.Since = calendar.MonthOf(at)
	}
	b.PricebookID = pricebookID
	return b
}
