package main

import (
	"context"
	"fmt"

	"google.golang.org/grpc/metadata"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/rpc"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

const termsVersion = "2026-02"

// stage is what an order needs before it can be drafted, and who drafts and submits it.
type stage struct {
	*process
	operator, customer            metadata.MD
	orders                        ordersv1.OrderServiceClient
	sellerID, customerID, payerID string
}

// set prepares seller and customer. The payer is any id until somebody asks for the transfer.
func (p *process) set(ctx context.Context) (*stage, error) {
	s := &stage{process: p, orders: ordersv1.NewOrderServiceClient(p.conn), payerID: id.New("pay")}
	var err error
	if s.operator, err = p.headers(ctx, auth.Principal{
		Subject: "operator", Role: auth.Operator,
		Rights: auth.OperatorRights(),
	}); err != nil {
		return nil, err
	}
	seller, err := ordersv1.NewSellerServiceClient(p.conn).CreateSeller(s.operates(ctx), &ordersv1.CreateSellerRequest{Seller: &ordersv1.Seller{
		DisplayName: "Example Reseller", LegalName: "Example Reseller AG", CountryCodes: []string{"CH", "DE"}, CurrencyCode: "EUR",
	}})
	if err != nil {
		return nil, fmt.Errorf("create seller: %w", err)
	}
	s.sellerID = seller.GetSeller().GetSellerId()
	customer, err := ordersv1.NewCustomerServiceClient(p.conn).CreateCustomer(s.operates(ctx), &ordersv1.CreateCustomerRequest{
		Customer: &ordersv1.Customer{SellerId: s.sellerID, DisplayName: "Example Customer", CountryCode: "CH"},
		Contacts: []*ordersv1.NewContact{{
			GivenName: "Pat", FamilyName: "Example", Email: "pat@example.com", Roles: []ordersv1.ContactRole{ordersv1.ContactRole_CONTACT_ROLE_PRIMARY},
		}},
	})
	if err != nil {
		return nil, fmt.Errorf("create customer: %w", err)
	}
	s.customerID = customer.GetCustomer().GetCustomerId()
	s.customer, err = p.headers(ctx, auth.Principal{Subject: "customer", Role: auth.Customer, Customers: []string{s.customerID}})
	return s, err
}

// headers show who calls.
func (p *process) headers(ctx context.Context, who auth.Principal) (metadata.MD, error) {
	ctx, err := p.as(ctx, who)
	if err != nil {
		return nil, err
	}
	md, _ := metadata.FromOutgoingContext(ctx)
	return md, nil
}

// operates is an operator's context for one effect.
func (s *stage) operates(ctx context.Context) context.Context {
	return rpc.WithKey(metadata.NewOutgoingContext(ctx, s.operator), id.New("key"))
}

// buys is the customer's context for one effect.
func (s *stage) buys(ctx context.Context) context.Context {
	return rpc.WithKey(metadata.NewOutgoingContext(ctx, s.customer), id.New("key"))
}

// draft writes an order for a management account, ready to be submitted, and returns its id.
func (s *stage) draft(ctx context.Context, account string) (string, error) {
	created, err := s.orders.CreateOrder(s.operates(ctx), &ordersv1.CreateOrderRequest{Order: &ordersv1.Order{
		CustomerId: s.customerID, ProductId: "aws-billing-transfer-essentials", AccountOption: ordersv1.AccountOption_ACCOUNT_OPTION_TRANSFER_EXISTING,
		ManagementAccountId: account, SupportOption: ordersv1.SupportOption_SUPPORT_OPTION_RESOLD, PayerId: s.payerID,
		Declared: &ordersv1.DeclaredFacts{Partition: ordersv1.AwsPartition_AWS_PARTITION_AWS, PermissionsConfirmed: true},
	}})
	if err != nil {
		return "", fmt.Errorf("create order: %w", err)
	}
	return created.GetOrder().GetOrderId(), nil
}

// submit accepts the terms of one order.
func (s *stage) submit(ctx context.Context, orderID string) error {
	_, err := s.orders.SubmitOrder(s.buys(ctx), &ordersv1.SubmitOrderRequest{OrderId: orderID, Terms: []*ordersv1.AcceptedTerm{
		{Kind: ordersv1.TermKind_TERM_KIND_MARKETPLACE, Version: termsVersion},
		{Kind: ordersv1.TermKind_TERM_KIND_SERVICES, Version: termsVersion},
	}})
	return err
}
