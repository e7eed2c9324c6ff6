package kit

import (
	"context"
	"slices"
	"strings"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// Found are the rows of a table that OperationsService.Search finds: by their own ids, and by what else is said here.
type Found struct {
	By    map[typev1.MatchedBy]Sought
	Only  []store.Cond       // which of them a customer or a partner may find; none: all that it sees
	Inner []typev1.MatchedBy // by what the reseller's people alone find them
	Ours  bool               // for whom it waits is told to the reseller's people alone

	ids  string
	plan func(ctx context.Context, q store.Query) ([]string, error)
	find func(ctx context.Context, words text.Words, q store.Query) (hits []*typev1.Hit, more bool, err error)
}

// Sought says which rows are found by a value, and in what order; without a condition none is. An index has them.
type Sought func(value string) store.Query

// ByColumn finds what has the value in a column, the newest first.
func ByColumn(name string) Sought {
	return func(value string) store.Query { return newest(store.Eq(name, value)) }
}

// ByWord finds what has the value among its words, the newest first.
func ByWord(by typev1.MatchedBy) Sought {
	return func(value string) store.Query { return newest(store.Worded(wire.Word(by, value))) }
}

// ByAnother finds what another table of the service names where it has the value in a column, the newest first.
func ByAnother(column, table, of, name string) Sought {
	return func(value string) store.Query { return newest(store.AmongOf(column, table, of, store.Eq(name, value))) }
}

func newest(where store.Cond) store.Query { return store.Query{Where: []store.Cond{where}, Desc: true} }

// shownOf is how many things of a kind are shown that were found by the same.
const shownOf = 20

// FoundIn are the rows of a table that a search finds, with what is said of one besides id, customer, age, who must act and the order that
// began it, which its row says.
func FoundIn[T any](kind typev1.HitKind, table *store.Table[T], tell func(text.Words, *T) *typev1.Hit) Found {
	find := func(ctx context.Context, words text.Words, q store.Query) (hits []*typev1.Hit, more bool, err error) {
		page, err := table.List(ctx, call.From(ctx).Scope, q)
		for _, row := range page.Rows {
			hit := tell(words, row.Doc)
			hit.ResourceId, hit.Kind, hit.CustomerId, hit.CreateTime = row.ID, kind, row.Customer, wire.Time(row.CreatedAt)
			hit.WaitingOwner = wire.Value[typev1.Party](table.Waiting(row).Owner)
			if row.Parked {
				hit.WaitingOwner = typev1.Party_PARTY_RESELLER
			}
			if hit.GetOrderId() == "" && strings.HasPrefix(row.Correlation, "ord_") {
				hit.OrderId = row.Correlation
			}
			hits = append(hits, hit)
		}
		return hits, page.Next != "", err
	}
	plan := func(ctx context.Context, q store.Query) ([]string, error) {
		return table.Plan(ctx, call.From(ctx).Scope, q)
	}
	return Found{ids: table.Prefix(), plan: plan, find: find}
}

// ShowFound has the service answer searches.
func (e *Env) ShowFound(found ...Found) { e.found = found }

// Search implements opsv1.OperationsServiceServer.
func (o *operations) Search(ctx context.Context, req *opsv1.SearchRequest) (*opsv1.SearchResponse, error) {
	e, err := o.of(req.GetService())
	if err != nil {
		return nil, err
	}
	resp, seen, scope := &opsv1.SearchResponse{}, map[string]bool{}, call.From(ctx).Scope
	for _, f := range e.found {
		for _, token := range req.GetTokens() {
			q := f.query(token, scope)
			if q.Where == nil {
				continue
			}
			if req.GetCustomerId() != "" {
				q.Where = append(q.Where, store.Eq("customer", req.GetCustomerId()))
			}
			hits, more, err := f.find(ctx, e.Words(ctx), q)
			if err != nil {
				return nil, err
			}
			resp.More = resp.GetMore() || more
			for _, hit := range hits {
				if seen[hit.GetResourceId()] {
					continue
				}
				seen[hit.GetResourceId()], hit.Service, hit.MatchedBy = true, e.Name, token.GetBy()
				if f.Ours && !scope.All() {
					hit.WaitingOwner = typev1.Party_PARTY_UNSPECIFIED
				}
				resp.Hits = append(resp.Hits, hit)
			}
		}
	}
	return resp, nil
}

// query finds the rows that somebody finds by a token; without a condition none is.
func (f Found) query(token *opsv1.SearchToken, scope call.Scope) (q store.Query) {
	by, value := token.GetBy(), token.GetValue()
	switch {
	case !scope.All() && slices.Contains(f.Inner, by):
		return q
	case by == typev1.MatchedBy_MATCHED_BY_ID && id.Valid(f.ids, value):
		q = ByColumn("id")(value)
	case f.By[by] != nil:
		q = f.By[by](value)
	}
	if q.Where != nil && !scope.All() {
		q.Where = append(q.Where, f.Only...)
	}
	q.Size = shownOf
	return q
}

// PlanSearches says how SQLite reads the rows for each search, by what is searched for: for tests of indexes.
func (e *Env) PlanSearches(ctx context.Context) (map[string][]string, error) {
	plans := map[string][]string{}
	for _, f := range e.found {
		for number, by := range typev1.MatchedBy_name {
			token := &opsv1.SearchToken{By: typev1.MatchedBy(number), Value: "x"}
			if token.GetBy() == typev1.MatchedBy_MATCHED_BY_ID {
				token.Value = id.New(f.ids)
			}
			q := f.query(token, call.From(ctx).Scope)
			if q.Where == nil {
				continue
			}
			plan, err := f.plan(ctx, q)
			if err != nil {
				return nil, err
			}
			plans[f.ids+" "+by] = plan
		}
	}
	return plans, nil
}
