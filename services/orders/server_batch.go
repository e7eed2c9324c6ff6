package orders

import (
	"context"

	"example.com/handover/pkg/kit"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

func (s *orderServer) BatchCreateOrders(
	ctx context.Context, req *ordersv1.BatchCreateOrdersRequest,
) (*ordersv1.BatchCreateOrdersResponse, error) {
	for _, entry := range req.GetRequests() {
		entry.ValidateOnly = entry.GetValidateOnly() || req.GetValidateOnly()
	}
	resp := &ordersv1.BatchCreateOrdersResponse{}
	err := kit.Batch(ctx, s.env, req.GetRequests(), s.CreateOrder, func(r *typev1.BatchResult, made *ordersv1.CreateOrderResponse) {
		resp.Entries = append(resp.Entries, entryOf(r, made))
	})
	return resp, err
}

func (s *orderServer) BatchSendOrders(
	ctx context.Context, req *ordersv1.BatchSendOrdersRequest,
) (*ordersv1.BatchSendOrdersResponse, error) {
	for _, entry := range req.GetRequests() {
		entry.ValidateOnly = entry.GetValidateOnly() || req.GetValidateOnly()
	}
	resp := &ordersv1.BatchSendOrdersResponse{}
	err := kit.Batch(ctx, s.env, req.GetRequests(), s.SendOrder, func(r *typev1.BatchResult, sent *ordersv1.SendOrderResponse) {
		resp.Entries = append(resp.Entries, entryOf(r, sent))
	})
	return resp, err
}

// changed is the answer of every verb of an order.
type changed interface {
	GetOrder() *ordersv1.Order
	GetEvents() []*typev1.Event
	GetMails() []*ordersv1.OrderMail
}

func entryOf(r *typev1.BatchResult, answer changed) *ordersv1.BatchOrder {
	out := &ordersv1.BatchOrder{Result: r}
	if r.GetCode() == 0 {
		out.Order, out.Events, out.Mails = answer.GetOrder(), answer.GetEvents(), answer.GetMails()
		r.ResourceId = out.GetOrder().GetOrderId()
	}
	return out
}
