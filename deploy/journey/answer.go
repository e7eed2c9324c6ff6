package journey

import (
	"errors"
	"fmt"
	"time"

	"example.com/handover/pkg/errs"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

func (l *Life) accepted() error {
	t, err := l.Accept(l.wait)
	if err != nil {
		return err
	}
	l.print("  accepted at AWS: %s, start %s", t.GetAwsTransferId(), t.GetStartTime().AsTime().Format("2006-01-02"))
	if err := l.checkTransfer(t); err != nil {
		return err
	}
	if err := l.reminded("accept-billing-transfer", 1); err != nil {
		return err
	}
	return l.leftAlone("accept-billing-transfer")
}

// Accept lets time pass, clicks as the customer at AWS, presses "Process", and waits until the order goes on.
func (l *Life) Accept(after time.Duration) (*sandboxv1.AwsTransfer, error) {
	if err := l.Pass(after); err != nil {
		return nil, err
	}
	t, err := l.AcceptUnseen()
	if err != nil {
		return nil, err
	}
	return t, errors.Join(l.look(), l.AwaitStep("accept-service-term"))
}

// AcceptUnseen clicks as the customer at AWS, and the suite does not know it yet.
func (l *Life) AcceptUnseen() (*sandboxv1.AwsTransfer, error) {
	resp, err := l.sandbox.AcceptBillingTransfer(once(l.operator), &sandboxv1.AcceptBillingTransferRequest{AccountId: l.accountID})
	if err != nil {
		return nil, fmt.Errorf("accept at AWS: %w", err)
	}
	return resp.GetTransfer(), nil
}

// Decline is Accept with the other answer: the order fails.
func (l *Life) Decline(after time.Duration) error {
	if err := l.Pass(after); err != nil {
		return err
	}
	_, err := l.sandbox.DeclineBillingTransfer(once(l.operator), &sandboxv1.DeclineBillingTransferRequest{AccountId: l.accountID})
	if err != nil {
		return fmt.Errorf("decline at AWS: %w", err)
	}
	return l.process(ordersv1.OrderState_ORDER_STATE_FAILED)
}

// process presses "Process" as the customer and waits for the order's state. An order that has come to its end already,
// because AWS was asked by itself, is not to be processed any more.
func (l *Life) process(want ordersv1.OrderState) error {
	_, err := l.orders.ProcessOrder(once(l.customer), &ordersv1.ProcessOrderRequest{OrderId: l.orderID})
	if err != nil && errs.ReasonOf(err) != "STATE_REFUSES" {
		return fmt.Errorf("process: %w", err)
	}
	return l.reach(want)
}

// Reject fails the order as an operator and waits until it has ended.
func (l *Life) Reject() error {
	if err := l.Fail(); err != nil {
		return err
	}
	return l.reach(ordersv1.OrderState_ORDER_STATE_FAILED)
}

// Fail fails the order as an operator, which takes effect when nothing is left at AWS.
func (l *Life) Fail() error {
	_, err := l.orders.FailOrder(once(l.operator), &ordersv1.FailOrderRequest{OrderId: l.orderID, Reason: "The review found a contract with another reseller."})
	if err != nil {
		return fmt.Errorf("fail: %w", err)
	}
	return nil
}

func (l *Life) reach(want ordersv1.OrderState) error {
	_, err := l.await(func(o *ordersv1.Order) bool { return o.GetState() == want })
	if err != nil {
		return fmt.Errorf("wait for %s: %w", want, err)
	}
	return nil
}
