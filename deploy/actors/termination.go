package actors

import (
	"context"

	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// RequestTermination orders the end of an agreement.
func (p Person) RequestTermination(ctx context.Context, agreementID, reason string) (*ordersv1.Order, error) {
	resp, err := p.Endings.RequestTermination(p.Once(ctx), &ordersv1.RequestTerminationRequest{AgreementId: agreementID, Reason: reason})
	return resp.GetOrder(), err
}

// PreviewTermination asks what the minimum term says of an end, and orders none.
func (p Person) PreviewTermination(ctx context.Context, agreementID string) (*ordersv1.Order, error) {
	resp, err := p.Endings.RequestTermination(p.Once(ctx), &ordersv1.RequestTerminationRequest{
		AgreementId: agreementID, Reason: "A preview.", ValidateOnly: true,
	})
	return resp.GetOrder(), err
}

// TakeBackTermination takes a termination back that is not carried out.
func (p Person) TakeBackTermination(ctx context.Context, orderID, reason string) error {
	_, err := p.Endings.TakeBackTermination(p.Once(ctx), &ordersv1.TakeBackTerminationRequest{OrderId: orderID, Reason: reason})
	return err
}

// ReviewTermination decides on a termination.
func (o Operator) ReviewTermination(
	ctx context.Context, orderID string, outcome ordersv1.TerminationOutcome, reason string,
) (*ordersv1.Order, error) {
	resp, err := o.Endings.ReviewTermination(o.Once(ctx), &ordersv1.ReviewTerminationRequest{
		OrderId: orderID, Outcome: outcome, Reason: reason,
	})
	return resp.GetOrder(), err
}
