package journey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.com/handover/pkg/errs"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// waitLimit is how long a state is waited for, in machine time: what takes a second on an idle machine may take minutes on a
// busy one whose certificates are being replaced.
const waitLimit = 5 * time.Minute

// await watches the order until it is as expected. A watch that is cut off is taken up again at the last revision.
func (l *Life) await(expected func(*ordersv1.Order) bool) (*ordersv1.Order, error) {
	ctx, cancel := context.WithTimeout(l.asCustomer(), waitLimit)
	defer cancel()
	var last *ordersv1.Order
	for revision := int64(0); ; {
		order, err := l.watch(ctx, &revision, expected)
		if order != nil {
			last = order
		}
		switch {
		case err == nil:
			return order, nil
		case ctx.Err() != nil:
			return nil, fmt.Errorf("order %s is %s, waiting for %q: %w", l.orderID, last.GetState(), last.GetWaiting().GetStepKey(), ctx.Err())
		case errs.KindOf(err) != errs.Unavailable:
			return nil, err
		}
	}
}

func (l *Life) watch(ctx context.Context, revision *int64, expected func(*ordersv1.Order) bool) (last *ordersv1.Order, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := l.Orders.WatchOrder(ctx, &ordersv1.WatchOrderRequest{OrderId: l.orderID, AfterRevision: *revision})
	if err != nil {
		return nil, err
	}
	for {
		m, err := stream.Recv()
		if err != nil {
			return last, err
		}
		last, *revision = m.GetOrder(), m.GetRevision()
		if expected(last) {
			return last, nil
		}
		if s := last.GetState(); s == ordersv1.OrderState_ORDER_STATE_FAILED || s == ordersv1.OrderState_ORDER_STATE_DELETED {
			return last, fmt.Errorf("the order ended as %s: %s", s, last.GetFailure().GetMessage())
		}
	}
}

var errNothing = errors.New("no refusal at all")

// orNothing makes an expected refusal that did not come an error that can be shown.
func orNothing(err error) error {
	if err == nil {
		return errNothing
	}
	return err
}
