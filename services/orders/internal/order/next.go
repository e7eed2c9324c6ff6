package order

import "time"

// Action is the one thing that an order wants done in the outside world.
type Action string

// The actions, most urgent first.
const (
	None Action = "" // nothing: it sleeps until something is heard
	// CancelTransfer conveys the wish to end. RecordCancelRequested follows when it was taken, and also when the transfer
	// has ended already, because its event will tell how.
	CancelTransfer Action = "CANCEL_TRANSFER"
	// RequestTransfer creates the transfer with the id chosen at submission. IntendTransfer is saved before;
	// RecordTransferRequested or RecordTransferRefused follows. With a wish to end it finds out what became of an
	// earlier request: a transfer that might come into being must be there before it can be cancelled.
	RequestTransfer Action = "REQUEST_TRANSFER"
	// CheckTransfer conveys "look now". RecordChecked follows, with the Looks that were read before the call.
	CheckTransfer Action = "CHECK_TRANSFER"
	// The three errands of a link, for Notifications. IntendErrand is saved before the first two; RecordErrand follows.
	// They come last, for a mail that cannot be sent must never hold a transfer up; an action that fails lets them go on.
	MailLink     Action = "MAIL_LINK"
	PlanReminder Action = "PLAN_REMINDER"
	StopReminder Action = "STOP_REMINDER"
)

// NextAction returns what to do. It depends on the order alone: an order has no timers of its own, its transfer has.
func NextAction(o *Order) Action {
	switch {
	case !o.State.underWay():
		return o.NextErrand().Action
	case o.Transferring && o.Ending != nil && !o.Ending.Conveyed:
		return CancelTransfer
	case !o.Transferring && !o.TransferRefused:
		return RequestTransfer
	case o.Transferring && o.Looks > o.Looked:
		return CheckTransfer
	}
	return o.NextErrand().Action
}

// Next returns when the order wants attention: at once (the Unix epoch), or never by itself (the zero time).
func Next(o *Order) time.Time {
	if NextAction(o) == None {
		return time.Time{}
	}
	return time.Unix(0, 0).UTC()
}
