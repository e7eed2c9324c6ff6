package party

// Payer is what is known here of one of AccountTransfer's payers: which seller it receives bills for, and whether it
// takes new transfers. It is a copy, kept by listening; its seller may not be known here yet.
type Payer struct {
	ID       string `json:"id"`
	SellerID string `json:"seller_id"`
	Active   bool   `json:"active"`

	AccountID  string `json:"account_id,omitempty"`  // twelve digits
	CustomerID string `json:"customer_id,omitempty"` // whose own organization it is; empty: it is for all customers of the seller
}
