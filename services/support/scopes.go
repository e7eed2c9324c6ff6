package support

import "example.com/handover/pkg/call"

// The scopes of work that no caller's scope bounds, each with the reason why all customers may be seen.

// channelOfACase is for the channel that a case sets up: both are of one customer.
func channelOfACase() call.Scope { return call.Everyone("a case changes the channel that it sets up") }
