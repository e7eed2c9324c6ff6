package connection

import (
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
)

// Wanted is the set of mails and cases that a connection wants: people hear of an end that the suite did not bring about.
func (c *Connection) Wanted() []intent.Wish {
	if c.EndReason != WithdrawnInAWS && c.EndReason != LeftOrganization || !c.Charged() {
		return nil
	}
	params := map[string]string{"account_id": c.AccountID, "end": stamp(c.EndAt)}
	wishes := []intent.Wish{
		{Key: "mail/ending", Kind: intent.Mail, Name: "connection-ending", To: "PRIMARY", Params: params},
		{Key: "mail/ending-operations", Kind: intent.Mail, Name: "connection-ending-operations", To: "OPERATIONS", Params: params},
	}
	if c.State == Ending {
		wishes = append(wishes, intent.Wish{
			Key: "case/ending", Kind: intent.Case, Name: "TRANSFER_PROBLEM", Priority: "P2",
			Title:    text.New("case.ending.title", "account_id", c.AccountID),
			Body:     text.New("case.ending.body", "account_id", c.AccountID, "end", stamp(c.EndAt), "connection_id", c.ID),
			Resolved: text.New("case.ending.over"),
		})
	}
	return wishes
}
