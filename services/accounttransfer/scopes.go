package accounttransfer

import "example.com/handover/pkg/call"

// The scopes in which the service itself reads and writes, each with its reason.

// payersBelongToNobody is the scope of payers: only roles of the reseller reach their methods.
func payersBelongToNobody() call.Scope { return call.Everyone("payers belong to no customer") }

// followsChannels is the scope of the consumer that brings transfers to their support channels.
func followsChannels() call.Scope { return call.Everyone("follows any channel") }

// followsAgreements is the scope of the consumer that brings connections to their agreements.
func followsAgreements() call.Scope { return call.Everyone("follows any agreement") }

// pairs is the scope of one life that follows the other: the caller has been let in to one of them.
func pairs() call.Scope { return call.Everyone("a transfer and its connection change together") }

// accountsAreUnique is the scope of the look whether an account is bound already.
func accountsAreUnique() call.Scope { return call.Everyone("an account is unique over all customers") }

// orderHasOneTransfer is the scope of the look whether an order has a transfer already.
func orderHasOneTransfer() call.Scope { return call.Everyone("an order has one transfer") }

// quotaCounts is the scope of the count of a payer's connections.
func quotaCounts() call.Scope { return call.Everyone("the quota counts every customer") }

// keepsEvidence is the scope of the look whether the transfer of a file is over.
func keepsEvidence() call.Scope {
	return call.Everyone("keeps any transfer's files while it is under way")
}

// sweeps is the scope of a sweep.
func sweeps() call.Scope {
	return call.Everyone("a sweep holds every customer's connections against AWS")
}

// addressesAreUnique is the scope of the look whether a root address is in use.
func addressesAreUnique() call.Scope {
	return call.Everyone("a root address is unique over all customers")
}

// createsAccounts is the scope of the work on a request for a new account.
func createsAccounts() call.Scope { return call.Everyone("carries out any request for an account") }

// pagesBelongToNobody is the scope of the pages that help people.
func pagesBelongToNobody() call.Scope { return call.Everyone("guidance pages belong to no customer") }

// followsCustomers is the scope of the consumer that knows the customers.
func followsCustomers() call.Scope { return call.Everyone("follows any customer") }
