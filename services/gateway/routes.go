package gateway

import (
	"context"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"

	transferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

// routes is one line per proto service: who serves it, and its generated registration.
func routes() []route {
	return []route{
		to("orders", ordersv1.NewSellerServiceClient, ordersv1.RegisterSellerServiceHandlerClient),
		to("orders", ordersv1.NewCustomerServiceClient, ordersv1.RegisterCustomerServiceHandlerClient),
		to("orders", ordersv1.NewCatalogServiceClient, ordersv1.RegisterCatalogServiceHandlerClient),
		to("orders", ordersv1.NewOrderServiceClient, ordersv1.RegisterOrderServiceHandlerClient),
		to("orders", ordersv1.NewAgreementServiceClient, ordersv1.RegisterAgreementServiceHandlerClient),
		to("orders", ordersv1.NewTimelineServiceClient, ordersv1.RegisterTimelineServiceHandlerClient),
		to("accounttransfer", transferv1.NewTransferServiceClient, transferv1.RegisterTransferServiceHandlerClient),
		to("accounttransfer", transferv1.NewConnectionServiceClient, transferv1.RegisterConnectionServiceHandlerClient),
		to("accounttransfer", transferv1.NewPayerServiceClient, transferv1.RegisterPayerServiceHandlerClient),
		to("billing", billingv1.NewBillingServiceClient, billingv1.RegisterBillingServiceHandlerClient),
		to("billing", billingv1.NewPricebookServiceClient, billingv1.RegisterPricebookServiceHandlerClient),
		to("billing", billingv1.NewInvoiceServiceClient, billingv1.RegisterInvoiceServiceHandlerClient),
		to("billing", billingv1.NewReportServiceClient, billingv1.RegisterReportServiceHandlerClient),
		to("support", supportv1.NewCaseServiceClient, supportv1.RegisterCaseServiceHandlerClient),
		to("support", supportv1.NewChannelServiceClient, supportv1.RegisterChannelServiceHandlerClient),
		to("notifications", notificationsv1.NewNotificationServiceClient, notificationsv1.RegisterNotificationServiceHandlerClient),
		to("notifications", notificationsv1.NewReminderServiceClient, notificationsv1.RegisterReminderServiceHandlerClient),
		to(anyService, opsv1.NewOperationsServiceClient, opsv1.RegisterOperationsServiceHandlerClient),
		to("sandbox", sandboxv1.NewSandboxServiceClient, sandboxv1.RegisterSandboxServiceHandlerClient).ifHosted(),
	}
}

// anyService marks a proto service that every service serves; its requests name the one they are for.
const anyService = ""

// route is one proto service behind the gateway.
type route struct {
	service  string
	optional bool
	register func(context.Context, *runtime.ServeMux, grpc.ClientConnInterface) error
}

// to binds the two generated functions of a proto service. Only the client form is used: the other one would bypass
// the services' interceptors.
func to[C any](service string, client func(grpc.ClientConnInterface) C, register func(context.Context, *runtime.ServeMux, C) error) route {
	return route{service: service, register: func(ctx context.Context, mux *runtime.ServeMux, conn grpc.ClientConnInterface) error {
		return register(ctx, mux, client(conn))
	}}
}

// ifHosted lets a deployment do without the service.
func (r route) ifHosted() route {
	r.optional = true
	return r
}

func (r route) open(ctx context.Context, mux *runtime.ServeMux, conns connector, behind upstream) error {
	if r.service == anyService {
		return r.register(ctx, mux, behind.to(perService{conns}))
	}
	if r.optional && !conns.has(r.service) {
		return nil
	}
	return r.register(ctx, mux, behind.to(conns.conn(r.service)))
}
