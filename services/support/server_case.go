package support

import (
	"context"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	"example.com/handover/services/support/internal/cases"
)

type caseServer struct {
	supportv1.UnimplementedCaseServiceServer
	tables *tables
	words  func(context.Context) text.Words
}

func (s *caseServer) OpenCase(ctx context.Context, req *supportv1.OpenCaseRequest) (*supportv1.OpenCaseResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*supportv1.OpenCaseResponse, error) {
		o := fromOpening(req).By(tx.Call().Actor)
		if o.ID == "" {
			o.ID = id.New(prefixCase)
		}
		k, facts, err := cases.OpenCase(o, tx.Call().Actor, tx.Now())
		if err != nil {
			return nil, err
		}
		there, err := visible(tx.Call().Scope)(s.tables.cases.GetTx(tx, tx.Call().Scope, o.ID))
		switch {
		case err == nil && there.Doc.OpenedAs(o):
			return &supportv1.OpenCaseResponse{Case: s.shown(ctx)(there)}, nil
		case err != nil && errs.KindOf(err) != errs.NotFound:
			return nil, err
		}
		row, err := s.tables.cases.Create(tx, k.ID, k, facts...) // refuses an id that is taken
		return &supportv1.OpenCaseResponse{Case: s.shown(ctx)(row)}, wire.Taken(err, "customer_audience_external_id", "external_id")
	})
}

func (s *caseServer) GetCase(ctx context.Context, req *supportv1.GetCaseRequest) (*supportv1.GetCaseResponse, error) {
	scope := call.From(ctx).Scope
	row, err := visible(scope)(s.tables.cases.Get(ctx, scope, req.GetCaseId()))
	if err != nil {
		return nil, err
	}
	return &supportv1.GetCaseResponse{Case: s.shown(ctx)(row)}, nil
}

func (s *caseServer) ListCases(ctx context.Context, req *supportv1.ListCasesRequest) (*supportv1.ListCasesResponse, error) {
	q := wire.Filter(wire.Query(ctx, req), "customer", req.GetCustomerId())
	q = wire.Filter(q, "correlation", req.GetCorrelation())
	q = wire.Filter(q, "audience", wire.Name(req.GetAudience()))
	q = wire.Labelled(wire.Filter(q, "external_id", req.GetExternalId()), req.GetLabels())
	q, err := wire.Attention{
		WaitingOwners: wire.Names(req.GetWaitingOwners()), Escalated: req.GetEscalated(), Parked: req.GetParked(),
	}.Add(ctx, q)
	if err != nil {
		return nil, err
	}
	if len(req.GetStates()) > 0 {
		q.Where = append(q.Where, store.In("state", wire.Names(req.GetStates())...))
	}
	if len(req.GetKinds()) > 0 {
		q.Where = append(q.Where, store.In("kind", wire.Names(req.GetKinds())...))
	}
	scope := call.From(ctx).Scope
	if !scope.All() {
		q.Where = append(q.Where, store.Eq("audience", cases.ForCustomer))
	}
	page, err := s.tables.cases.List(ctx, scope, q)
	if err != nil {
		return nil, err
	}
	return &supportv1.ListCasesResponse{Cases: wire.Rows(page.Rows, s.shown(ctx)), NextPageToken: page.Next}, nil
}

func (s *caseServer) CommentCase(ctx context.Context, req *supportv1.CommentCaseRequest) (*supportv1.CommentCaseResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*supportv1.CommentCaseResponse, error) {
		row, err := s.change(tx, req, func(k *cases.Case) ([]fact.Fact, error) {
			return k.Say(id.New(prefixComment), req.GetText(), tx.Call().Actor, tx.Now())
		})
		return &supportv1.CommentCaseResponse{Case: s.shown(ctx)(row)}, err
	})
}

func (s *caseServer) ResolveCase(ctx context.Context, req *supportv1.ResolveCaseRequest) (*supportv1.ResolveCaseResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*supportv1.ResolveCaseResponse, error) {
		row, err := s.change(tx, req, func(k *cases.Case) ([]fact.Fact, error) {
			return k.AskResolve(req.GetNotes(), tx.Call().Actor, tx.Now())
		})
		return &supportv1.ResolveCaseResponse{Case: s.shown(ctx)(row)}, err
	})
}

// shown converts a case for the caller.
func (s *caseServer) shown(ctx context.Context) func(store.Row[cases.Case]) *supportv1.Case {
	words := s.words(ctx)
	return func(row store.Row[cases.Case]) *supportv1.Case { return toCase(words, row) }
}

// verb is what every request that changes a case has.
type verb interface {
	GetCaseId() string
	GetEtag() string
}

// change decides within what the caller may see.
func (s *caseServer) change(tx *store.Tx, req verb, decide func(*cases.Case) ([]fact.Fact, error)) (store.Row[cases.Case], error) {
	scope := tx.Call().Scope
	if row, err := visible(scope)(s.tables.cases.GetTx(tx, scope, req.GetCaseId())); err != nil {
		return row, err
	}
	return s.tables.cases.Update(tx, scope, req.GetCaseId(), req.GetEtag(), decide)
}

// visible hides the reseller's own issues from customers, also where they are about them: such a case is found nowhere.
func visible(scope call.Scope) func(store.Row[cases.Case], error) (store.Row[cases.Case], error) {
	return func(row store.Row[cases.Case], err error) (store.Row[cases.Case], error) {
		if err == nil && !scope.All() && row.Doc.Audience != cases.ForCustomer {
			return store.Row[cases.Case]{}, errs.New(errs.NotFound, "NOT_FOUND", "there is no case %q", row.ID)
		}
		return row, err
	}
}
