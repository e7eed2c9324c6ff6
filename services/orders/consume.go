package orders

import (
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/party"
)

// observeTransfer brings an order, and its agreement, to where its transfer is.
func observeTransfer(t *tables) func(*store.Tx, event.Message) error {
	return func(tx *store.Tx, m event.Message) error {
		var body accounttransferv1.TransferEvent
		if err := m.Into(&body); err != nil {
			return err
		}
		transfer := body.GetTransfer()
		_, err := t.changeOrder(tx, followedOrder(), transfer.GetOrderId(), "", func(o *order.Order) ([]fact.Fact, error) {
			return o.ObserveTransfer(viewOf(transfer, m.Revision), tx.Now())
		})
		if errs.KindOf(err) == errs.NotFound {
			return nil // an order is there before its transfer: this one is nobody's
		}
		return err
	}
}

// observePayer keeps which payers there are, so that an order that nobody could carry out is refused at once.
func observePayer(t *tables) func(*store.Tx, event.Message) error {
	return func(tx *store.Tx, m event.Message) error {
		var body accounttransferv1.PayerEvent
		if err := m.Into(&body); err != nil {
			return err
		}
		seen := party.Payer{
			ID: body.GetPayer().GetPayerId(), SellerID: body.GetPayer().GetSellerId(),
			Active:    body.GetPayer().GetState() == accounttransferv1.PayerState_PAYER_STATE_ACTIVE,
			AccountID: body.GetPayer().GetAccountId(), CustomerID: body.GetPayer().GetCustomerId(),
		}
		_, err := t.payers.Update(tx, anyPayer(), seen.ID, "", func(p *party.Payer) ([]fact.Fact, error) {
			*p = seen
			return nil, nil
		})
		if errs.KindOf(err) == errs.NotFound {
			_, err = t.payers.Create(tx, seen.ID, &seen)
		}
		return err
	}
}

func viewOf(t *accounttransferv1.Transfer, revision int64) order.TransferView {
	v := order.TransferView{
		TransferID: t.GetTransferId(), Revision: revision, State: wire.Name(t.GetState()), Waiting: fromWaiting(t.GetWaiting()),
		SourceAccountID: t.GetSourceAccountId(), Ending: t.GetEnding() != nil,
	}
	if d := t.GetDecision(); d.GetOutcome() == accounttransferv1.DecisionOutcome_DECISION_OUTCOME_KEEP {
		v.KeptAt = wire.FromTime(d.GetDecideTime())
	}
	if f := t.GetFailure(); f != nil {
		v.Failure = &order.Failure{Code: wire.Name(f.GetCode())}
	}
	return v
}
