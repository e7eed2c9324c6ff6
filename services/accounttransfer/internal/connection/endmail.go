package connection

import (
	"strings"

	"example.com/handover/pkg/intent"
)

// What Notifications calls the mails with what a customer has to see to itself from now on.
const (
	mailReturned = "organization-returned"
	mailUnbilled = "billing-ending"
	toPrimary    = "PRIMARY"
)

// endMails tell the customer what is its own to see to, where nobody else does: an organization of its own that was handed back, and what
// ends that AWS has billed although its order failed, so that no agreement came into force whose mail tells.
func endMails(c *Connection) []intent.Wish {
	params := map[string]string{"account_id": c.AccountID, "end": stamp(c.EndAt)}
	mail := intent.Wish{Key: "mail/returned@" + stamp(c.ReturnedAt), Kind: intent.Mail, Name: mailReturned, To: toPrimary, Params: params}
	switch {
	case c.State != Ending && c.State != Ended, c.EndReason == AccountClosed:
		return nil
	case !c.ReturnedAt.IsZero():
		return []intent.Wish{mail}
	case !c.Stopped || !c.Charged():
		return nil
	}
	mail.Key, mail.Name = "mail/unbilled@"+stamp(c.EndAt), mailUnbilled
	if left := inState(c, MemberLeft); len(left) > 0 {
		params["accounts"] = strings.Join(left, ", ")
	}
	return []intent.Wish{mail}
}
