package support

import "example.com/handover/pkg/call"

// The scopes of work that no caller's scope bounds, each with the reason why all customers may be seen.

// channelOfACase is for the channel that a case sets up: both are of one customer.
func channelOfACase() call.Scope { return call.Everyone("a case changes the channel that it sets up") }

// channelOfAnOrder is for the channels that end with the agreement of their order: all are of one customer.
func channelOfAnOrder() call.Scope {
	return call.Everyone("an agreement that is over ends the channels of its order")
}
