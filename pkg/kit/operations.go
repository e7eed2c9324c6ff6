package kit

import (
	"context"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// operations is what every service can be asked about its events, parked work and dead letters. The process serves it
// once for all the services it hosts; each request names one.
type operations struct {
	opsv1.UnimplementedOperationsServiceServer
	process *Process
}

// of finds a hosted service that has a database.
func (o *operations) of(service string) (*Env, error) {
	for _, e := range o.process.hosted {
		if e.Name == service && e.DB != nil {
			return e, nil
		}
	}
	return nil, errs.New(errs.NotFound, "SERVICE_UNKNOWN", "no service %q with a database is served here", service)
}

func (o *operations) ListEvents(ctx context.Context, req *opsv1.ListEventsRequest) (*opsv1.ListEventsResponse, error) {
	e, err := o.of(req.GetService())
	if err != nil {
		return nil, err
	}
	customers := call.Everyone("operations read every customer's events")
	if id := req.GetCustomerId(); id != "" {
		customers = call.Customers(id)
	}
	events, next, err := e.DB.Events(ctx, store.EventQuery{
		Correlation: req.GetCorrelation(), Aggregate: req.GetAggregateId(), Audiences: readableBy(req.GetAudience()),
		Customers: customers, Size: wire.PageSize(req.GetPageSize()),
		Token: req.GetPageToken(), Caller: call.From(ctx).KeyOwner + " " + req.GetCustomerId(), // a token is bound to the filter too
	})
	if err != nil {
		return nil, err
	}
	resp := &opsv1.ListEventsResponse{NextPageToken: next}
	for _, ev := range events {
		resp.Events = append(resp.Events, wire.Event(e.Words(ctx), e.Name, ev))
	}
	return resp, nil
}

// readableBy lists the audiences whose facts a reader of the given circle may see; nil is all of them.
func readableBy(a typev1.Audience) []fact.Audience {
	switch a {
	case typev1.Audience_AUDIENCE_CUSTOMER:
		return []fact.Audience{fact.Customer}
	case typev1.Audience_AUDIENCE_OPERATOR:
		return []fact.Audience{fact.Customer, fact.Operator}
	default:
		return nil
	}
}

func (o *operations) RepublishEvents(ctx context.Context, req *opsv1.RepublishEventsRequest) (*opsv1.RepublishEventsResponse, error) {
	e, err := o.of(req.GetService())
	if err != nil || req.GetValidateOnly() {
		return &opsv1.RepublishEventsResponse{}, err
	}
	if err := req.GetFromTime().CheckValid(); err != nil {
		return nil, errs.InvalidField("from_time", "REQUEST_INVALID", "%v", err)
	}
	// No idempotency key is looked at: marking the same events again does no harm.
	n, err := e.DB.Republish(ctx, req.GetFromTime().AsTime())
	return &opsv1.RepublishEventsResponse{EventCount: int64(n)}, err
}

func (o *operations) ListParked(ctx context.Context, req *opsv1.ListParkedRequest) (*opsv1.ListParkedResponse, error) {
	e, err := o.of(req.GetService())
	if err != nil {
		return nil, err
	}
	rows, next, err := e.DB.Parked(ctx, wire.PageSize(req.GetPageSize()), req.GetPageToken())
	if err != nil {
		return nil, err
	}
	resp := &opsv1.ListParkedResponse{NextPageToken: next}
	for _, r := range rows {
		resp.Parked = append(resp.Parked, toParked(r))
	}
	return resp, nil
}

func toParked(r store.ParkedRow) *opsv1.Parked {
	return &opsv1.Parked{
		Kind: r.Kind, Id: r.ID, CustomerId: r.Customer, Attempts: int32(r.Attempts), LastError: r.LastError, UpdateTime: wire.Time(r.UpdatedAt),
	}
}

func (o *operations) ReleaseParked(ctx context.Context, req *opsv1.ReleaseParkedRequest) (*opsv1.ReleaseParkedResponse, error) {
	e, err := o.of(req.GetService())
	if err != nil {
		return nil, err
	}
	return store.Write(ctx, e.DB, req, func(tx *store.Tx) (*opsv1.ReleaseParkedResponse, error) {
		return &opsv1.ReleaseParkedResponse{}, tx.Release(req.GetKind(), req.GetId())
	})
}

func (o *operations) ListDeadLetters(ctx context.Context, req *opsv1.ListDeadLettersRequest) (*opsv1.ListDeadLettersResponse, error) {
	e, err := o.of(req.GetService())
	if err != nil {
		return nil, err
	}
	dead, next, err := e.DB.DeadLetters(ctx, wire.PageSize(req.GetPageSize()), req.GetPageToken())
	if err != nil {
		return nil, err
	}
	resp := &opsv1.ListDeadLettersResponse{NextPageToken: next}
	for _, l := range dead {
		resp.DeadLetters = append(resp.DeadLetters, toDeadLetter(l))
	}
	return resp, nil
}

func toDeadLetter(l store.DeadLetter) *opsv1.DeadLetter {
	m := event.Read(l)
	return &opsv1.DeadLetter{
		DeadLetterId: l.ID, Consumer: l.Consumer, EventId: l.Message, SourceService: m.Service, Subject: l.Subject,
		AggregateId: m.Aggregate, Revision: m.Revision, Attempts: int32(l.Tries), LastError: l.LastError, RecordTime: wire.Time(l.LastAt.Time()),
	}
}

func (o *operations) ReplayDeadLetter(ctx context.Context, req *opsv1.ReplayDeadLetterRequest) (*opsv1.ReplayDeadLetterResponse, error) {
	e, err := o.of(req.GetService())
	if err != nil {
		return nil, err
	}
	dead, err := event.Letter(ctx, e.DB, req.GetDeadLetterId())
	if err != nil || req.GetValidateOnly() {
		return &opsv1.ReplayDeadLetterResponse{DeadLetter: toDeadLetter(dead)}, err
	}
	// The dead letter itself is the idempotency record: once it has been dealt with, it is not found.
	if err := event.Replay(ctx, e.DB, e.subs, dead.ID); err != nil {
		return nil, err
	}
	return &opsv1.ReplayDeadLetterResponse{DeadLetter: toDeadLetter(dead)}, nil
}

func (o *operations) GetWork(ctx context.Context, req *opsv1.GetWorkRequest) (*opsv1.GetWorkResponse, error) {
	e, err := o.of(req.GetService())
	if err != nil {
		return nil, err
	}
	p, unacked, err := e.pending(ctx)
	if err != nil {
		return nil, err
	}
	parked, dead, err := e.DB.Stuck(ctx)
	if err != nil {
		return nil, err
	}
	return &opsv1.GetWorkResponse{Work: &opsv1.Work{
		Due: int64(p.Due), Claimed: int64(p.Claimed), BackingOff: int64(p.BackingOff), Unpublished: int64(p.Unpublished),
		Unacked: int64(unacked), Parked: int64(parked), DeadLetters: int64(dead),
		NextDueTime: wire.Time(p.NextDue), BusinessTime: wire.Time(e.Business.Now()),
	}}, nil
}
