package connection

import (
	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
)

// Wanted is the set of cases and reminders that a connection wants: Operations hears of an end that the suite did not bring about,
// which lasts until it has seen to it, and of a wait that takes too long. The mails about an end are the agreement's.
func (c *Connection) Wanted() []intent.Wish {
	wishes := append(append(overlong(c), leftTerm(c)...), memberWishes(c)...)
	unasked := c.EndReason == WithdrawnInAWS || c.EndReason == LeftOrganization || c.EndReason == AccountClosed
	if !unasked {
		return wishes
	}
	title, body := "case.ending.title", text.New("case.ending.body", "account_id", c.AccountID, "end", stamp(c.EndAt), "connection_id", c.ID)
	switch {
	case c.EndReason == AccountClosed:
		title, body = "case.ending.title-closed", text.Text{Key: "case.ending.closed", Params: body.Params}
	case !c.ShutAt.IsZero():
		body = text.Text{Key: "case.ending.shut", Params: body.Params}
	}
	if !c.LastBoundAt.IsZero() && calendar.MonthOf(c.LastBoundAt) != calendar.MonthOf(c.FoundEndAt) {
		body = text.New("case.ending.unsure", "account_id", c.AccountID, "end", stamp(c.EndAt), "connection_id", c.ID,
			"last", stamp(c.LastBoundAt), "found", stamp(c.FoundEndAt))
	}
	return append(wishes, intent.Wish{
		Key: "case/ending", Kind: intent.Case, Name: "TRANSFER_PROBLEM", Priority: "P2",
		Title: text.New(title, "account_id", c.AccountID),
		Body:  body,
	})
}
