package orders

import (
	"context"
	"strconv"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/orders/internal/agreement"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/termination"
)

type terminationServer struct {
	ordersv1.UnimplementedTerminationServiceServer
	orders   *orderServer // shows and changes them
	reviewIn time.Duration
}

func (s *terminationServer) RequestTermination(
	ctx context.Context, req *ordersv1.RequestTerminationRequest,
) (*ordersv1.RequestTerminationResponse, error) {
	t := s.orders.tables
	return store.Write(ctx, t.db, req, func(tx *store.Tx) (*ordersv1.RequestTerminationResponse, error) {
		scope := tx.Call().Scope
		before, err := t.agreements.GetForUpdate(tx, scope, req.GetAgreementId())
		if err != nil {
			return nil, err
		}
		o, facts := order.NewTermination(
			orNew(req.GetOrderId(), prefixOrder), before.Doc.Ends(), req.GetReason(), s.reviewIn, tx.Call().Actor, tx.Now())
		if _, err := t.agreements.Update(tx, scope, before.ID, "", func(a *agreement.Agreement) ([]fact.Fact, error) {
			return a.OpenTermination(o)
		}); err != nil {
			return nil, err
		}
		row, err := t.orders.Create(tx, o.ID, o, facts...)
		return &ordersv1.RequestTerminationResponse{Order: s.orders.shown(ctx, row)}, orderTaken(err)
	})
}

func (s *terminationServer) ReviewTermination(
	ctx context.Context, req *ordersv1.ReviewTerminationRequest,
) (*ordersv1.ReviewTerminationResponse, error) {
	t := s.orders.tables
	return store.Write(ctx, t.db, req, func(tx *store.Tx) (*ordersv1.ReviewTerminationResponse, error) {
		scope := tx.Call().Scope
		before, err := t.lockOrder(tx, scope, req.GetOrderId(), nothing)
		if err != nil {
			return nil, err
		}
		ends, err := t.agreements.GetForUpdate(tx, agreementOfOrder(), before.Doc.AgreementID)
		if err != nil {
			return nil, err
		}
		row, err := t.changeLocked(tx, scope, before.ID, req.GetEtag(), func(o *order.Order) ([]fact.Fact, error) {
			return order.Review(o, termination.Decision{
				Outcome: termination.Outcome(wire.Name(req.GetOutcome())), Reason: req.GetReason(), DecidedBy: tx.Call().Actor, DecidedAt: tx.Now(),
			}, ends.Doc.Term(), tx.Now())
		})
		return &ordersv1.ReviewTerminationResponse{Order: s.orders.shown(ctx, row)}, err
	})
}

func (s *terminationServer) TakeBackTermination(
	ctx context.Context, req *ordersv1.TakeBackTerminationRequest,
) (*ordersv1.TakeBackTerminationResponse, error) {
	return store.Write(ctx, s.orders.tables.db, req, func(tx *store.Tx) (*ordersv1.TakeBackTerminationResponse, error) {
		row, err := s.orders.change(tx, req.GetOrderId(), req.GetEtag(), func(o *order.Order) ([]fact.Fact, error) {
			return order.TakeBack(o, tx.Call().Actor, req.GetReason(), tx.Now())
		})
		return &ordersv1.TakeBackTerminationResponse{Order: s.orders.shown(ctx, row)}, err
	})
}

func toTermination(words text.Words, t *termination.Termination) *ordersv1.Termination {
	if t == nil {
		return nil
	}
	out := &ordersv1.Termination{
		Reason: t.Reason, Phase: wire.Value[ordersv1.TerminationPhase](string(t.Phase)),
		ActTime: wire.Time(t.ActAt), EndTime: wire.Time(t.EndAt),
		Check: &ordersv1.TermCheck{
			Over: t.Check.Over, TermEndTime: wire.Time(t.Check.TermEnd), ServiceTermEndTime: wire.Time(t.Check.ServiceEnd),
			EarliestEndTime: wire.Time(t.Check.Earliest), ScheduledEndTime: wire.Time(t.Check.Scheduled), TermsDiffer: t.Check.Differ,
		},
	}
	if m := t.FinalInvoice(); !m.IsZero() {
		out.FinalInvoiceMonth = &typev1.Month{Year: int32(m.Year), Month: int32(m.Month)}
	}
	if problem, _, said := t.Problem.Literal(); said {
		out.Problem = problem
	} else if !t.Problem.IsZero() {
		out.Problem = words.Say(t.Problem)
	}
	if d := t.Decision; d.Outcome != "" {
		out.Decision = &ordersv1.TerminationDecision{
			Outcome: wire.Value[ordersv1.TerminationOutcome](string(d.Outcome)), Reason: d.Reason, DecidedBy: wire.Actor(d.DecidedBy),
			DecideTime: wire.Time(d.DecidedAt),
		}
	}
	return out
}

// withoutReasons leaves out what is between the reseller's people, for those who are none of them.
func withoutReasons(scope call.Scope, o *ordersv1.Order) {
	t := o.GetTermination()
	if t == nil || scope.All() {
		return
	}
	t.Problem = ""
	byReseller := o.GetSubmittedBy().GetRole() == optionsv1.Role_ROLE_OPERATOR
	if byReseller {
		t.Reason = ""
	}
	if d := t.GetDecision(); d != nil && (byReseller || d.GetOutcome() != ordersv1.TerminationOutcome_TERMINATION_OUTCOME_REFUSE) {
		d.Reason = ""
	}
}

// endOf is how a connection ends. An etag is the revision.
func endOf(c *accounttransferv1.Connection) order.EndView {
	revision, _ := strconv.ParseInt(c.GetEtag(), 10, 64)
	return order.EndView{
		Revision: revision, Attempt: int(c.GetWithdrawal().GetAttempt()), Phase: wire.Name(c.GetWithdrawal().GetPhase()),
		Problem: c.GetWithdrawal().GetProblem(), Waiting: fromWaiting(c.GetWaiting()), End: wire.FromTime(c.GetEndTime()),
		Ended:     c.GetState() == accounttransferv1.ConnectionState_CONNECTION_STATE_ENDED,
		ByLeaving: c.GetBasis() == accounttransferv1.ConnectionBasis_CONNECTION_BASIS_MEMBERSHIP,
	}
}
