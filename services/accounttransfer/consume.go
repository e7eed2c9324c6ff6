package accounttransfer

import (
	"context"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/guidance"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	"example.com/handover/services/accounttransfer/internal/accountrequest"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/journey"
)

// observeChannel brings the transfer of an order to where its support channel is.
func observeChannel(t *tables) func(*store.Tx, event.Message) error {
	return func(tx *store.Tx, m event.Message) error {
		var body supportv1.ChannelEvent
		if err := m.Into(&body); err != nil {
			return err
		}
		channel := body.GetChannel()
		ready := channel.GetState() == supportv1.ChannelState_CHANNEL_STATE_READY
		if !ready && channel.GetState() != supportv1.ChannelState_CHANNEL_STATE_FAILED {
			return nil
		}
		transferID, err := t.ofChannel(tx, channel.GetOrderId(), channel.GetChannelId())
		if err != nil || transferID == "" {
			return err
		}
		_, err = t.changePair(tx, followsChannels(), transferID, "", func(
			j *journey.Transfer, _ *connection.Connection, now time.Time,
		) (journey.Changes, error) {
			return journey.Changes{Transfer: j.ObserveChannel(channel.GetChannelId(), ready, now)}, nil
		})
		return err
	}
}

// observeAgreement notes on the connection of an order where its agreement stands. Before the transfer is there it is under way,
// as it is when the connection begins.
func observeAgreement(t *tables) func(*store.Tx, event.Message) error {
	return func(tx *store.Tx, m event.Message) error {
		var body ordersv1.AgreementEvent
		if err := m.Into(&body); err != nil {
			return err
		}
		a := body.GetAgreement()
		if a.GetTransferId() == "" {
			return nil // its order is a draft
		}
		_, err := t.changePair(tx, followsAgreements(), a.GetTransferId(), "", func(
			j *journey.Transfer, c *connection.Connection, _ time.Time,
		) (journey.Changes, error) {
			connection.ObserveAgreement(c, a.GetAgreementId(), wire.Name(a.GetState()))
			return journey.Changes{Transfer: journey.ObserveSupport(j, journey.SupportModel(wire.Name(a.GetSupportOption())), c)}, nil
		})
		if errs.KindOf(err) == errs.NotFound {
			return nil
		}
		return err
	}
}

// ofChannel returns the id of the transfer that asked for a channel; "" when it was somebody else. The id of the channel
// was saved before support was asked, so that its event finds it.
func (t *tables) ofChannel(tx *store.Tx, orderID, channelID string) (string, error) {
	const most = 20 // transfers of one order
	page, err := t.transfers.ListTx(tx, followsChannels(), store.Query{
		Where: []store.Cond{store.Eq("correlation", orderID)}, Size: most,
	})
	if err != nil {
		return "", err
	}
	for _, row := range page.Rows {
		if row.Doc.Channel != nil && row.Doc.Channel.ID == channelID {
			return row.ID, nil
		}
	}
	return "", nil
}

// observeCustomer keeps what a request for a new account needs to know of its customer, and tells the customer's transfers whether it is
// of the public sector.
func observeCustomer(t *tables) func(*store.Tx, event.Message) error {
	return func(tx *store.Tx, m event.Message) error {
		var body ordersv1.CustomerEvent
		if err := m.Into(&body); err != nil {
			return err
		}
		seen := profileOf(body.GetCustomer())
		told, err := t.inOtherSector(tx, seen.CustomerID, seen.PublicSector)
		if err != nil {
			return err
		}
		asking, err := t.askingOthers(tx, seen)
		if err != nil {
			return err
		}
		if err := t.sectorChanged(tx, told, seen, asking); err != nil {
			return err
		}
		for _, one := range asking {
			_, err := t.requests.Update(tx, followsCustomers(), one, "", func(r *accountrequest.Request) ([]fact.Fact, error) {
				facts, _ := r.PeopleAre(seen)
				return facts, nil
			})
			if err != nil {
				return err
			}
		}
		_, err = t.profiles.Update(tx, followsCustomers(), seen.CustomerID, "", func(p *accountrequest.Profile) ([]fact.Fact, error) {
			*p = seen
			return nil, nil
		})
		if errs.KindOf(err) == errs.NotFound {
			_, err = t.profiles.Create(tx, seen.CustomerID, &seen)
		}
		return err
	}
}

// inOtherSector are the transfers under way of a customer that took it for one of the public sector, or for none.
func (t *tables) inOtherSector(tx *store.Tx, customerID string, public bool) (all []*journey.Transfer, err error) {
	q := store.Query{Size: 500, Where: []store.Cond{
		store.Eq("customer", customerID), store.In("state", string(journey.InProgress), string(journey.WaitingDecision)),
	}}
	err = everyRow(tx, t.transfers, q, func(row store.Row[journey.Transfer]) {
		if row.Doc.PublicSector != public {
			all = append(all, row.Doc)
		}
	})
	return all, err
}

// askingOthers are the rows of a customer's requests under way that ask somebody who is not its any more.
func (t *tables) askingOthers(tx *store.Tx, seen accountrequest.Profile) (rows []string, err error) {
	q := store.Query{Size: 500, Where: []store.Cond{store.Eq("customer", seen.CustomerID)}}
	err = everyRow(tx, t.requests, q, func(row store.Row[accountrequest.Request]) {
		if _, changed := row.Doc.PeopleAre(seen); changed {
			rows = append(rows, row.ID)
		}
	})
	return rows, err
}

// everyRow shows every row that a query finds, a page after the other.
func everyRow[D any](tx *store.Tx, table *store.Table[D], q store.Query, show func(store.Row[D])) error {
	for {
		page, err := table.ListTx(tx, followsCustomers(), q)
		if err != nil {
			return err
		}
		for _, row := range page.Rows {
			show(row)
		}
		if q.Token = page.Next; q.Token == "" {
			return nil
		}
	}
}

// sectorChanged tells transfers that their customer is of the public sector, or is not. The rows of requests are locked with theirs.
func (t *tables) sectorChanged(
	tx *store.Tx, transfers []*journey.Transfer, seen accountrequest.Profile, requests []string,
) error {
	rows := []store.Locked{t.profiles.Row(seen.CustomerID)}
	for _, requestID := range requests {
		rows = append(rows, t.requests.Row(requestID))
	}
	for _, found := range transfers {
		more, err := t.rowsOf(tx, found)
		if err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	if err := tx.Lock(rows...); err != nil {
		return err
	}
	again, err := t.inOtherSector(tx, seen.CustomerID, seen.PublicSector)
	switch {
	case err != nil:
		return err
	case len(again) != len(transfers):
		return errs.New(errs.Unavailable, "UNAVAILABLE", "a transfer of customer %s began or ended at this moment", seen.CustomerID)
	}
	for _, found := range transfers {
		if err := t.inSector(tx, found, seen.PublicSector); err != nil {
			return err
		}
	}
	return nil
}

// inSector tells a transfer, whose rows are locked, whether its customer is of the public sector.
func (t *tables) inSector(tx *store.Tx, found *journey.Transfer, public bool) error {
	p, err := t.readPair(tx, found)
	if err != nil {
		return err
	}
	made, err := p.apply(func(j *journey.Transfer, _ *connection.Connection, now time.Time) (journey.Changes, error) {
		return journey.Changes{Transfer: journey.SectorChanged(j, public, now)}, nil
	}, tx.Now())
	if err != nil {
		return err
	}
	_, err = t.savePair(tx, p, made)
	return err
}

// settleSector tells a membership that has just begun what was heard of its customer at the same moment: each of both waits for the other
// one's lock of what is known of the customer, and so one of them sees both.
func (t *tables) settleSector(ctx context.Context, transferID string) error {
	return t.db.InTx(ctx, func(tx *store.Tx) error {
		found, err := t.transfers.GetTx(tx, pairs(), transferID)
		if err != nil || found.Doc.PublicSector {
			return err
		}
		customer := found.Doc.CustomerID
		rows, err := t.rowsOf(tx, found.Doc)
		if err != nil {
			return err
		}
		if err := tx.Lock(append(rows, t.profiles.Row(customer))...); err != nil {
			return err
		}
		known, err := t.profiles.GetTx(tx, followsCustomers(), customer)
		switch {
		case errs.KindOf(err) == errs.NotFound:
			return nil
		case err != nil || !known.Doc.PublicSector:
			return err
		}
		return t.inSector(tx, found.Doc, true)
	})
}

// observeGuidance keeps a page that helps people.
func observeGuidance(t *tables) func(*store.Tx, event.Message) error {
	return func(tx *store.Tx, m event.Message) error {
		var body ordersv1.GuidancePageEvent
		if err := m.Into(&body); err != nil {
			return err
		}
		seen := fromPage(body.GetPage())
		_, err := t.guidance.Update(tx, pagesBelongToNobody(), m.Aggregate, "", func(p *guidance.Page) ([]fact.Fact, error) {
			*p = seen
			return nil, nil
		})
		if errs.KindOf(err) == errs.NotFound {
			_, err = t.guidance.Create(tx, m.Aggregate, &seen)
		}
		return err
	}
}
