package support

import (
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/support/internal/cases"
	"example.com/handover/services/support/internal/channel"
)

// observeAgreement ends the channels of an order whose agreement is over, however it ended.
func observeAgreement(t *tables, words text.Words) func(*store.Tx, event.Message) error {
	return func(tx *store.Tx, m event.Message) error {
		var body ordersv1.AgreementEvent
		if err := m.Into(&body); err != nil {
			return err
		}
		a := body.GetAgreement()
		switch a.GetState() {
		case ordersv1.AgreementState_AGREEMENT_STATE_TERMINATED, ordersv1.AgreementState_AGREEMENT_STATE_FAILED,
			ordersv1.AgreementState_AGREEMENT_STATE_DELETED:
			return t.endChannels(tx, a.GetOrderId(), a.GetReplacementOrderId() != "", words.Say(text.New("channel_removal.not_needed")))
		default:
			return nil
		}
	}
}

// endChannels ends those of an order. What people have to take away is a case; the case of a channel that nobody has set up is to be
// resolved with this note.
func (t *tables) endChannels(tx *store.Tx, orderID string, replaced bool, note string) error {
	page, err := t.channels.ListTx(tx, channelOfAnOrder(), store.Query{
		Where: []store.Cond{store.Eq("correlation", orderID)}, Size: mostChannels,
	})
	if err != nil {
		return err
	}
	var rows []store.Locked
	for _, row := range page.Rows {
		rows = append(rows, t.channels.Row(row.ID), t.cases.Row(row.Doc.CaseID))
	}
	if err := tx.Lock(rows...); err != nil {
		return err
	}
	for _, row := range page.Rows {
		if err := t.endChannel(tx, row.ID, replaced, note); err != nil {
			return err
		}
	}
	return nil
}

func (t *tables) endChannel(tx *store.Tx, channelID string, replaced bool, note string) error {
	before, err := t.channels.GetForUpdate(tx, channelOfAnOrder(), channelID)
	if err != nil || !before.Doc.Replaceable() {
		return err
	}
	unset := before.Doc.State == channel.SettingUp
	after, err := t.channels.Update(tx, channelOfAnOrder(), channelID, "", func(c *channel.Channel) ([]fact.Fact, error) {
		return c.End(id.New(prefixCase)), nil
	})
	switch {
	case err != nil:
		return err
	case unset:
		_, err = t.cases.Update(tx, channelOfAnOrder(), after.Doc.CaseID, "", func(k *cases.Case) ([]fact.Fact, error) {
			return k.NotNeeded(note, tx.Call().Actor, tx.Now()), nil
		})
		return err
	}
	opening, about := after.Doc.Removal(replaced)
	k, opened := cases.OpenChannelRemoval(opening, about, tx.Call().Actor, tx.Now())
	_, err = t.cases.Create(tx, k.ID, k, opened...)
	return err
}
