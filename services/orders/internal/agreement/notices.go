package agreement

import (
	"maps"
	"time"

	"example.com/handover/pkg/intent"
	"example.com/handover/services/orders/internal/catalogue"
)

// What Notifications calls the mails about an end.
const (
	mailEnding          = "agreement-ending"
	mailEnded           = "agreement-ended"
	mailEndedOperations = "agreement-ended-operations"
)

// Who gets a mail.
const (
	toPrimary    = "PRIMARY"
	toOperations = "OPERATIONS"
)

// Notices are the mails that the agreement wants as it is now: one to the customer as soon as its end is known, with what it has to see
// to before, and one to the customer and one to Operations once it was terminated, whichever side has ended it.
func (a *Agreement) Notices() []intent.Wish {
	end := a.EndedAt
	if a.State == Active {
		end = a.Connection.End
	}
	if a.State != Terminated && a.State != Active || end.IsZero() && a.Move == nil {
		return nil
	}
	params := map[string]string{"product": catalogue.NameOf(a.ProductID), "end": stamp(end)}
	if a.ManagementAccountID != "" {
		params["account_id"] = a.ManagementAccountID
	}
	if wishes, moved := a.moveNotices(maps.Clone(params)); moved {
		return wishes
	}
	if end.IsZero() {
		return nil
	}
	switch c := a.Connection; { // what ends is told with what is to be done, which differs
	case c.OwnOrganization && a.ManagementAccountID != "":
		params["organization"] = a.ManagementAccountID
	case c.Accounts != "" || c.ClosedAccounts != "": // whichever of them the agreement is known by
		delete(params, "account_id")
		params["accounts"], params["closed_accounts"] = c.Accounts, c.ClosedAccounts
	}
	maps.DeleteFunc(params, func(_, value string) bool { return value == "" })
	if a.State == Active {
		return []intent.Wish{{Key: "mail/ending@" + stamp(end), Kind: intent.Mail, Name: mailEnding, To: toPrimary, Params: params}}
	}
	inside := map[string]string{"customer_id": a.CustomerID, "agreement_id": a.ID, "end": stamp(a.EndedAt), "reason": a.Connection.EndReason}
	if a.ManagementAccountID != "" {
		inside["account_id"] = a.ManagementAccountID
	}
	return []intent.Wish{
		{Key: "mail/ended", Kind: intent.Mail, Name: mailEnded, To: toPrimary, Params: params},
		{Key: "mail/ended/operations", Kind: intent.Mail, Name: mailEndedOperations, To: toOperations, Params: inside},
	}
}

// stamp spells an instant as mails and details take it; empty for the zero time.
func stamp(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}
