package journey

import (
	"fmt"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/errs"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// Evidence is what the outside can see of an order's life.
type Evidence struct {
	Order       *ordersv1.Order
	Agreement   *ordersv1.Agreement
	Orders      int                             // for the customer's account, in whatever state
	Transfer    *accounttransferv1.Transfer     // nil: there never was one
	Connections []*accounttransferv1.Connection // of the customer's account, in whatever state
	Timeline    []*typev1.Event
	AtAWS       []*sandboxv1.AwsTransfer // invitations of the customer's account
	Contract    *sandboxv1.AwsContract   // what else AWS holds of the account
	Effects     []string                 // calls that changed something about all of that at AWS

	Records   []*sandboxv1.ServiceNowRecord // ServiceNow's, of every case of the order
	Mails     []Mail                        // of the order
	Unasked   []*sandboxv1.Mail             // that the customer got from the suite and that belong to none of them
	Reminders []*notificationsv1.Reminder   // of the order
	Invoices  []*billingv1.Invoice          // of the order
	Numbers   []string                      // of all invoices of the seller

	Work map[string]*opsv1.Work // what each service still has to do
}

// Evidence waits until the world is quiet and looks at it from outside.
func (l *Life) Evidence() (e Evidence, err error) {
	if err := l.Quiet(); err != nil {
		return e, err
	}
	if e.Order, err = l.operator.Order(l.ctx, l.orderID); err != nil {
		return e, err
	}
	if e.Transfer, err = l.transfer(); err != nil && errs.KindOf(err) != errs.NotFound {
		return e, err
	}
	agreement, err := l.Agreements.GetAgreement(l.asOperator(), &ordersv1.GetAgreementRequest{AgreementId: e.Order.GetAgreementId()})
	if err != nil {
		return e, err
	}
	e.Agreement = agreement.GetAgreement()
	connections, err := l.Connections.ListConnections(l.asOperator(), &accounttransferv1.ListConnectionsRequest{AccountId: l.accountID})
	if err != nil {
		return e, err
	}
	e.Connections = connections.GetConnections()
	timeline, err := l.Timeline.GetTimeline(l.asOperator(), &ordersv1.GetTimelineRequest{OrderId: l.orderID, PageSize: 500})
	if err != nil {
		return e, err
	}
	e.Timeline = timeline.GetEntries()
	if missing := timeline.GetMissingServices(); len(missing) > 0 {
		return e, fmt.Errorf("the timeline lacks %v", missing)
	}
	all, err := l.Orders.ListOrders(l.asOperator(), &ordersv1.ListOrdersRequest{ManagementAccountId: l.accountID, PageSize: 500})
	if err != nil {
		return e, err
	}
	e.Orders = len(all.GetOrders())
	for _, look := range []func(*Life, *Evidence) error{atAWS, inServiceNow, mailsAndReminders, issuedInvoices} {
		if err := look(l, &e); err != nil {
			return e, err
		}
	}
	e.Work, err = work(l)
	return e, err
}

func work(l *Life) (map[string]*opsv1.Work, error) {
	out := map[string]*opsv1.Work{}
	for _, service := range actors.Services() {
		resp, err := l.Operations(service).GetWork(l.asOperator(), &opsv1.GetWorkRequest{Service: service})
		if err != nil {
			return nil, fmt.Errorf("work of %s: %w", service, err)
		}
		out[service] = resp.GetWork()
	}
	return out, nil
}
