package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"example.com/handover/deploy/bench/measure"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/gateway"
	"example.com/handover/services/orders"
)

// unlimited lifts the gateway's limits, which one caller from one address would meet at once.
const unlimited = `
services:
  gateway:
    limits: {caller_rate: 1000000000, caller_burst: 1000000000, address_rate: 1000000000, address_burst: 1000000000}
`

// gateway measures GetOrder through the gateway, HTTP and JSON, against the same call over gRPC to the service.
func (b *bench) gateway(ctx context.Context) error {
	return b.scope(ctx, func() error {
		s, orderID, err := b.behindGateway(ctx)
		if err != nil {
			return err
		}
		caller := newGatewayCaller(s, orderID)
		read := s.customer.In(ctx)
		for _, callers := range b.size.callers {
			values := func(l measure.Load, err error) ([]float64, error) {
				return []float64{l.Rate(), l.Quantile(0.5), l.Quantile(0.99), l.CPUPerCall()}, err
			}
			err := b.measure(ctx, measure.Pair{
				Figure: fmt.Sprintf("GetOrder through the gateway, %d callers", callers), Against: "gRPC to the service",
				Lines: []measure.Line{{Unit: "requests/s"}, {Unit: "p50 ms"}, {Unit: "p99 ms"}, {Unit: "CPU ms each"}},
				Product: func(ctx context.Context, length time.Duration) ([]float64, error) {
					return values(measure.For(ctx, length, callers, caller.get))
				},
				Yardstick: func(_ context.Context, length time.Duration) ([]float64, error) {
					return values(measure.For(read, length, callers, func(ctx context.Context, _ int) error {
						_, err := s.Orders.GetOrder(ctx, &ordersv1.GetOrderRequest{OrderId: orderID})
						return err
					}))
				},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// behindGateway hosts orders and gateway in one process, with one order in it.
func (b *bench) behindGateway(ctx context.Context) (*fixture, string, error) {
	at, err := b.newFolder()
	if err != nil {
		return nil, "", err
	}
	c, err := at.config(beforeEverything(), unlimited)
	if err != nil {
		return nil, "", err
	}
	c.Platform.Peers = map[string]string{"accounttransfer": nobody, "billing": nobody, "support": nobody, "notifications": nobody}
	p, err := b.start(ctx, c, orders.Service(), gateway.Service())
	if err != nil {
		return nil, "", err
	}
	s, err := p.set(ctx)
	if err != nil {
		return nil, "", err
	}
	orderID, err := s.draft(ctx, sampleAccount)
	return s, orderID, err
}

// gatewayCaller is a caller of the gateway.
type gatewayCaller struct {
	client *http.Client
	url    string
	token  string
}

func newGatewayCaller(s *fixture, orderID string) *gatewayCaller {
	return &gatewayCaller{
		// Each caller keeps its connection, as a gRPC caller does.
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: time.Minute},
		url:    "http://" + s.HTTPAddress() + "/v1/orders/" + orderID,
		token:  s.customer.Bearer,
	}
}

// get reads the whole answer and does not decode it.
func (d *gatewayCaller) get(ctx context.Context, _ int) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.url, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", d.token)
	resp, err := d.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", resp.Status, body)
	}
	return err
}
