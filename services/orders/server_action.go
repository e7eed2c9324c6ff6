package orders

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/orders/internal/agenda"
	"example.com/handover/services/orders/internal/agreement"
	"example.com/handover/services/orders/internal/order"
)

// actions is what the reseller's people must see to at orders and agreements. What a transfer, or what binds an account, waits for is
// listed by AccountTransfer.
func actions(t *tables) kit.Actions {
	of := func(kind typev1.ActionKind, ofType order.Type) kit.ActionsOf {
		a := kit.ActionsIn(kind, t.orders, func(w text.Words, o *order.Order) (*typev1.Action, bool) {
			return &typev1.Action{
				OrderId: o.ID, TransferId: o.TransferID, AccountId: o.ManagementAccountID, Waiting: toWaiting(w, order.Todo(o)),
				CutOffTime: wire.Time(order.CutOff(o)),
			}, o.Intents.Refused()
		})
		a.Is, a.Alone, a.CutOff = []store.Cond{store.Eq("type", string(ofType))}, []store.Cond{store.Eq("own_wait", true)}, true
		return a
	}
	return kit.Actions{Parked: text.New("wait.parked"), Dead: text.New("wait.dead_letter"),
		Refused: text.New("wait.refused"), Of: []kit.ActionsOf{
			of(typev1.ActionKind_ACTION_KIND_ORDER, order.Purchase),
			of(typev1.ActionKind_ACTION_KIND_TERMINATION, order.Termination),
			of(typev1.ActionKind_ACTION_KIND_CHANGE, order.Change),
			kit.ActionsIn(typev1.ActionKind_ACTION_KIND_AGREEMENT, t.agreements, func(_ text.Words, a *agreement.Agreement) (*typev1.Action, bool) {
				return &typev1.Action{AccountId: a.ManagementAccountID}, a.Intents.Refused()
			}),
		}}
}

// answerIn is how long a service has to answer before the list goes on without it.
const answerIn = 5 * time.Second

// everywhere are the services that are asked for a part of an answer.
type everywhere struct {
	sources []string
	conn    func(service string) grpc.ClientConnInterface
}

// ask asks every service at once. One that cannot be asked, because it does not answer, has too much to do, fails, is not deployed, or is
// of a release that does not know the question, is named instead of hiding the others; one that refuses refuses the whole.
func ask[T any](ctx context.Context, e everywhere, part func(context.Context, string, grpc.ClientConnInterface) (T, error)) (
	parts map[string]T, missing []string, err error,
) {
	answers, failures := make([]T, len(e.sources)), make([]error, len(e.sources))
	var asked sync.WaitGroup
	for i, service := range e.sources {
		asked.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, answerIn)
			defer cancel()
			answers[i], failures[i] = part(ctx, service, e.conn(service))
		})
	}
	asked.Wait()
	parts = map[string]T{}
	for i, service := range e.sources {
		switch {
		case failures[i] == nil:
			parts[service] = answers[i]
		case absent(failures[i]):
			missing = append(missing, service)
		default:
			return nil, nil, failures[i]
		}
	}
	return parts, missing, nil
}

// absent reports whether a service cannot be asked now.
func absent(err error) bool {
	switch errs.KindOf(err) {
	case errs.Unavailable, errs.Deadline, errs.Unimplemented, errs.Internal, errs.Exhausted:
		return err != nil
	default:
		return errs.ReasonOf(err) == "SERVICE_UNKNOWN"
	}
}

type actionServer struct {
	ordersv1.UnimplementedActionServiceServer
	everywhere
}

// ListActions asks every service on behalf of the caller for as much as one page holds, and shows the most urgent of it. The list
// does not end before a service that was cut off has shown the rest: when nothing else is left, that is to be asked for later.
func (s *actionServer) ListActions(ctx context.Context, req *ordersv1.ListActionsRequest) (*ordersv1.ListActionsResponse, error) {
	from, err := agenda.Read(req.GetPageToken())
	if err != nil {
		return nil, err
	}
	size := wire.PageSize(req.GetPageSize())
	pages, missing, err := ask(ctx, s.everywhere,
		func(ctx context.Context, service string, conn grpc.ClientConnInterface) (agenda.Page[*typev1.Action], error) {
			found, err := opsv1.NewOperationsServiceClient(conn).ListActions(ctx, &opsv1.ListActionsRequest{
				Service: service, CustomerId: req.GetCustomerId(), PartnerId: req.GetPartnerId(), Kinds: req.GetKinds(),
				WaitingOwners: req.GetWaitingOwners(), Escalated: req.GetEscalated(), Parked: req.GetParked(), Overdue: req.GetOverdue(),
				MoneyAtRisk: req.GetMoneyAtRisk(), CutOffBefore: req.GetCutOffBefore(), PageSize: int32(size), PageToken: from[service].Token,
			})
			page := agenda.Page[*typev1.Action]{Next: found.GetNextPageToken()}
			for _, a := range found.GetActions() {
				page.Entries = append(page.Entries, agenda.Entry[*typev1.Action]{
					Urgency: a.GetUrgency(), ID: a.GetAction().GetResourceId(), Token: a.GetPageToken(), Doc: a.GetAction(),
				})
			}
			return page, err
		})
	if err != nil {
		return nil, err
	}
	page, next, more := agenda.Merge(pages, from, size)
	goesOn := func(service string) bool { _, answered := pages[service]; return answered && next[service].More }
	if more && len(page) == 0 && !slices.ContainsFunc(s.sources, goesOn) {
		return nil, errs.New(errs.Unavailable, "UNAVAILABLE", "%s cannot be asked for the rest", strings.Join(missing, ", "))
	}
	resp := &ordersv1.ListActionsResponse{Actions: page, MissingServices: missing}
	if more {
		resp.NextPageToken, err = next.Write()
	}
	return resp, err
}
