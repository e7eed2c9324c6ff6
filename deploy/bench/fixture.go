package main

import (
	"context"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/id"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// fixture is what an order needs before it can be drafted, and who drafts and submits it.
type fixture struct {
	*process
	*actors.Deployment
	operator                      actors.Operator
	customer                      actors.Customer
	sellerID, customerID, payerID string
}

// set prepares seller and customer. The payer is any id until somebody asks for the transfer.
func (p *process) set(ctx context.Context) (s *fixture, err error) {
	s = &fixture{process: p, payerID: id.New("pay")}
	s.Deployment = actors.Connected(func(string) grpc.ClientConnInterface { return p.conn })
	if s.operator.Person, err = actors.SignIn(s.Deployment, p.issuer, actors.OperatorOne()); err != nil {
		return nil, err
	}
	if s.sellerID, err = s.operator.CreateSeller(ctx); err != nil {
		return nil, fmt.Errorf("create seller: %w", err)
	}
	s.customerID, err = s.operator.CreateCustomer(ctx, s.sellerID, &ordersv1.NewContact{
		GivenName: "Pat", FamilyName: "Example", Email: "pat@example.com",
		Roles: []ordersv1.ContactRole{ordersv1.ContactRole_CONTACT_ROLE_PRIMARY},
	})
	if err != nil {
		return nil, fmt.Errorf("create customer: %w", err)
	}
	s.customer.Person, err = actors.SignIn(s.Deployment, p.issuer, actors.PersonOf("customer", s.customerID))
	return s, err
}

// sells has the product sold already at a business time before the start of its sale.
func (s *fixture) sells(ctx context.Context) error {
	_, err := s.Catalog.SetSaleWindow(s.operator.Once(ctx), &ordersv1.SetSaleWindowRequest{
		ProductId: actors.Product, SaleStartTime: timestamppb.New(beforeEverything()), Reason: "Orders are measured before everything.",
		Partitions: []ordersv1.AwsPartition{ordersv1.AwsPartition_AWS_PARTITION_AWS},
	})
	if err != nil {
		return fmt.Errorf("open the sale: %w", err)
	}
	return nil
}

// draft writes an order for a management account, ready to be submitted, and returns its id.
func (s *fixture) draft(ctx context.Context, account string) (string, error) {
	o := actors.Draft(s.customerID, account)
	o.PayerId = s.payerID
	o, err := s.operator.CreateDraft(ctx, o)
	if err != nil {
		return "", fmt.Errorf("create order: %w", err)
	}
	return o.GetOrderId(), nil
}

// submit accepts the terms of one order.
func (s *fixture) submit(ctx context.Context, orderID string) error {
	_, err := s.customer.SubmitOrder(ctx, orderID)
	return err
}
