package journey

import (
	"fmt"
	"time"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/id"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

func (l *Life) setUp() error {
	if err := l.SetUp(); err != nil {
		return err
	}
	return l.Draft()
}

// SetUp makes a reseller with its payer and its prices, unless the sandbox has one of an earlier life.
func (l *Life) SetUp() (err error) {
	if l.sellerID, err = l.operator.CreateSeller(l.ctx); err != nil {
		return fmt.Errorf("create seller: %w", err)
	}
	if err := registerPayer(l); err != nil {
		return err
	}
	if err := l.operator.SetGuidance(l.ctx); err != nil {
		return fmt.Errorf("set the guidance pages: %w", err)
	}
	return setPrices(l)
}

// registerPayer finds the sandbox's payer among those that are registered already, or registers it.
func registerPayer(l *Life) error {
	listed, err := l.Payers.ListPayers(l.asOperator(), &accounttransferv1.ListPayersRequest{PageSize: 500})
	if err != nil {
		return fmt.Errorf("list payers: %w", err)
	}
	for _, p := range listed.GetPayers() {
		if p.GetAccountId() == actors.PayerAccount {
			l.sellerID, l.payerID = p.GetSellerId(), p.GetPayerId()
			return nil
		}
	}
	if l.payerID, err = l.operator.CreatePayer(l.ctx, l.sellerID); err != nil {
		return fmt.Errorf("create payer: %w", err)
	}
	return nil
}

// setPrices gives the reseller a standard pricebook, unless it has one.
func setPrices(l *Life) error {
	listed, err := l.Pricebooks.ListPricebooks(l.asOperator(), &billingv1.ListPricebooksRequest{SellerId: l.sellerID})
	if err != nil || len(listed.GetPricebooks()) > 0 {
		return err
	}
	err = l.operator.CreatePricebook(l.ctx, l.sellerID, actors.Prices{Usage: "-3", PartnerLedSupport: "7", Rate: "0.9215"})
	if err != nil {
		return fmt.Errorf("create the pricebook: %w", err)
	}
	return nil
}

// Draft makes a customer and its organization at AWS, and writes the draft.
func (l *Life) Draft() (err error) {
	own := unlike()
	l.family, l.email, l.root = "Example-"+own, "pat."+own+"@example.com", "aws."+own+"@example.com"
	l.customerID, err = l.operator.CreateCustomer(l.ctx, l.sellerID, &ordersv1.NewContact{
		GivenName: "Pat", FamilyName: l.family, Email: l.email,
		Roles: []ordersv1.ContactRole{
			ordersv1.ContactRole_CONTACT_ROLE_PRIMARY, ordersv1.ContactRole_CONTACT_ROLE_TECHNICAL, ordersv1.ContactRole_CONTACT_ROLE_BILLING,
		},
	})
	if err != nil {
		return fmt.Errorf("create customer: %w", err)
	}
	if l.accountID, err = l.aws.CreateOrganization(l.ctx, l.root, nil); err != nil {
		return fmt.Errorf("create organization at AWS: %w", err)
	}
	return l.draftOrder()
}

// unlike returns a short word that no other life has.
func unlike() string {
	const long = 8
	word := id.New("name")
	return word[len(word)-long:]
}

func (l *Life) draftOrder() error {
	draft := actors.Draft(l.customerID, l.accountID)
	draft.SupportOption, draft.PayerId = l.support, l.payerID
	order, err := l.operator.CreateDraft(l.ctx, draft)
	if err != nil {
		return fmt.Errorf("create order: %w", err)
	}
	l.orderID = order.GetOrderId()
	l.print("  order %s for management account %s, start %s if accepted by %s", l.orderID, l.accountID,
		order.GetPreview().GetStartTime().AsTime().Format("2006-01-02"),
		order.GetPreview().GetAcceptByTime().AsTime().Format(time.RFC3339))
	l.customer.Person, err = l.signIn(actors.PersonOf("customer-1", l.customerID))
	return err
}
