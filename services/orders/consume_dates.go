package orders

import (
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/store"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
)

// observeDates reads from a transfer without a connection what the connection would say.
func observeDates(t *tables) func(*store.Tx, event.Message) error {
	return func(tx *store.Tx, m event.Message) error {
		var body accounttransferv1.TransferEvent
		if err := m.Into(&body); err != nil {
			return err
		}
		transfer := body.GetTransfer()
		if transfer.GetConnectionId() != "" {
			return nil
		}
		return t.followConnection(tx, &accounttransferv1.Connection{
			OrderId: transfer.GetOrderId(), StartTime: transfer.GetEffectiveTime(),
			Invitations: transfer.GetInvitations(), ServiceTerms: transfer.GetServiceTerms(),
		})
	}
}
