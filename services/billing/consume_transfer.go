package billing

import (
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/billing/internal/relationship"
)

// observeTransfer bills transfers that have no connection: it reads from the invitation what the connection would say.
func observeTransfer(t *tables) func(*store.Tx, event.Message) error {
	return func(tx *store.Tx, m event.Message) error {
		var body accounttransferv1.TransferEvent
		if err := m.Into(&body); err != nil {
			return err
		}
		transfer := body.GetTransfer()
		c := fromTransfer(transfer)
		if transfer.GetConnectionId() != "" || c.StartAt.IsZero() {
			return nil
		}
		return t.follow(tx, c, c.Bills() && (!c.EndAt.IsZero() || !over(transfer)))
	}
}

// fromTransfer reads what a transfer says of its billing. A withdrawn one has no start any more: its invitation tells
// what it was, and AWS bills the whole month in which it was withdrawn.
func fromTransfer(t *accounttransferv1.Transfer) relationship.Connection {
	c := relationship.Connection{
		TransferID: t.GetTransferId(), OrderID: t.GetOrderId(), CustomerID: t.GetCustomerId(), PayerID: t.GetPayerId(),
		AccountID: t.GetSourceAccountId(), Basis: relationship.BillingTransfer, StartAt: wire.FromTime(t.GetEffectiveTime()),
		ChargesPaidBy: wire.Name(t.GetDecision().GetChargesPaidBy()),
	}
	n := len(t.GetInvitations())
	if n == 0 {
		return c
	}
	last := t.GetInvitations()[n-1]
	if last.GetState() == accounttransferv1.InvitationState_INVITATION_STATE_WITHDRAWN {
		c.StartAt, c.EndAt = wire.FromTime(last.GetStartTime()), wire.FromTime(last.GetEndTime())
	}
	return c
}

// over reports whether the transfer failed without having been withdrawn: nothing is billed.
func over(t *accounttransferv1.Transfer) bool {
	return t.GetState() == accounttransferv1.TransferState_TRANSFER_STATE_FAILED ||
		t.GetState() == accounttransferv1.TransferState_TRANSFER_STATE_CANCELLED
}
