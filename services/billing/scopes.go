package billing

import "example.com/handover/pkg/call"

// sharedTerms is the scope of pricebooks and of copied agreements: they belong to no customer, and only the reseller's
// people and services reach their methods.
func sharedTerms() call.Scope { return call.Everyone("prices and terms belong to no customer") }

// anyCustomer is the scope of reconcilers and consumers, which follow one aggregate to the one it belongs to.
func anyCustomer() call.Scope { return call.Everyone("every customer's months are billed") }
