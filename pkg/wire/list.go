package wire

import (
	"context"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// DefaultPageSize is how many entries a page has when none is asked for. The contract's maximum is 500.
const DefaultPageSize = 50

// ListRequest is what every list request of the contract has.
type ListRequest interface {
	GetOrderBy() typev1.SortOrder
	GetPageSize() int32
	GetPageToken() string
}

// Query starts the store's query of a list request: order, size, token, and the caller that the token is bound to.
func Query(ctx context.Context, req ListRequest) store.Query {
	column, descending := Sort(req.GetOrderBy())
	return store.Query{
		OrderBy: column, Desc: descending, Size: PageSize(req.GetPageSize()), Token: req.GetPageToken(),
		Caller: call.From(ctx).KeyOwner,
	}
}

// PageSize is the size that was asked for, or the default.
func PageSize(asked int32) int {
	if asked == 0 {
		return DefaultPageSize
	}
	return int(asked)
}

// Filter adds an equality; an empty value filters nothing.
func Filter(q store.Query, column, value string) store.Query {
	if value != "" {
		q.Where = append(q.Where, store.Eq(column, value))
	}
	return q
}

// Attention is what a list can be asked for of those that need somebody; the zero value asks for nothing.
type Attention struct {
	WaitingOwners []string // who must act: any of these
	Escalated     bool     // only what was escalated; for the reseller's people
	Parked        bool     // only what failed too often and waits to be released; for the reseller's people
}

// Add narrows a query. Who sees some customers alone is refused what is the reseller's matter, with FILTER_DENIED.
func (a Attention) Add(ctx context.Context, q store.Query) (store.Query, error) {
	if (a.Escalated || a.Parked) && !call.From(ctx).Scope.All() {
		return q, errs.New(errs.Denied, "FILTER_DENIED", "what was escalated or parked is for the reseller's people to ask for")
	}
	if len(a.WaitingOwners) > 0 {
		q.Where = append(q.Where, store.WaitingFor(a.WaitingOwners...)...)
	}
	if a.Escalated {
		q.Where = append(q.Where, store.Escalated())
	}
	if a.Parked {
		q.Where = append(q.Where, store.Parked())
	}
	return q, nil
}

// Rows maps a page of rows to messages.
func Rows[T, M any](rows []store.Row[T], to func(store.Row[T]) M) []M {
	out := make([]M, 0, len(rows))
	for _, r := range rows {
		out = append(out, to(r))
	}
	return out
}
