package notifications

import "example.com/handover/pkg/call"

// The scopes of work that no caller's scope bounds, each with the reason why all customers may be seen.

// reminderOfAMail is for the reminder that a mail belongs to: both are of one customer.
func reminderOfAMail() call.Scope { return call.Everyone("a mail and its reminder have one customer") }
