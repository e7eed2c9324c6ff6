package kit

import (
	"context"
	"errors"
	"slices"
	"strings"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// Actions is what people must see to in a service, for OperationsService.ListActions.
type Actions struct {
	Parked  text.Text // what is to be done about what failed too often
	Dead    text.Text // what is to be done about an event that a consumer refused too often; zero: the service consumes none
	Refused text.Text // what is to be done where a party refuses the suite a call again and again
	Of      []ActionsOf
}

// ActionsOf are those of one kind. What a service says of them is read again for every reader, in the reader's words.
type ActionsOf struct {
	Kind    typev1.ActionKind
	Is      []store.Cond // which rows of the table are of the kind; none: all
	Alone   []store.Cond // what must hold of a wait that is not listed by another row already
	Besides []store.Cond // what waits for the reseller's people although no wait of the row lists it; none: nothing
	CutOff  bool         // it has a column cut_off, after which a month is lost
	Money   bool         // while it waits, a customer is not invoiced

	noun string
	tell func(ctx context.Context, words text.Words, ids []string, into map[string]told) error
}

// told is what is said of a row.
type told struct {
	*typev1.Action
	refused bool
}

// ActionsIn are the rows of a table that somebody must see to, with what is said of one besides id, customer, age and the order that began
// it, which its row says: what it waits for by its own rules, and whether a party refuses it something again and again.
func ActionsIn[T any](kind typev1.ActionKind, table *store.Table[T], tell func(text.Words, *T) (*typev1.Action, bool)) ActionsOf {
	return ActionsOf{
		Kind: kind, noun: table.Noun(),
		tell: func(ctx context.Context, words text.Words, ids []string, into map[string]told) error {
			page, err := table.List(ctx, call.Everyone("they were found within what the caller may see"), store.Query{
				Where: []store.Cond{store.In("id", ids...)}, Size: len(ids),
			})
			for _, row := range page.Rows {
				a, refused := tell(words, row.Doc)
				a.ResourceId, a.Kind, a.CustomerId, a.CreateTime = row.ID, kind, row.Customer, wire.Time(row.CreatedAt)
				if strings.HasPrefix(row.Correlation, "ord_") {
					a.OrderId = row.Correlation
				}
				into[row.ID] = told{a, refused}
			}
			return err
		},
	}
}

// ShowActions has the service answer what people must see to in it.
func (e *Env) ShowActions(a Actions) { e.actions = a }

// ListActions implements opsv1.OperationsServiceServer.
func (o *operations) ListActions(ctx context.Context, req *opsv1.ListActionsRequest) (*opsv1.ListActionsResponse, error) {
	e, err := o.of(req.GetService())
	if err != nil {
		return nil, err
	}
	asked := e.actions.asked(req)
	scope := call.From(ctx).Scope
	if partner := req.GetPartnerId(); partner != "" {
		scope = call.Partner(partner)
	}
	entries, next, err := e.DB.Agenda(ctx, scope, e.agenda(ctx, asked, req))
	if err != nil {
		return nil, err
	}
	said := map[string]told{}
	for i, of := range append(asked, deadLetters(e)) {
		var ids []string
		for _, entry := range entries {
			if entry.Of == i {
				ids = append(ids, entry.ID)
			}
		}
		if len(ids) > 0 {
			err = errors.Join(err, of.tell(ctx, e.Words(ctx), ids, said))
		}
	}
	if err != nil {
		return nil, err
	}
	resp := &opsv1.ListActionsResponse{NextPageToken: next}
	for _, entry := range entries {
		// One that was written by a newer release cannot be read, and one that was seen to by now waits for nobody.
		if a := e.completed(ctx, said[entry.ID], entry); a.GetWaiting() != nil {
			a.Service = e.Name
			resp.Actions = append(resp.Actions, &opsv1.ListedAction{Action: a, Urgency: entry.Rank, PageToken: entry.Token})
		}
	}
	return resp, nil
}

// asked are the kinds that a request is about.
func (a Actions) asked(req *opsv1.ListActionsRequest) (asked []ActionsOf) {
	for _, of := range a.Of {
		if (len(req.GetKinds()) == 0 || slices.Contains(req.GetKinds(), of.Kind)) &&
			(!req.GetMoneyAtRisk() || of.Money) && (req.GetCutOffBefore() == nil || of.CutOff) {
			asked = append(asked, of)
		}
	}
	return asked
}

// agenda is a request as the store is asked.
func (e *Env) agenda(ctx context.Context, asked []ActionsOf, req *opsv1.ListActionsRequest) store.Agenda {
	ours := []string{wire.Name(typev1.Party_PARTY_RESELLER), wire.Name(typev1.Party_PARTY_PLATFORM)}
	q := store.Agenda{
		Owners: wire.Names(req.GetWaitingOwners()), Customer: req.GetCustomerId(), Escalated: req.GetEscalated(), Waits: !req.GetParked(),
		Size: wire.PageSize(req.GetPageSize()), Token: req.GetPageToken(), Caller: call.From(ctx).KeyOwner,
	}
	switch {
	case len(q.Owners) > 0:
		q.Parked = slices.Contains(req.GetWaitingOwners(), typev1.Party_PARTY_RESELLER)
	case req.GetCutOffBefore() != nil:
		q.Owners = append(ours, wire.Name(typev1.Party_PARTY_CUSTOMER), wire.Name(typev1.Party_PARTY_AWS))
		q.Parked = true
	default:
		q.Owners, q.Others, q.Parked = ours, true, true
	}
	if req.GetOverdue() {
		q.Before = e.Business.Now()
	}
	q.Letters = q.Parked && !e.actions.Dead.IsZero() && !req.GetMoneyAtRisk() && req.GetCutOffBefore() == nil &&
		(len(req.GetKinds()) == 0 || slices.Contains(req.GetKinds(), typev1.ActionKind_ACTION_KIND_DEAD_LETTER))
	for _, of := range asked {
		in := store.AgendaOf{Noun: of.noun, Is: of.Is, Alone: of.Alone, Besides: of.Besides}
		if before := req.GetCutOffBefore(); before != nil {
			in.Is = append(slices.Clone(of.Is), store.Before("cut_off", before.AsTime()))
		}
		q.Of = append(q.Of, in)
	}
	return q
}

// completed says of what is parked, and of what waits for somebody to let a call through, what is to be done. What it waits for by its own
// rules is then the reseller's besides, if it is the reseller's at all.
func (e *Env) completed(ctx context.Context, t told, entry store.Entry) *typev1.Action {
	a, what := t.Action, e.actions.Parked
	if a == nil || !entry.Parked && !t.refused || a.GetKind() == typev1.ActionKind_ACTION_KIND_DEAD_LETTER {
		return a
	}
	if a.Parked = entry.Parked; !a.GetParked() {
		what = e.actions.Refused
	}
	if own := a.GetWaiting(); own.GetOwner() == typev1.Party_PARTY_RESELLER || own.GetOwner() == typev1.Party_PARTY_PLATFORM {
		a.Besides = slices.Insert(a.GetBesides(), 0, own)
	}
	a.Waiting = &typev1.Waiting{Owner: typev1.Party_PARTY_RESELLER, Escalated: true}
	a.Waiting.What, a.Waiting.Where = e.Words(ctx).Instruct(what)
	return a
}
