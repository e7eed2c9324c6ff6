package journey

import (
	"context"
	"fmt"
	"time"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// refuse tries what must not work: the preparer, a foreign customer, and missing terms (ORD-021…023).
func (l *Life) refuse() error {
	stranger, err := l.signIn(actors.PersonOf("stranger", id.New("cus")))
	if err != nil {
		return err
	}
	submit := &ordersv1.SubmitOrderRequest{OrderId: l.orderID, Terms: actors.BothTerms()}
	for _, try := range []struct {
		who    string
		ctx    context.Context
		req    *ordersv1.SubmitOrderRequest
		reason string
	}{
		{"the operator who prepared it", l.asOperator(), submit, "SUBMITTER_IS_PREPARER"},
		{"another customer", stranger.In(l.ctx), submit, "NOT_FOUND"},
		{"the customer without the terms", l.asCustomer(), &ordersv1.SubmitOrderRequest{OrderId: l.orderID}, "TERMS_NOT_ACCEPTED"},
	} {
		_, err := l.Orders.SubmitOrder(try.ctx, try.req)
		if errs.ReasonOf(err) != try.reason {
			return fmt.Errorf("%s: expected %s, got %w", try.who, try.reason, orNothing(err))
		}
		l.print("  %s: refused, %s", try.who, try.reason)
	}
	return nil
}

// submitted accepts the terms and waits until the order says that the customer must act, where and until when.
func submitted(l *Life) error {
	if err := l.Submit(); err != nil {
		return err
	}
	w, err := l.Invited()
	if err != nil {
		return err
	}
	l.print("  the customer must act at %s until %s: %s", w.GetWhere(), w.GetUntilTime().AsTime().Format(time.RFC3339), w.GetWhat())
	return nil
}

// Submit accepts the terms and submits the order as the customer.
func (l *Life) Submit() error {
	order, err := l.customer.SubmitOrder(l.ctx, l.orderID)
	if err != nil {
		return fmt.Errorf("submit: %w", err)
	}
	l.transferID = order.GetTransferId()
	return nil
}

// Invited waits until the order says that the customer must answer the invitation.
func (l *Life) Invited() (*typev1.Waiting, error) {
	order, err := l.await(func(o *ordersv1.Order) bool {
		return o.GetState() == ordersv1.OrderState_ORDER_STATE_QUERYING && o.GetWaiting().GetStepKey() == "accept-invitation"
	})
	if err != nil {
		return nil, fmt.Errorf("wait for the invitation: %w", err)
	}
	w := order.GetWaiting()
	if w.GetOwner() != typev1.Party_PARTY_CUSTOMER || w.GetWhat() == "" || w.GetWhere() == "" || w.GetUntilTime() == nil {
		return nil, fmt.Errorf("the order does not say who must do what, where and until when: %v", w)
	}
	return w, nil
}
