package main

import (
	"testing"
	"time"

	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

func TestTermination(t *testing.T) {
	order := func(phase ordersv1.TerminationPhase, w *typev1.Waiting) *ordersv1.Order {
		return &ordersv1.Order{
			OrderId: "ord_1", Type: ordersv1.OrderType_ORDER_TYPE_TERMINATION, State: ordersv1.OrderState_ORDER_STATE_PROCESSING, Waiting: w,
			Termination: &ordersv1.Termination{Phase: phase, EndTime: at(-26 * time.Hour)},
		}
	}
	late := &typev1.Waiting{Owner: typev1.Party_PARTY_RESELLER, What: "Review it.", Escalated: true}
	for name, c := range map[string]struct {
		order *ordersv1.Order
		open  string
		want  string
	}{
		"reviewed late":                {order: order(reviewed, late), open: "ord_1"},
		"late without a case":          {order: order(reviewed, late), open: "ord_2", want: "nobody has a case"},
		"planned late without a case":  {order: order(planned, late), open: "ord_2", want: "nobody has a case"},
		"at AWS":                       {order: order(withdrawing, late), open: "con_1"},
		"planned and waits for nobody": {order: order(planned, nil), want: "waits for nobody"},
		"asked and waits for nobody":   {order: order(withdrawing, nil), want: "waits for nobody"},
		"its end at AWS has passed":    {order: order(dated, nil), want: "should have ended at"},
	} {
		t.Run(name, func(t *testing.T) {
			j := &verdict{now: now, open: map[string]bool{c.open: true}}
			j.order(c.order)
			checkWrong(t, j, c.want)
		})
	}
}
