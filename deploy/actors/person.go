package actors

import (
	"context"
	"time"

	"google.golang.org/grpc/metadata"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/rpc"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// Person is somebody who calls a deployment, under a token of an hour.
type Person struct {
	*Deployment
	Bearer string // value of an Authorization header
}

// SignIn gives somebody a token of the development issuer.
func SignIn(d *Deployment, issuer *auth.Issuer, who auth.Principal) (Person, error) {
	token, err := issuer.Person(who, time.Hour)
	return Person{Deployment: d, Bearer: "Bearer " + token}, err
}

// In returns a context in which the person calls.
func (p Person) In(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, auth.HeaderPerson, p.Bearer)
}

// Once returns a context for one intended effect of the person: a repeated call has the same idempotency key.
func (p Person) Once(ctx context.Context) context.Context {
	return rpc.WithKey(p.In(ctx), id.New("key"))
}

// Order reads an order.
func (p Person) Order(ctx context.Context, orderID string) (*ordersv1.Order, error) {
	resp, err := p.Orders.GetOrder(p.In(ctx), &ordersv1.GetOrderRequest{OrderId: orderID})
	return resp.GetOrder(), err
}

// Transfer reads a transfer.
func (p Person) Transfer(ctx context.Context, transferID string) (*accounttransferv1.Transfer, error) {
	resp, err := p.Transfers.GetTransfer(p.In(ctx), &accounttransferv1.GetTransferRequest{TransferId: transferID})
	return resp.GetTransfer(), err
}
