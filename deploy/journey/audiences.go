package journey

import (
	"context"
	"fmt"

	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// forEverybody are facts that a life comes to and that everybody may read who may see the order.
func forEverybody() []string {
	return []string{
		"order.link_sent", "order.submitted", "connection.effective", "connection.term_accepted", "connection.role_found",
		"channel.ready", "order.completed", "agreement.activated", "relationship.activated", "invoice.issued", "notification.sent",
	}
}

// forOperators are facts that are the reseller's business.
func forOperators() []string {
	return []string{"period.collected", "period.reconciled", "case.submitted"}
}

// audiences compares what the customer and an operator may read.
func audiences(l *Life) error {
	customer, err := told(l, l.asCustomer())
	if err != nil {
		return err
	}
	operator, err := told(l, l.asOperator())
	if err != nil {
		return err
	}
	for _, name := range forEverybody() {
		if !customer[name] || !operator[name] {
			return fmt.Errorf("%s is told to the customer: %t, to an operator: %t", name, customer[name], operator[name])
		}
	}
	for _, name := range forOperators() {
		if customer[name] || !operator[name] {
			return fmt.Errorf("%s is told to the customer: %t, to an operator: %t", name, customer[name], operator[name])
		}
	}
	l.print("  the customer reads %d kinds of facts, an operator %d", len(customer), len(operator))
	return nil
}

// told returns the kinds of facts that a reader finds in the timeline.
func told(l *Life, reader context.Context) (map[string]bool, error) {
	out := map[string]bool{}
	for token := ""; ; {
		page, err := l.Timeline.GetTimeline(reader, &ordersv1.GetTimelineRequest{OrderId: l.orderID, PageSize: 500, PageToken: token})
		if err != nil {
			return nil, err
		}
		if missing := page.GetMissingServices(); len(missing) > 0 {
			return nil, fmt.Errorf("the timeline lacks %v", missing)
		}
		for _, e := range page.GetEntries() {
			out[e.GetKind()+"."+e.GetName()] = true
		}
		if token = page.GetNextPageToken(); token == "" {
			return out, nil
		}
	}
}
