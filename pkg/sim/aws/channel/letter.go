package channel

import (
	"fmt"

	"example.com/handover/pkg/aws/channel/types"
	"example.com/handover/pkg/sim/aws/state"
)

// tell sends the mail by which the receiver learns of a proposal.
func (b *Backend) tell(tx *state.Tx, h state.ChannelHandshake) {
	receiver, _ := tx.Accounts.Get(h.Receiver)
	subject, asked := "Service period invitation", "agree on a service period"
	if h.Type == types.HandshakeTypeRevokeServicePeriod {
		subject, asked = "Request to end a service period", "end your service period early"
	}
	tx.Post(state.Letter{
		At: tx.Now().Add(b.settings.LetterDelay), To: receiver.Email,
		Subject: fmt.Sprintf("%s from %s", subject, h.SenderName),
		Text: fmt.Sprintf("%s (account %s) asks you to %s for your account %s.\n\n"+
			"Sign in to the management account and answer the handshake %s before %s:\n"+
			"https://console.aws.amazon.com/billing/home#/channel-handshakes/%s\n",
			h.SenderName, h.Sender, asked, h.Receiver, h.ID, h.ExpiresAt.Format("2 January 2006 15:04 UTC"), h.ID),
	})
}
