package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"example.com/handover/deploy/bench/measure"
	"example.com/handover/pkg/clock"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// lists measures what a page of orders costs among few and among many orders.
func (b *bench) lists(ctx context.Context) error {
	for _, on := range b.servers {
		if err := b.scope(ctx, func() error { return b.listsOn(ctx, on) }); err != nil {
			return fmt.Errorf("%s: %w", on.name, err)
		}
	}
	return nil
}

func (b *bench) listsOn(ctx context.Context, on server) error {
	many, err := b.newListed(ctx, on, b.size.listed[1])
	if err != nil {
		return err
	}
	few, err := b.newListed(ctx, on, b.size.listed[0])
	if err != nil {
		return err
	}
	for _, q := range questions() {
		if err := many.prepare(ctx, q); err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
		if err := few.prepare(ctx, q); err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
		err := b.measure(ctx, measure.Pair{
			Figure:  fmt.Sprintf("ListOrders of %d, %s, %s", b.size.listed[1], q.name, on.name),
			Against: fmt.Sprintf("the same of %d", b.size.listed[0]),
			Lines:   []measure.Line{{Unit: "p50 ms"}, {Unit: "p99 ms", Goal: measure.AtMost(flat)}},
			Product: many.slice, Yardstick: few.slice,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// question is a page that is asked for again and again.
type question struct {
	name string
	req  *ordersv1.ListOrdersRequest
	deep bool // the page is in the middle of the list
}

func questions() []question {
	waiting, urgent := []typev1.Party{typev1.Party_PARTY_RESELLER}, typev1.SortOrder_SORT_ORDER_URGENCY
	querying, draft := ordersv1.OrderState_ORDER_STATE_QUERYING, ordersv1.OrderState_ORDER_STATE_DRAFT
	return []question{
		{name: "first page", req: &ordersv1.ListOrdersRequest{}},
		{name: "deep page", req: &ordersv1.ListOrdersRequest{}, deep: true},
		{name: "last changed", req: &ordersv1.ListOrdersRequest{OrderBy: typev1.SortOrder_SORT_ORDER_UPDATE_TIME_DESC}},
		{name: "most urgent", req: &ordersv1.ListOrdersRequest{OrderBy: urgent}},
		{name: "of a customer", req: &ordersv1.ListOrdersRequest{CustomerId: customerNumber(3)}},
		{name: "in a state", req: &ordersv1.ListOrdersRequest{States: []ordersv1.OrderState{querying}}},
		{name: "in two states, deep", req: &ordersv1.ListOrdersRequest{States: []ordersv1.OrderState{querying, draft}}, deep: true},
		{name: "waiting for an owner", req: &ordersv1.ListOrdersRequest{WaitingOwners: waiting, OrderBy: urgent}},
		{name: "by a name", req: &ordersv1.ListOrdersRequest{CustomerNamePrefix: nameNumber(3)}},
	}
}

// prepare makes the question the next one, and finds the middle of its list where that is asked for.
func (l *listed) prepare(ctx context.Context, q question) error {
	l.asked = &ordersv1.ListOrdersRequest{
		OrderBy: q.req.GetOrderBy(), CustomerId: q.req.GetCustomerId(), States: q.req.GetStates(), WaitingOwners: q.req.GetWaitingOwners(),
		CustomerNamePrefix: q.req.GetCustomerNamePrefix(), PageSize: pageOfLists,
	}
	if !q.deep {
		return nil
	}
	var tokens []string
	for {
		page, err := l.Orders.ListOrders(l.operator.In(ctx), l.asked)
		if err != nil {
			return err
		}
		if l.asked.PageToken = page.GetNextPageToken(); l.asked.GetPageToken() == "" {
			break
		}
		tokens = append(tokens, l.asked.GetPageToken())
	}
	if len(tokens) == 0 {
		return fmt.Errorf("the list has one page")
	}
	l.asked.PageToken = tokens[len(tokens)/2]
	return nil
}

// pageOfLists is how many a page has by default.
const pageOfLists = 50

// slice asks for the page, one call after another.
func (l *listed) slice(ctx context.Context, length time.Duration) ([]float64, error) {
	var took []time.Duration
	for until := (clock.Machine{}).Now().Add(length); (clock.Machine{}).Now() < until; {
		began := clock.Machine{}.Now()
		page, err := l.Orders.ListOrders(l.operator.In(ctx), l.asked)
		if err != nil {
			return nil, err
		}
		took = append(took, clock.Machine{}.Now().Sub(began))
		if len(page.GetOrders()) != pageOfLists {
			return nil, fmt.Errorf("the page has %d orders, not %d", len(page.GetOrders()), pageOfLists)
		}
	}
	slices.Sort(took)
	return []float64{measure.Quantile(took, 0.5), measure.Quantile(took, 0.99)}, nil
}
