package actors

import (
	"context"

	"example.com/handover/pkg/calendar"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// RequestChange orders a change of an agreement.
func (p Person) RequestChange(ctx context.Context, req *ordersv1.RequestChangeRequest) (*ordersv1.RequestChangeResponse, error) {
	return p.Changes.RequestChange(p.Once(ctx), req)
}

// TakeBackChange takes a change back that has not taken effect.
func (p Person) TakeBackChange(ctx context.Context, orderID, reason string) error {
	_, err := p.Changes.TakeBackChange(p.Once(ctx), &ordersv1.TakeBackChangeRequest{OrderId: orderID, Reason: reason})
	return err
}

// AcceptChange accepts a change from a month on; the zero month is the one that was asked for.
func (o Operator) AcceptChange(ctx context.Context, orderID string, from calendar.Month) (*ordersv1.Order, error) {
	req := &ordersv1.ReviewChangeRequest{OrderId: orderID, Outcome: ordersv1.ChangeOutcome_CHANGE_OUTCOME_ACCEPT}
	if !from.IsZero() {
		req.FromMonth = &typev1.Month{Year: int32(from.Year), Month: int32(from.Month)}
	}
	resp, err := o.Changes.ReviewChange(o.Once(ctx), req)
	return resp.GetOrder(), err
}

// RefuseChange refuses a change, with a reason that the customer reads.
func (o Operator) RefuseChange(ctx context.Context, orderID, reason string) error {
	_, err := o.Changes.ReviewChange(o.Once(ctx), &ordersv1.ReviewChangeRequest{
		OrderId: orderID, Outcome: ordersv1.ChangeOutcome_CHANGE_OUTCOME_REFUSE, Reason: reason,
	})
	return err
}
