package main

import (
	"context"
	"fmt"
	"time"

	"example.com/handover/deploy/actors"
	"example.com/handover/deploy/bench/measure"
	"example.com/handover/pkg/id"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// submittersAtOnce is how many callers submit the orders of a slice.
const submittersAtOnce = 8

// downstream measures what a submission costs until its consequences have ended: all-in-one with consumers,
// reconcilers and the simulated AWS, until every order waits for the customer and nothing is left to do; beside it the
// orders service alone until its events are relayed. A slice has a number of orders, whatever its length.
func (b *bench) downstream(ctx context.Context) error {
	return b.scope(ctx, func() error {
		at, err := b.newFolder()
		if err != nil {
			return err
		}
		suite, err := b.newSuite(ctx, at)
		if err != nil {
			return err
		}
		alone, err := b.newSubmitter(ctx, b.servers[0])
		if err != nil {
			return err
		}
		n := b.size.ordersAtOnce
		return b.measure(ctx, measure.Pair{
			Figure:  fmt.Sprintf("Submission to QUERYING, all-in-one, SQLite, %d callers", submittersAtOnce),
			Against: "orders alone, as far as relayed",
			Lines:   []measure.Line{{Unit: "CPU ms each"}, {Unit: "orders/s"}},
			Product: func(ctx context.Context, _ time.Duration) ([]float64, error) {
				ids, err := suite.drafts(ctx, n)
				if err != nil {
					return nil, err
				}
				return worked(n, func() error {
					if err := suite.submitAll(ctx, ids); err != nil {
						return err
					}
					return suite.settled(ctx)
				})
			},
			Yardstick: func(ctx context.Context, _ time.Duration) ([]float64, error) {
				ready, err := alone.drafts.make(ctx, n)
				if err != nil {
					return nil, err
				}
				return worked(n, func() error {
					if err := alone.submitAll(ctx, ready); err != nil {
						return err
					}
					return eventually(ctx, func(ctx context.Context) (string, error) { return alone.busy(ctx, "orders") })
				})
			},
		})
	})
}

// drafts makes orders whose management accounts are at AWS.
func (s *suite) drafts(ctx context.Context, n int) ([]order, error) {
	var out []order
	for range n {
		account, err := s.aws.CreateOrganization(ctx, id.New("root")+"@example.com", nil)
		if err != nil {
			return nil, fmt.Errorf("create organization at AWS: %w", err)
		}
		o := order{account: account}
		if o.id, err = s.draft(ctx, o.account); err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, s.idle(ctx)
}

func (s *fixture) submitAll(ctx context.Context, drafts []order) error {
	_, err := measure.Times(ctx, len(drafts), submittersAtOnce, func(ctx context.Context, i int) error { return s.submit(ctx, drafts[i].id) })
	return err
}

// settled waits until every order waits for the customer and no service has anything left to do.
func (s *suite) settled(ctx context.Context) error {
	return eventually(ctx, func(ctx context.Context) (string, error) {
		left, err := s.busy(ctx, actors.Services()...)
		if left != "" || err != nil {
			return left, err
		}
		return s.notQuerying(ctx)
	})
}

// notQuerying says which order does not wait for the customer.
func (s *fixture) notQuerying(ctx context.Context) (string, error) {
	resp, err := s.Orders.ListOrders(s.operator.In(ctx), &ordersv1.ListOrdersRequest{PageSize: 1, States: []ordersv1.OrderState{
		ordersv1.OrderState_ORDER_STATE_DRAFT, ordersv1.OrderState_ORDER_STATE_PROCESSING, ordersv1.OrderState_ORDER_STATE_FAILED,
	}})
	if err != nil || len(resp.GetOrders()) == 0 {
		return "", err
	}
	o := resp.GetOrders()[0]
	return fmt.Sprintf("order %s is %s", o.GetOrderId(), o.GetState()), nil
}
