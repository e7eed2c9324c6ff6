package journey

import (
	"context"
	"fmt"
	"time"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// product is what the order is for.
const product = "aws-billing-transfer-essentials"

func (l *Life) setUp() error {
	if err := l.SetUp(); err != nil {
		return err
	}
	return l.Draft()
}

// SetUp makes a reseller with its payer.
func (l *Life) SetUp() error {
	seller, err := l.sellers.CreateSeller(once(l.operator), &ordersv1.CreateSellerRequest{Seller: &ordersv1.Seller{
		DisplayName: "Example Reseller", LegalName: "Example Reseller AG", CountryCodes: []string{"CH", "DE"}, CurrencyCode: "EUR",
	}})
	if err != nil {
		return fmt.Errorf("create seller: %w", err)
	}
	l.sellerID = seller.GetSeller().GetSellerId()
	if l.payerID, err = l.payer(); err != nil {
		return err
	}
	return l.prices()
}

// Draft makes a customer and its organization at AWS, and writes the draft.
func (l *Life) Draft() error {
	own := unlike()
	l.family, l.email, l.root = "Example-"+own, "pat."+own+"@example.com", "aws."+own+"@example.com"
	customer, err := l.customers.CreateCustomer(once(l.operator), &ordersv1.CreateCustomerRequest{
		Customer: &ordersv1.Customer{SellerId: l.sellerID, DisplayName: "Example Customer", CountryCode: "CH"},
		Contacts: []*ordersv1.NewContact{{
			GivenName: "Pat", FamilyName: l.family, Email: l.email,
			Roles: []ordersv1.ContactRole{
				ordersv1.ContactRole_CONTACT_ROLE_PRIMARY, ordersv1.ContactRole_CONTACT_ROLE_TECHNICAL, ordersv1.ContactRole_CONTACT_ROLE_BILLING,
			},
		}},
	})
	if err != nil {
		return fmt.Errorf("create customer: %w", err)
	}
	l.customerID = customer.GetCustomer().GetCustomerId()
	org, err := l.sandbox.CreateOrganization(once(l.operator), &sandboxv1.CreateOrganizationRequest{
		Name: "Example Customer", Email: l.root,
	})
	if err != nil {
		return fmt.Errorf("create organization at AWS: %w", err)
	}
	l.accountID = org.GetOrganization().GetAccountId()
	return l.draftOrder()
}

// unlike returns a short word that no other life has.
func unlike() string {
	const long = 8
	word := id.New("name")
	return word[len(word)-long:]
}

func (l *Life) draftOrder() error {
	order, err := l.orders.CreateOrder(once(l.operator), &ordersv1.CreateOrderRequest{Order: &ordersv1.Order{
		CustomerId: l.customerID, ProductId: product, AccountOption: ordersv1.AccountOption_ACCOUNT_OPTION_TRANSFER_EXISTING,
		ManagementAccountId: l.accountID, SupportOption: l.support, PayerId: l.payerID,
		Declared: &ordersv1.DeclaredFacts{Partition: ordersv1.AwsPartition_AWS_PARTITION_AWS, PermissionsConfirmed: true},
	}})
	if err != nil {
		return fmt.Errorf("create order: %w", err)
	}
	l.orderID = order.GetOrder().GetOrderId()
	l.print("  order %s for management account %s, start %s if accepted by %s", l.orderID, l.accountID,
		order.GetOrder().GetPreview().GetStartTime().AsTime().Format("2006-01-02"),
		order.GetOrder().GetPreview().GetAcceptByTime().AsTime().Format(time.RFC3339))
	return l.know(l.plain, personOf(l.customerID))
}

// payerAccount is the account that receives the bills in the sandbox.
const payerAccount = "111122223333"

// payer finds the sandbox's payer among those that are registered already, or registers it.
func (l *Life) payer() (string, error) {
	listed, err := l.payers.ListPayers(l.operator, &accounttransferv1.ListPayersRequest{PageSize: 500})
	if err != nil {
		return "", fmt.Errorf("list payers: %w", err)
	}
	for _, p := range listed.GetPayers() {
		if p.GetAccountId() == payerAccount {
			l.sellerID = p.GetSellerId() // of an earlier life in the same sandbox
			return p.GetPayerId(), nil
		}
	}
	created, err := l.payers.CreatePayer(once(l.operator), &accounttransferv1.CreatePayerRequest{Payer: &accounttransferv1.Payer{
		SellerId: l.sellerID, DisplayName: "Example payer", AccountId: payerAccount,
		RoleArn: "arn:aws:iam::" + payerAccount + ":role/handover", ExternalId: "handover-sandbox", InboundQuota: 1000,
		ProgramManagementAccountId: "pma-sandbox000001",
	}})
	if err != nil {
		return "", fmt.Errorf("create payer: %w", err)
	}
	return created.GetPayer().GetPayerId(), nil
}

// refuse tries what must not work: the preparer, a foreign customer, and missing terms (ORD-021…023).
func (l *Life) refuse() error {
	stranger, err := l.as(l.plain, auth.Principal{Subject: "stranger", Role: auth.Customer, Customers: []string{id.New("cus")}})
	if err != nil {
		return err
	}
	submit := &ordersv1.SubmitOrderRequest{OrderId: l.orderID, Terms: l.terms()}
	for _, try := range []struct {
		who    string
		ctx    context.Context
		req    *ordersv1.SubmitOrderRequest
		reason string
	}{
		{"the operator who prepared it", l.operator, submit, "SUBMITTER_IS_PREPARER"},
		{"another customer", stranger, submit, "NOT_FOUND"},
		{"the customer without the terms", l.customer, &ordersv1.SubmitOrderRequest{OrderId: l.orderID}, "TERMS_NOT_ACCEPTED"},
	} {
		_, err := l.orders.SubmitOrder(once(try.ctx), try.req)
		if errs.ReasonOf(err) != try.reason {
			return fmt.Errorf("%s: expected %s, got %w", try.who, try.reason, orNothing(err))
		}
		l.print("  %s: refused, %s", try.who, try.reason)
	}
	return nil
}

func (l *Life) terms() []*ordersv1.AcceptedTerm {
	return []*ordersv1.AcceptedTerm{
		{Kind: ordersv1.TermKind_TERM_KIND_MARKETPLACE, Version: "2026-02"},
		{Kind: ordersv1.TermKind_TERM_KIND_SERVICES, Version: "2026-02"},
	}
}

// submitted accepts the terms and waits until the order says that the customer must act, where and until when.
func (l *Life) submitted() error {
	if err := l.Submit(); err != nil {
		return err
	}
	w, err := l.Invited()
	if err != nil {
		return err
	}
	l.print("  the customer must act at %s until %s: %s", w.GetWhere(), w.GetUntilTime().AsTime().Format(time.RFC3339), w.GetWhat())
	return nil
}

// Submit accepts the terms and submits the order as the customer.
func (l *Life) Submit() error {
	resp, err := l.orders.SubmitOrder(once(l.customer), &ordersv1.SubmitOrderRequest{OrderId: l.orderID, Terms: l.terms()})
	if err != nil {
		return fmt.Errorf("submit: %w", err)
	}
	l.transferID = resp.GetOrder().GetTransferId()
	return nil
}

// Invited waits until the order says that the customer must answer the invitation.
func (l *Life) Invited() (*typev1.Waiting, error) {
	order, err := l.await(func(o *ordersv1.Order) bool {
		return o.GetState() == ordersv1.OrderState_ORDER_STATE_QUERYING && o.GetWaiting().GetStepKey() == "accept-invitation"
	})
	if err != nil {
		return nil, fmt.Errorf("wait for the invitation: %w", err)
	}
	w := order.GetWaiting()
	if w.GetOwner() != typev1.Party_PARTY_CUSTOMER || w.GetWhat() == "" || w.GetWhere() == "" || w.GetUntilTime() == nil {
		return nil, fmt.Errorf("the order does not say who must do what, where and until when: %v", w)
	}
	return w, nil
}

// checkTransfer compares the transfer with what AWS holds.
func (l *Life) checkTransfer(at *sandboxv1.AwsTransfer) error {
	t, err := l.transfers.GetTransfer(l.operator, &accounttransferv1.GetTransferRequest{TransferId: l.transferID})
	if err != nil {
		return err
	}
	if got := t.GetTransfer().GetEffectiveTime().AsTime(); !got.Equal(at.GetStartTime().AsTime()) {
		return fmt.Errorf("the transfer starts %s, AWS says %s", got, at.GetStartTime().AsTime())
	}
	for _, s := range t.GetTransfer().GetSteps() {
		if s.GetKey() == "accept-invitation" && s.GetState() == accounttransferv1.StepState_STEP_STATE_DONE {
			return nil
		}
	}
	return fmt.Errorf("the step accept-invitation is not done")
}

// countAtAWS counts what the outside saw: one invitation for this account, accepted.
func (l *Life) countAtAWS() error {
	seen, err := l.sandbox.ListTransfersAtAws(l.operator, &sandboxv1.ListTransfersAtAwsRequest{SourceAccountId: l.accountID})
	if err != nil {
		return err
	}
	if n := len(seen.GetTransfers()); n != 1 {
		return fmt.Errorf("AWS has %d invitations for account %s", n, l.accountID)
	}
	if status := seen.GetTransfers()[0].GetStatus(); status != "ACCEPTED" {
		return fmt.Errorf("AWS says %s", status)
	}
	return nil
}
