package organizations

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/sim/aws/state"
)

// target is whom an invitation is sent to.
type target struct {
	account state.Account // the zero value while only the address is known
	email   string        // empty when the invitation was addressed to an account id
}

// known reports whether AWS has an account for it.
func (t target) known() bool { return t.account.ID != "" }

// resolve finds the account of a checked party. An address that nobody has yet may be invited all the same.
func resolve(tx *state.Tx, p *types.HandshakeParty) (target, error) {
	if p.Type == types.HandshakePartyTypeEmail {
		account, _ := tx.AccountByEmail(*p.Id)
		return target{account: account, email: *p.Id}, nil
	}
	account, ok := tx.Accounts.Get(*p.Id)
	if !ok {
		return target{}, invalid(types.InvalidInputExceptionReasonTargetNotSupported,
			"You can't perform the specified operation on that target entity.")
	}
	return target{account: account}, nil
}

// concerns reports whether the handshake goes to the same account or address.
func (t target) concerns(h state.Handshake) bool {
	if t.known() && h.To(t.account) {
		return true
	}
	return t.email != "" && state.NormalEmail(t.email) == state.NormalEmail(h.Email)
}

// received returns what was sent to the target: a short list, unlike what a payer has sent.
func (t target) received(tx *state.Tx) []state.Handshake {
	out := tx.Handshakes.Of(state.NormalEmail(t.email))
	if t.known() {
		out = append(out, Received(tx, t.account)...)
	}
	return out
}

// duplicate refuses a second invitation of the same kind to the same target while the first is pending.
func duplicate(tx *state.Tx, sender string, action types.ActionType, to target) error {
	for _, h := range to.received(tx) {
		h = h.At(tx.Now())
		if h.Sender == sender && h.Action == action && h.Pending() && to.concerns(h) {
			return &types.DuplicateHandshakeException{Message: aws.String(
				"A handshake with the same action and target already exists.")}
		}
	}
	return nil
}
