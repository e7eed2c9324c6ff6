package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"example.com/handover/deploy/actors"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

const (
	grace = time.Hour          // after an instant at which something was due
	look  = 8 * 24 * time.Hour // how old the newest look at what is effective may be: it is weekly
	page  = 500
)

// judge looks at everything that has not ended, and returns all that is wrong.
func (p *population) judge(ctx context.Context) error {
	now, err := p.clock.Now(ctx)
	if err != nil {
		return err
	}
	j := &verdict{population: p, now: now}
	for _, look := range []func(context.Context) error{j.orders, j.transfers, j.connections, j.accountRequests, j.work, j.atAWS} {
		if err := look(ctx); err != nil {
			return err
		}
	}
	return errors.Join(j.wrong...)
}

// verdict is one look at everything.
type verdict struct {
	*population
	now   time.Time
	wrong []error
}

func (j *verdict) add(format string, args ...any) {
	j.wrong = append(j.wrong, fmt.Errorf(j.now.Format("2006-01-02: ")+format, args...))
}

// orders wants somebody named in each order that is under way.
func (j *verdict) orders(ctx context.Context) error {
	all, err := pages(func(token string) ([]*ordersv1.Order, string, error) {
		resp, err := j.operator.Orders.ListOrders(j.operator.In(ctx), &ordersv1.ListOrdersRequest{
			States:   []ordersv1.OrderState{ordersv1.OrderState_ORDER_STATE_PROCESSING, ordersv1.OrderState_ORDER_STATE_QUERYING},
			PageSize: page, PageToken: token,
		})
		return resp.GetOrders(), resp.GetNextPageToken(), err
	})
	if err != nil {
		return err
	}
	for _, o := range all {
		j.waits(o.GetOrderId()+", "+o.GetState().String(), o.GetWaiting())
	}
	return nil
}

// transfers wants that of each transfer, and a case of each that takes longer than planned.
func (j *verdict) transfers(ctx context.Context) error {
	all, err := pages(func(token string) ([]*accounttransferv1.Transfer, string, error) {
		resp, err := j.operator.Transfers.ListTransfers(j.operator.In(ctx), &accounttransferv1.ListTransfersRequest{
			States: []accounttransferv1.TransferState{
				accounttransferv1.TransferState_TRANSFER_STATE_IN_PROGRESS, accounttransferv1.TransferState_TRANSFER_STATE_WAITING_DECISION,
			},
			PageSize: page, PageToken: token,
		})
		return resp.GetTransfers(), resp.GetNextPageToken(), err
	})
	if err != nil {
		return err
	}
	for _, t := range all {
		j.waits(t.GetTransferId()+", "+t.GetState().String(), t.GetWaiting())
		if !t.GetWaiting().GetEscalated() {
			continue
		}
		if told, err := j.told(ctx, t.GetCustomerId()); err != nil {
			return err
		} else if !told {
			j.add("%s has taken longer than planned, and nobody has a case of it: %s", t.GetTransferId(), t.GetWaiting().GetWhat())
		}
	}
	return nil
}

// told reports whether a customer has a case that is open.
func (j *verdict) told(ctx context.Context, customerID string) (bool, error) {
	resp, err := j.operator.Cases.ListCases(j.operator.In(ctx), &supportv1.ListCasesRequest{CustomerId: customerID, PageSize: page})
	return slices.ContainsFunc(resp.GetCases(), func(c *supportv1.Case) bool { return c.GetResolution() == nil }), err
}

// waits wants a party that must act, what and where, and nothing that is overdue and untold.
func (j *verdict) waits(who string, w *typev1.Waiting) {
	switch {
	case w.GetOwner() == typev1.Party_PARTY_UNSPECIFIED:
		j.add("%s waits for nobody", who)
	case w.GetWhat() == "":
		j.add("%s does not say what it waits for", who)
	case overdue(w.GetEscalateTime().AsTime(), j.now) && w.GetEscalateTime() != nil:
		j.add("%s waits since before %s, and nobody was told: %s", who, w.GetEscalateTime().AsTime().Format(time.RFC3339), w.GetWhat())
	case overdue(w.GetUntilTime().AsTime(), j.now) && w.GetUntilTime() != nil:
		j.add("%s has passed its deadline of %s: %s", who, w.GetUntilTime().AsTime().Format(time.RFC3339), w.GetWhat())
	}
}

func overdue(at, now time.Time) bool { return at.Add(grace).Before(now) }

// connections wants each to belong to something that goes on, to be looked at, and to end when it was to.
func (j *verdict) connections(ctx context.Context) error {
	all, err := j.list(ctx)
	if err != nil {
		return err
	}
	for _, c := range all {
		who := c.GetConnectionId() + ", " + c.GetState().String()
		effective := c.GetState() == accounttransferv1.ConnectionState_CONNECTION_STATE_EFFECTIVE
		ending := c.GetState() == accounttransferv1.ConnectionState_CONNECTION_STATE_ENDING
		switch {
		case effective && c.GetCheckTime().AsTime().Add(look).Before(j.now):
			j.add("%s was looked at last at %s", who, c.GetCheckTime().AsTime().Format(time.RFC3339))
		case ending && overdue(c.GetEndTime().AsTime().AddDate(0, 0, 1), j.now):
			j.add("%s should have ended at %s", who, c.GetEndTime().AsTime().Format(time.RFC3339))
		}
		if c.GetWaiting() != nil {
			j.waits(who, c.GetWaiting())
		}
	}
	return nil
}

func (j *verdict) list(ctx context.Context) ([]*accounttransferv1.Connection, error) {
	return pages(func(token string) ([]*accounttransferv1.Connection, string, error) {
		resp, err := j.operator.Connections.ListConnections(j.operator.In(ctx), &accounttransferv1.ListConnectionsRequest{
			PageSize: page, PageToken: token,
		})
		return resp.GetConnections(), resp.GetNextPageToken(), err
	})
}

// accountRequests wants somebody named in each that has not ended.
func (j *verdict) accountRequests(ctx context.Context) error {
	all, err := j.requests(ctx)
	for _, r := range all {
		if r.GetEndTime() == nil {
			j.waits(r.GetAccountRequestId()+", "+r.GetState().String(), r.GetWaiting())
		}
	}
	return err
}

func (p *population) requests(ctx context.Context) ([]*accounttransferv1.AccountRequest, error) {
	return pages(func(token string) ([]*accounttransferv1.AccountRequest, string, error) {
		resp, err := p.operator.Requests.ListAccountRequests(p.operator.In(ctx), &accounttransferv1.ListAccountRequestsRequest{
			PageSize: page, PageToken: token,
		})
		return resp.GetAccountRequests(), resp.GetNextPageToken(), err
	})
}

// work wants nothing left behind: the world is quiet.
func (j *verdict) work(ctx context.Context) error {
	for _, service := range actors.Services() {
		resp, err := j.suite.hands.Operations(service).GetWork(j.operator.In(ctx), &opsv1.GetWorkRequest{Service: service})
		if err != nil {
			return err
		}
		if w := resp.GetWork(); w.GetParked() > 0 || w.GetDeadLetters() > 0 || w.GetUnpublished() > 0 {
			j.add("%s has %d aggregates parked, %d dead letters, %d events unpublished", service,
				w.GetParked(), w.GetDeadLetters(), w.GetUnpublished())
		}
	}
	return nil
}

// pages reads a list to its end.
func pages[T any](read func(token string) (page []T, next string, err error)) (all []T, err error) {
	for token := ""; ; {
		some, next, err := read(token)
		if all = append(all, some...); err != nil || next == "" {
			return all, err
		}
		token = next
	}
}
