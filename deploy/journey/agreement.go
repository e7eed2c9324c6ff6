package journey

import (
	"fmt"

	"example.com/handover/pkg/calendar"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// cycles is the length of the minimum term (ORD-053).
const cycles = 12

// completed checks that the order is complete and what it brought.
func completed(l *Life) error {
	if err := l.reach(ordersv1.OrderState_ORDER_STATE_COMPLETED); err != nil {
		return err
	}
	order, err := l.customer.Order(l.ctx, l.orderID)
	if err != nil {
		return err
	}
	l.agreementID = order.GetAgreementId()
	got, err := l.Agreements.GetAgreement(l.asCustomer(), &ordersv1.GetAgreementRequest{AgreementId: l.agreementID})
	if err != nil {
		return fmt.Errorf("agreement: %w", err)
	}
	a, term := got.GetAgreement(), got.GetAgreement().GetMinimumTerm()
	if a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE {
		return fmt.Errorf("the agreement is %s", a.GetState())
	}
	start, end := term.GetStartTime().AsTime(), term.GetEndTime().AsTime()
	if want := calendar.MonthOf(start).AddMonths(cycles).Start(); term.GetCycles() != cycles || !end.Equal(want) {
		return fmt.Errorf("the minimum term has %d cycles from %s to %s", term.GetCycles(), start, end)
	}
	l.print("  agreement %s is active: %d cycles from %s to the end of %s", l.agreementID, term.GetCycles(),
		start.Format("2006-01-02"), end.AddDate(0, 0, -1).Format("2006-01-02"))
	return notReminded(l, "deploy-roles")
}
