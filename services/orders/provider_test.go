package orders_test

import (
	"context"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc/codes"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/rpc"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// pricebooks is Billing as far as orders asks it: every pricebook is this seller's.
type pricebooks struct {
	billingv1.UnimplementedPricebookServiceServer
	seller atomic.Value
	away   atomic.Bool
}

func (p *pricebooks) service() kit.Service {
	return kit.New(kit.Spec[kit.NoConfig]{Name: "billing", Setup: func(_ context.Context, e *kit.Env, _ *kit.NoConfig) error {
		billingv1.RegisterPricebookServiceServer(e, p)
		return nil
	}})
}

// GetPricebook implements billingv1.PricebookServiceServer.
func (p *pricebooks) GetPricebook(_ context.Context, r *billingv1.GetPricebookRequest) (*billingv1.GetPricebookResponse, error) {
	if p.away.Load() {
		return nil, errs.New(errs.Unavailable, "UNAVAILABLE", "one moment")
	}
	seller, _ := p.seller.Load().(string)
	return &billingv1.GetPricebookResponse{Pricebook: &billingv1.Pricebook{
		PricebookId: r.GetPricebookId(), SellerId: seller, CurrencyCode: "EUR",
	}}, nil
}

// TestSetProviderAgain: what was done is answered again while Billing is away, and what was not is refused.
func TestSetProviderAgain(t *testing.T) {
	t.Parallel()
	books := &pricebooks{}
	a := start(t, nobody, books.service())
	books.seller.Store(a.seller)
	req := &ordersv1.SetProviderRequest{
		CustomerId: a.customer, Provider: &ordersv1.Provider{CurrencyCode: "EUR", PricebookId: id.New("pbk")},
	}
	op := rpc.WithKey(a.operator(t), "provider")
	set, err := a.customers.SetProvider(op, req)
	if err != nil {
		t.Fatal(err)
	}
	books.away.Store(true)
	again, err := a.customers.SetProvider(op, req)
	if err != nil || again.GetCustomer().GetEtag() != set.GetCustomer().GetEtag() || len(again.GetEvents()) != 1 {
		t.Errorf("sent again, the answer is %v, %v", again, err)
	}
	_, err = a.customers.SetProvider(a.operator(t), req)
	isRefused(t, err, codes.Unavailable, "UNAVAILABLE")
	req.Provider.PortalEnabled = true
	_, err = a.customers.SetProvider(op, req)
	isRefused(t, err, codes.InvalidArgument, "IDEMPOTENCY_KEY_REUSED")
}
