package relationship

// Buyer is how a customer buys from AWS, as Orders knows (BIL-031).
type Buyer struct {
	CustomerID  string `json:"customer_id"`
	PricebookID string `json:"pricebook_id,omitempty"` // of its provider; empty: that is not set up
}
