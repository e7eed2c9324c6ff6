package organizations

import (
	"fmt"

	"example.com/handover/pkg/sim/aws/state"
)

// tell sends the mail by which an organization learns that somebody offers to pay for it. It arrives at once.
func tell(tx *state.Tx, sender state.Account, t state.Transfer) {
	tx.Post(state.Letter{
		At: tx.Now(), To: t.SourceEmail,
		Subject: fmt.Sprintf("Billing transfer invitation from %s", sender.Name),
		Text: fmt.Sprintf("%s (account %s) invites your organization to transfer its billing from %s.\n\n"+
			"Sign in to the management account and answer the invitation %s before %s:\n"+
			"https://console.aws.amazon.com/billing/home#/transfers/outbound\n",
			sender.Name, sender.ID, t.StartsAt.Format("2 January 2006"), t.Handshake,
			t.ExpiresAt.Format("2 January 2006 15:04 UTC")) + noted(t.Notes),
	})
}

func noted(notes string) string {
	if notes == "" {
		return ""
	}
	return "\nNotes from the sender:\n" + notes + "\n"
}
