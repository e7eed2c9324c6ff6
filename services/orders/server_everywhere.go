package orders

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"

	"example.com/handover/pkg/call"
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
	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/party"
	"example.com/handover/services/orders/internal/search"
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
	return kit.Actions{
		Parked: text.New("wait.parked"), Dead: text.New("wait.dead_letter"),
		Refused: text.New("wait.refused"), Of: []kit.ActionsOf{
			of(typev1.ActionKind_ACTION_KIND_ORDER, order.Purchase),
			of(typev1.ActionKind_ACTION_KIND_TERMINATION, order.Termination),
			of(typev1.ActionKind_ACTION_KIND_CHANGE, order.Change),
			kit.ActionsIn(typev1.ActionKind_ACTION_KIND_AGREEMENT, t.agreements, func(_ text.Words, a *agreement.Agreement) (*typev1.Action, bool) {
				return &typev1.Action{AccountId: a.ManagementAccountID}, a.Intents.Refused()
			}),
		},
	}
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

// found are what people find by a name, a mail address, an account, or their own id of it.
func found(t *tables) []kit.Found {
	const (
		byAccount  = typev1.MatchedBy_MATCHED_BY_ACCOUNT_ID
		byExternal = typev1.MatchedBy_MATCHED_BY_EXTERNAL_ID
	)
	customers := kit.FoundIn(typev1.HitKind_HIT_KIND_CUSTOMER, t.customers, func(_ text.Words, c *party.Customer) *typev1.Hit {
		return &typev1.Hit{Title: c.DisplayName, CustomerId: c.ID}
	})
	customers.By = map[typev1.MatchedBy]kit.Sought{
		byExternal: kit.ByColumn("external_id"),
		typev1.MatchedBy_MATCHED_BY_COMPANY_NAME: func(value string) store.Query {
			return store.Query{Where: wire.NameBegins(nameKey, value), OrderBy: nameKey}
		},
	}
	persons := kit.FoundIn(typev1.HitKind_HIT_KIND_PERSON, t.persons, func(text.Words, *party.Person) *typev1.Hit { return &typev1.Hit{} })
	persons.By = map[typev1.MatchedBy]kit.Sought{typev1.MatchedBy_MATCHED_BY_MAIL_ADDRESS: kit.ByColumn("address")}
	orders := kit.FoundIn(typev1.HitKind_HIT_KIND_ORDER, t.orders, func(_ text.Words, o *order.Order) *typev1.Hit {
		return &typev1.Hit{
			Title: catalogue.NameOf(o.ProductID), AccountId: cmp.Or(o.SourceAccountID, o.ManagementAccountID), State: string(o.State),
			OrderId: o.ID, AgreementId: o.AgreementID, TransferId: o.TransferID,
		}
	})
	agreements := kit.FoundIn(typev1.HitKind_HIT_KIND_AGREEMENT, t.agreements, func(_ text.Words, a *agreement.Agreement) *typev1.Hit {
		return &typev1.Hit{
			Title: catalogue.NameOf(a.ProductID), AccountId: a.ManagementAccountID, State: string(a.State), OrderId: a.OrderID, AgreementId: a.ID,
			TransferId: a.TransferID, ConnectionId: a.Connection.ID,
		}
	})
	orders.By = map[typev1.MatchedBy]kit.Sought{byAccount: kit.ByWord(byAccount), byExternal: kit.ByColumn("external_id")}
	agreements.By = maps.Clone(orders.By)
	agreements.By[typev1.MatchedBy_MATCHED_BY_ID] = kit.ByWord(typev1.MatchedBy_MATCHED_BY_ID) // of a subscription
	return []kit.Found{customers, persons, orders, agreements}
}

type searchServer struct {
	ordersv1.UnimplementedSearchServiceServer
	everywhere
	tables *tables
}

// Search asks, on behalf of the caller, the services that may know what the text may be.
func (s *searchServer) Search(ctx context.Context, req *ordersv1.SearchRequest) (*ordersv1.SearchResponse, error) {
	tokens, err := search.Read(req.GetQuery())
	if err != nil {
		return nil, err
	}
	resp, asks := &ordersv1.SearchResponse{}, map[string][]*opsv1.SearchToken{}
	for _, t := range tokens {
		by := wire.Value[typev1.MatchedBy](string(t.By))
		if !slices.Contains(resp.GetLookedFor(), by) {
			resp.LookedFor = append(resp.LookedFor, by)
		}
		for _, service := range s.sources {
			if search.Asks(service, t) {
				asks[service] = append(asks[service], &opsv1.SearchToken{By: by, Value: t.Value})
			}
		}
		if p, err := catalogue.Find(t.Value); err == nil && t.By == search.ProductID && req.GetCustomerId() == "" {
			resp.Hits = append(resp.Hits, &typev1.Hit{
				ResourceId: p.ID, Kind: typev1.HitKind_HIT_KIND_PRODUCT, MatchedBy: by, Title: p.DisplayName, Service: name,
			})
		}
	}
	if err := s.found(ctx, asks, req.GetCustomerId(), resp); err != nil {
		return nil, err
	}
	slices.SortStableFunc(resp.GetHits(), func(a, b *typev1.Hit) int { return cmp.Compare(a.GetKind(), b.GetKind()) })
	if len(resp.GetHits()) > mostHits {
		resp.Hits, resp.More = resp.GetHits()[:mostHits], true
	}
	return resp, s.tables.lead(ctx, resp.GetHits())
}

// mostHits is how much a search shows: more than anybody reads.
const mostHits = 200

// found adds what the services answer that are asked something.
func (s *searchServer) found(
	ctx context.Context, asks map[string][]*opsv1.SearchToken, customerID string, resp *ordersv1.SearchResponse,
) error {
	some := everywhere{conn: s.conn}
	for _, service := range s.sources {
		if len(asks[service]) > 0 {
			some.sources = append(some.sources, service)
		}
	}
	parts, missing, err := ask(ctx, some,
		func(ctx context.Context, service string, conn grpc.ClientConnInterface) (*opsv1.SearchResponse, error) {
			return opsv1.NewOperationsServiceClient(conn).Search(ctx, &opsv1.SearchRequest{
				Service: service, Tokens: asks[service], CustomerId: customerID,
			})
		})
	resp.MissingServices = missing
	for _, service := range some.sources {
		resp.Hits, resp.More = append(resp.Hits, parts[service].GetHits()...), resp.GetMore() || parts[service].GetMore()
	}
	return err
}

// lead adds to each hit the name of its customer, and to a customer and its people the newest order, as far as the caller may see them.
func (t *tables) lead(ctx context.Context, hits []*typev1.Hit) error {
	scope, ids, newest := call.From(ctx).Scope, map[string]bool{}, map[string]*order.Order{}
	for _, hit := range hits {
		ids[hit.GetCustomerId()] = true
		if leadsOn(hit) {
			newest[hit.GetCustomerId()] = nil
		}
	}
	if delete(ids, ""); len(ids) == 0 {
		return nil
	}
	page, err := t.customers.List(ctx, scope, store.Query{
		Where: []store.Cond{store.In("id", slices.Collect(maps.Keys(ids))...)}, Size: mostHits,
	})
	names := map[string]string{}
	for _, row := range page.Rows {
		names[row.ID] = row.Doc.DisplayName
	}
	for customer := range newest {
		of := store.Query{Where: []store.Cond{store.Eq("customer", customer)}, OrderBy: "created_at", Desc: true, Size: 1}
		found, failed := t.orders.List(ctx, scope, of)
		err = errors.Join(err, failed)
		for _, row := range found.Rows {
			newest[customer] = row.Doc
		}
	}
	for _, hit := range hits {
		hit.CustomerName = names[hit.GetCustomerId()]
		if o := newest[hit.GetCustomerId()]; o != nil && leadsOn(hit) {
			hit.OrderId, hit.AgreementId, hit.TransferId = o.ID, o.AgreementID, o.TransferID
		}
	}
	return err
}

// leadsOn reports whether a hit is a customer or one of its people, who belong to no order.
func leadsOn(hit *typev1.Hit) bool {
	return hit.GetKind() == typev1.HitKind_HIT_KIND_CUSTOMER || hit.GetKind() == typev1.HitKind_HIT_KIND_PERSON
}
