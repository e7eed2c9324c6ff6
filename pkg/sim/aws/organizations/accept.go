package organizations

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/sim/aws/state"
)

// accept checks that the account may accept a pending handshake and carries out what it proposes.
func (b *Backend) accept(tx *state.Tx, account state.Account, h *state.Handshake) error {
	h.Recipient = account.ID // an address has found its account
	switch h.Action {
	case types.ActionTypeTransferResponsibility:
		return b.acceptTransfer(tx, account, *h)
	case types.ActionTypeInviteAccountToOrganization:
		return b.join(tx, account, *h)
	default:
		return fmt.Errorf("organizations: nobody sends a handshake of the kind %s", h.Action)
	}
}

func (b *Backend) acceptTransfer(tx *state.Tx, account state.Account, h state.Handshake) error {
	_, org, ok := tx.OrganizationOf(account.ID)
	switch {
	case !ok:
		return &types.AWSOrganizationsNotInUseException{Message: aws.String("Your account is not a member of an organization.")}
	case org.Management != account.ID:
		return denied("Only the management account can accept a billing transfer.")
	}
	payer, _ := tx.Accounts.Get(h.Sender)
	t, _ := tx.Transfers.Get(h.Transfer)
	if err := first(sameRealm(payer, account), allFeatures(org), refuse(account, accepting), refuse(payer, receiving),
		outbound(tx, account.ID, t.StartsAt), b.settings.chain(tx, account.ID, payer.ID)); err != nil {
		return err
	}
	t.Source, t.SourceEmail = account.ID, account.Email
	tx.Transfers.Put(t)
	return nil
}

// join makes the account a member of the sender's organization. A member of another organization leaves it in the
// same step.
func (b *Backend) join(tx *state.Tx, account state.Account, h state.Handshake) error {
	sender, _ := tx.Accounts.Get(h.Sender)
	if err := first(sameRealm(sender, account), refuse(account, joining)); err != nil {
		return err
	}
	if _, org, ok := tx.OrganizationOf(account.ID); ok && org.Management == account.ID {
		return &types.MasterCannotLeaveOrganizationException{Message: aws.String(
			"You can't remove a management account from an organization.")}
	}
	account.Organization = h.Organization
	account.JoinedMethod, account.JoinedAt = types.AccountJoinedMethodInvited, tx.Now()
	tx.Accounts.Put(account)
	return nil
}
