package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.com/handover/deploy/actors"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

const (
	grace = time.Hour          // after an instant at which something was due
	look  = 8 * 24 * time.Hour // how old the newest look at what is effective may be: it is weekly
	page  = 500
)

// judge looks at everything that has not ended, and returns all that is wrong. At the end it also looks at what is left outside.
func (p *population) judge(ctx context.Context, end bool) error {
	if err := p.watch(ctx); err != nil {
		return err
	}
	now, err := p.clock.Now(ctx)
	if err != nil {
		return err
	}
	j := &verdict{population: p, now: now, underWay: map[string]bool{}, shown: map[string]string{}}
	looks := []func(context.Context) error{
		j.list, j.cases, j.transfers, j.orders, j.consents, j.connections, j.accountRequests, j.payers, j.work,
	}
	if end {
		looks = append(looks, j.atAWS, j.atServiceNow)
	}
	for _, look := range looks {
		if err := look(ctx); err != nil {
			return err
		}
	}
	return errors.Join(append(j.wrong, p.doubled.wrong...)...)
}

// verdict is one look at everything.
type verdict struct {
	*population
	now      time.Time
	listed   map[string]bool   // what Operations is shown, by what it is about, and by its transfer
	open     map[string]bool   // what there is a case of that is open
	underWay map[string]bool   // the transfers that go on
	shown    map[string]string // what each of these waits for
	wrong    []error
}

func (j *verdict) add(format string, args ...any) {
	j.wrong = append(j.wrong, fmt.Errorf(j.now.Format("2006-01-02: ")+format, args...))
}

// orders wants somebody named in each order that is under way: by itself, or by its transfer while the reseller and AWS work.
func (j *verdict) orders(ctx context.Context) error {
	return every(j.order, func(token string) ([]*ordersv1.Order, string, error) {
		resp, err := j.operator.Orders.ListOrders(j.operator.In(ctx), &ordersv1.ListOrdersRequest{
			States:   []ordersv1.OrderState{ordersv1.OrderState_ORDER_STATE_PROCESSING, ordersv1.OrderState_ORDER_STATE_QUERYING},
			PageSize: page, PageToken: token,
		})
		return resp.GetOrders(), resp.GetNextPageToken(), err
	})
}

func (j *verdict) order(o *ordersv1.Order) {
	switch {
	case o.GetType() == ordersv1.OrderType_ORDER_TYPE_TERMINATION:
		j.termination(o)
	case o.GetState() == ordersv1.OrderState_ORDER_STATE_QUERYING:
		j.rests(o.GetOrderId(), o.GetState().String(), o.GetWaiting())
	case !j.underWay[o.GetTransferId()]:
		j.add("%s is under way, and its transfer %q is not", o.GetOrderId(), o.GetTransferId())
	}
}

// transfers wants that of each transfer, and that Operations knows of each that takes longer than planned.
func (j *verdict) transfers(ctx context.Context) error {
	return every(j.transfer, func(token string) ([]*accounttransferv1.Transfer, string, error) {
		resp, err := j.operator.Transfers.ListTransfers(j.operator.In(ctx), &accounttransferv1.ListTransfersRequest{
			States: []accounttransferv1.TransferState{inProgress, waitingDecision}, PageSize: page, PageToken: token,
		})
		return resp.GetTransfers(), resp.GetNextPageToken(), err
	})
}

func (j *verdict) transfer(t *accounttransferv1.Transfer) {
	j.underWay[t.GetTransferId()], j.shown[t.GetTransferId()] = true, t.GetWaiting().GetWhat()
	j.rests(t.GetTransferId(), t.GetState().String(), t.GetWaiting())
	shows := []string{t.GetConnection().GetConnectionId(), t.GetConsentId()} // the wait may be that of one of them
	j.told(t.GetTransferId(), t.GetTransferId(), t.GetWaiting(), shows...)
	for _, s := range t.GetSteps() { // of several that are open the transfer shows one wait
		late := s.GetState() == stepOpen && s.GetEscalateTime() != nil && overdue(s.GetEscalateTime().AsTime(), j.now)
		byPeople := s.GetCompletedBy() == accounttransferv1.StepCompletion_STEP_COMPLETION_ATTESTATION // others may wait by dates of their own
		if late && byPeople && t.GetState() == inProgress && t.GetEnding() == nil {
			j.told(t.GetTransferId()+", "+s.GetKey(), t.GetTransferId(), &typev1.Waiting{What: s.GetWhat(), Escalated: true}, shows...)
		}
	}
}

// consents wants that of each consent that is somebody's turn.
func (j *verdict) consents(ctx context.Context) error {
	return every(j.consent, func(token string) ([]*accounttransferv1.Consent, string, error) {
		resp, err := j.operator.Consents.ListConsents(j.operator.In(ctx), &accounttransferv1.ListConsentsRequest{
			States: []accounttransferv1.ConsentState{
				accounttransferv1.ConsentState_CONSENT_STATE_DRAFT, gathering, submitted, underReview, granted, unsigned, turnedDown, outdated,
			},
			PageSize: page, PageToken: token,
		})
		return resp.GetConsents(), resp.GetNextPageToken(), err
	})
}

func (j *verdict) consent(c *accounttransferv1.Consent) {
	switch {
	case c.GetEndTime() != nil: // it was left to stand
		return
	case c.GetState() != accounttransferv1.ConsentState_CONSENT_STATE_DRAFT:
		j.rests(c.GetConsentId(), c.GetState().String(), c.GetWaiting())
	case !j.underWay[c.GetTransferId()]: // until its turn comes the transfer waits
		j.add("%s is a draft of a transfer that has ended", c.GetConsentId())
	}
	j.told(c.GetConsentId(), c.GetTransferId(), c.GetWaiting())
}

func (j *verdict) rests(who, state string, w *typev1.Waiting) { j.waits(who+", "+state, w) }

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
	return every(j.connection, func(token string) ([]*accounttransferv1.Connection, string, error) {
		resp, err := j.operator.Connections.ListConnections(j.operator.In(ctx), &accounttransferv1.ListConnectionsRequest{
			States: []accounttransferv1.ConnectionState{connectionProposed, connectionEffective, connectionEnding}, PageSize: page, PageToken: token,
		})
		return resp.GetConnections(), resp.GetNextPageToken(), err
	})
}

func (j *verdict) connection(c *accounttransferv1.Connection) {
	who := c.GetConnectionId() + ", " + c.GetState().String()
	switch s := c.GetState(); {
	case s == connectionProposed && c.GetTransferId() != "" && !j.underWay[c.GetTransferId()]:
		j.add("%s is held by a transfer that has ended", who)
	case s == connectionEffective && c.GetCheckTime().AsTime().Add(look).Before(j.now):
		j.add("%s was looked at last at %s", who, c.GetCheckTime().AsTime().Format(time.RFC3339))
	case s == connectionEnding && overdue(c.GetEndTime().AsTime().AddDate(0, 0, 1), j.now):
		j.add("%s should have ended at %s", who, c.GetEndTime().AsTime().Format(time.RFC3339))
	}
	if c.GetWaiting() != nil {
		j.waits(who, c.GetWaiting())
		if what, under := j.shown[c.GetTransferId()]; under && what == c.GetWaiting().GetWhat() {
			return // its transfer tells, by the date of its step
		}
		j.told(c.GetConnectionId(), c.GetTransferId(), c.GetWaiting())
	}
}

// accountRequests wants somebody named in each that has not ended.
func (j *verdict) accountRequests(ctx context.Context) error {
	return every(j.accountRequest, func(token string) ([]*accounttransferv1.AccountRequest, string, error) {
		resp, err := j.operator.Requests.ListAccountRequests(j.operator.In(ctx), &accounttransferv1.ListAccountRequestsRequest{
			States: []accounttransferv1.AccountRequestState{routed, inReview, asked, approved, creating, followUp}, PageSize: page, PageToken: token,
		})
		return resp.GetAccountRequests(), resp.GetNextPageToken(), err
	})
}

func (j *verdict) accountRequest(r *accounttransferv1.AccountRequest) {
	j.rests(r.GetAccountRequestId(), r.GetState().String(), r.GetWaiting())
	j.told(r.GetAccountRequestId(), "", r.GetWaiting())
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

// every reads a list to its end, page by page.
func every[T any](visit func(T), read func(token string) (page []T, next string, err error)) error {
	for token := ""; ; {
		some, next, err := read(token)
		for _, one := range some {
			visit(one)
		}
		if err != nil || next == "" {
			return err
		}
		token = next
	}
}
