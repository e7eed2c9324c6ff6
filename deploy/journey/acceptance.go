package journey

import (
	"errors"
	"fmt"
	"time"

	"example.com/handover/pkg/errs"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

func accepted(l *Life) error {
	t, err := l.Accept(l.wait)
	if err != nil {
		return err
	}
	l.print("  accepted at AWS: %s, start %s", t.GetAwsTransferId(), t.GetStartTime().AsTime().Format("2006-01-02"))
	if err := checkTransfer(l, t); err != nil {
		return err
	}
	if err := reminded(l, "accept-billing-transfer", 1); err != nil {
		return err
	}
	return notReminded(l, "accept-billing-transfer")
}

// Accept lets time pass, accepts as the customer at AWS, presses "Process", and waits until the order goes on.
func (l *Life) Accept(after time.Duration) (*sandboxv1.AwsTransfer, error) {
	if err := l.Pass(after); err != nil {
		return nil, err
	}
	t, err := l.AcceptUnseen()
	if err != nil {
		return nil, err
	}
	return t, errors.Join(l.process(), l.AwaitStep("accept-service-term"))
}

// AcceptUnseen accepts as the customer at AWS, and the suite does not know it yet.
func (l *Life) AcceptUnseen() (*sandboxv1.AwsTransfer, error) {
	t, err := l.aws.AcceptInvitation(l.ctx, l.accountID)
	if err != nil {
		return nil, fmt.Errorf("accept at AWS: %w", err)
	}
	return t, nil
}

// Decline is Accept with the other answer: the order fails.
func (l *Life) Decline(after time.Duration) error {
	if err := l.Pass(after); err != nil {
		return err
	}
	if err := l.aws.DeclineInvitation(l.ctx, l.accountID); err != nil {
		return fmt.Errorf("decline at AWS: %w", err)
	}
	if err := l.process(); err != nil {
		return err
	}
	return l.reach(ordersv1.OrderState_ORDER_STATE_FAILED)
}

// Withdraw ends the accepted transfer as the customer in its console, presses "Process", and waits until the order fails.
func (l *Life) Withdraw() error {
	if _, err := l.aws.WithdrawTransfer(l.ctx, l.accountID, false); err != nil {
		return fmt.Errorf("withdraw at AWS: %w", err)
	}
	if err := l.process(); err != nil {
		return err
	}
	return l.reach(ordersv1.OrderState_ORDER_STATE_FAILED)
}

// process presses "Process" as the customer and waits until nothing is under way. An order that has come to its end already,
// because AWS was asked by itself, is not to be processed any more.
func (l *Life) process() error {
	err := l.customer.ProcessOrder(l.ctx, l.orderID)
	if err != nil && errs.ReasonOf(err) != "STATE_REFUSES" {
		return fmt.Errorf("process: %w", err)
	}
	return l.Quiet()
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
	if err := l.operator.FailOrder(l.ctx, l.orderID, "The review found a contract with another reseller."); err != nil {
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

// checkTransfer compares the transfer with what AWS holds.
func checkTransfer(l *Life, at *sandboxv1.AwsTransfer) error {
	t, err := l.transfer()
	if err != nil {
		return err
	}
	if got := t.GetConnection().GetStartTime().AsTime(); !got.Equal(at.GetStartTime().AsTime()) {
		return fmt.Errorf("the transfer starts %s, AWS says %s", got, at.GetStartTime().AsTime())
	}
	for _, s := range t.GetSteps() {
		if s.GetKey() == "accept-invitation" && s.GetState() == accounttransferv1.StepState_STEP_STATE_DONE {
			return nil
		}
	}
	return fmt.Errorf("the step accept-invitation is not done")
}

// oneInvitation checks that AWS saw one invitation for this account and what became of it.
func oneInvitation(l *Life, status string) error {
	seen, err := l.aws.TransfersAtAWS(l.ctx, l.accountID)
	if err != nil {
		return err
	}
	if len(seen) != 1 || seen[0].GetStatus() != status {
		return fmt.Errorf("for account %s AWS has %v", l.accountID, seen)
	}
	return nil
}
