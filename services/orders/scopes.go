package orders

import "example.com/handover/pkg/call"

// The scopes of work that no caller's scope bounds, each with the reason why all customers may be seen.

// anyPayer is for payers, which belong to no customer and are shown by no call.
func anyPayer() call.Scope { return call.Everyone("payers belong to no customer") }

// anyRule is for the eligibility rules, which all orders are held against.
func anyRule() call.Scope { return call.Everyone("eligibility rules belong to no customer") }

// anyWindow is for when and where the products are sold, which all orders are held against.
func anyWindow() call.Scope { return call.Everyone("sale windows belong to no customer") }

// anyPage is for the pages that help people, which are everybody's.
func anyPage() call.Scope { return call.Everyone("guidance pages belong to no customer") }

// anySeller is for sellers, which everybody may know who may call at all.
func anySeller() call.Scope { return call.Everyone("sellers belong to no customer") }

// customersOfSeller asks whether a seller has customers; none is shown.
func customersOfSeller() call.Scope {
	return call.Everyone("a seller with customers keeps its currencies")
}

// followedOrder is for the order of a transfer or connection that AccountTransfer tells of.
func followedOrder() call.Scope { return call.Everyone("an order follows its transfer") }

// agreementOfOrder is for the agreement that is saved with its order.
func agreementOfOrder() call.Scope { return call.Everyone("an agreement follows its order") }

// ordersOfAccount asks which order holds an account; whose it is, is told to who may see it.
func ordersOfAccount() call.Scope {
	return call.Everyone("an account is unique over all customers")
}

// orderOfLink is for the one order that a link's signature names; who holds the link belongs to no customer.
func orderOfLink() call.Scope { return call.Everyone("a link names its order") }
