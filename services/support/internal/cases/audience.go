package cases

import "example.com/handover/pkg/call"

// Audience is who may see a case besides the reseller's people. It never changes, so that nobody who comments a case
// learns later who else has read along.
type Audience string

// The audiences.
const (
	ForCustomer   Audience = "CUSTOMER"   // the customer and its partner
	ForOperations Audience = "OPERATIONS" // nobody else, also where the case is about a customer
)

// By is the opening as this actor means it: what customers and partners open is theirs to see, and what the reseller's
// people or a service of the suite open stays with the reseller unless they say otherwise.
func (o Opening) By(by call.Actor) Opening {
	switch {
	case o.Audience != "":
	case outside(by):
		o.Audience = ForCustomer
	default:
		o.Audience = ForOperations
	}
	return o
}
