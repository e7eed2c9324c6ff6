package journey

import (
	"context"
	"fmt"
	"io"
	"time"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// PlayVariants plays the lives that end otherwise, one after the other, against a running deployment.
func PlayVariants(ctx context.Context, t Target, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, playTimeout)
	defer cancel()
	reseller, err := Begin(ctx, t, out)
	if err != nil {
		return err
	}
	defer reseller.Close()
	if err := reseller.SetUp(); err != nil {
		return err
	}
	for _, v := range []struct {
		name string
		play func(*Life) error
	}{
		{"declined", declines},
		{"the order is rejected while the customer accepts", races},
		{"partner-led support, and the role never comes", withholdsRole},
		{"expired, and invited again a month later", comesBack},
	} {
		l, err := reseller.Another(ctx, out)
		if err != nil {
			return err
		}
		l.print("— variant: %s", v.name)
		if err := v.play(l); err != nil {
			return fmt.Errorf("%s: %w", v.name, err)
		}
	}
	reseller.print("variants ok")
	return nil
}

// begin brings a new order to where its customer must answer the invitation.
func (l *Life) begin() error {
	for _, part := range []func() error{l.Draft, l.Submit} {
		if err := part(); err != nil {
			return err
		}
	}
	_, err := l.Invited()
	return err
}

func declines(l *Life) error {
	if err := l.begin(); err != nil {
		return err
	}
	if err := l.Decline(time.Hour); err != nil {
		return err
	}
	return l.ended(ordersv1.OrderFailureCode_ORDER_FAILURE_CODE_TRANSFER_DECLINED, "DECLINED")
}

// races rejects the order when the customer has accepted at AWS and the suite does not know it yet.
func races(l *Life) error {
	if err := l.begin(); err != nil {
		return err
	}
	if _, err := l.AcceptUnseen(); err != nil {
		return err
	}
	if err := l.Fail(); err != nil {
		return err
	}
	if err := l.Decide(); err != nil {
		return err
	}
	return l.ended(ordersv1.OrderFailureCode_ORDER_FAILURE_CODE_REVIEW_REJECTED, "WITHDRAWN")
}

// withholdsRole fails an order with partner-led support whose customer does not deploy the role (ORD-043). The service
// term that the customer has accepted must be revoked first.
func withholdsRole(l *Life) error {
	l.LedByPartner()
	if err := l.begin(); err != nil {
		return err
	}
	if _, err := l.Accept(time.Hour); err != nil {
		return err
	}
	if err := l.AcceptTerm(); err != nil {
		return err
	}
	if err := l.Pass(5 * 24 * time.Hour); err != nil {
		return err
	}
	if err := l.Decide(); err != nil {
		return err
	}
	return l.ended(ordersv1.OrderFailureCode_ORDER_FAILURE_CODE_ROLES_MISSING, "WITHDRAWN")
}

// LedByPartner makes an order that is yet to be drafted one with partner-led support.
func (l *Life) LedByPartner() { l.support = ordersv1.SupportOption_SUPPORT_OPTION_PARTNER_LED }

// comesBack lets an invitation expire, which fails the order (ORD-042), and orders again for the same account.
func comesBack(l *Life) error {
	if err := l.begin(); err != nil {
		return err
	}
	t, err := l.transfer()
	if err != nil {
		return err
	}
	late := t.GetConnection().GetInvitations()[0].GetAcceptByTime().AsTime().Add(4 * 24 * time.Hour)
	if err := l.PassTo(late); err != nil {
		return err
	}
	if err := l.ended(ordersv1.OrderFailureCode_ORDER_FAILURE_CODE_TRANSFER_EXPIRED, "EXPIRED"); err != nil {
		return err
	}
	l.print("  the same customer orders again")
	if err := l.draftOrder(); err != nil {
		return err
	}
	if err := l.Submit(); err != nil {
		return err
	}
	if _, err := l.Invited(); err != nil {
		return err
	}
	_, err = l.Accept(24 * time.Hour)
	return err
}

// Decide waits until the order says that Operations must decide, and has the transfer withdrawn.
func (l *Life) Decide() error {
	order, err := l.await(func(o *ordersv1.Order) bool {
		return o.GetTransferState() == accounttransferv1.TransferState_TRANSFER_STATE_WAITING_DECISION &&
			o.GetWaiting().GetOwner() == typev1.Party_PARTY_RESELLER
	})
	if err != nil {
		return fmt.Errorf("wait for the question: %w", err)
	}
	l.print("  Operations is asked: %s", order.GetWaiting().GetWhat())
	err = l.operator.Withdraw(
		l.ctx, l.transferID, accounttransferv1.ChargesPayer_CHARGES_PAYER_RESELLER, "Agreed with the customer by telephone.",
	)
	if err != nil {
		return fmt.Errorf("decide: %w", err)
	}
	return revoked(l)
}

// revoked accepts, as the customer, the end of a service term that it had accepted before; without one there is nothing
// to accept.
func revoked(l *Life) error {
	if err := l.Quiet(); err != nil {
		return err
	}
	contract, err := l.aws.Contract(l.ctx, l.accountID)
	if err != nil {
		return err
	}
	for _, term := range contract.GetServiceTerms() {
		if term.GetStatus() != "ACCEPTED" {
			continue
		}
		if err := l.aws.AcceptTerm(l.ctx, l.accountID); err != nil {
			return fmt.Errorf("accept the end of the service term: %w", err)
		}
		return l.Pass(time.Hour)
	}
	return nil
}

// ended checks how the order ended, that nothing is left at AWS, and that nobody is reminded any more.
func (l *Life) ended(code ordersv1.OrderFailureCode, atAWS string) error {
	if err := l.reach(ordersv1.OrderState_ORDER_STATE_FAILED); err != nil {
		return err
	}
	order, err := l.customer.Order(l.ctx, l.orderID)
	if err != nil {
		return err
	}
	if got := order.GetFailure().GetCode(); got != code {
		return fmt.Errorf("the order failed with %s", got)
	}
	if err := oneInvitation(l, atAWS); err != nil {
		return err
	}
	l.print("  the order failed, %s; at AWS %s", code, atAWS)
	return notReminded(l, "accept-billing-transfer")
}
