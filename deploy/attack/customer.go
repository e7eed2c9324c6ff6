package main

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/id"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// slowCustomer has one customer begin 300 calls over gRPC and 300 over HTTP whose bodies do not come. All the while another
// customer must be answered.
func slowCustomer(ctx context.Context, t *target, o *outcome) error {
	const n, size = 300, 1 << 20
	someone, err := t.person(actors.PersonOf(id.New("sub"), t.world.own.customer))
	if err != nil {
		return err
	}
	return t.measured(o, func() error {
		var all sync.WaitGroup
		for range n {
			all.Go(func() {
				s, err := t.honest["orders"].NewStream(someone.In(ctx), streamDesc(), ordersv1.OrderService_ListOrders_FullMethodName)
				if err == nil {
					err = s.RecvMsg(&ordersv1.ListOrdersResponse{})
				}
				o.want("a call without its body", err, "CANCELLED", "Canceled", "REQUEST_LATE", "BODIES_EXHAUSTED", "RATE_LIMITED")
			})
			all.Go(func() { o.slowBody(t.begin(ctx, "POST /v1/orders", someone.Bearer, size)) })
		}
		over := make(chan struct{})
		go func() {
			all.Wait()
			close(over)
		}()
		t.servesForeign(ctx, o, over)
		return nil
	})
}

// servesForeign has the other customer call until over is closed.
func (t *target) servesForeign(ctx context.Context, o *outcome, over <-chan struct{}) {
	const within = 15 * time.Second
	client := &http.Client{Timeout: within, Transport: &http.Transport{TLSClientConfig: t.tls()}}
	defer client.CloseIdleConnections()
	again := time.NewTicker(500 * time.Millisecond)
	defer again.Stop()
	for calls := 0; ; calls++ {
		select {
		case <-over:
			o.note("another customer answered %d times", calls)
			return
		case <-again.C:
		}
		limited, cancel := context.WithTimeout(ctx, within)
		if _, err := t.world.foreign.person.Order(limited, t.world.foreign.order); err != nil {
			o.gotIn("another customer's call over gRPC: %v", err)
		}
		if err := t.answersHTTP(limited, client, o); err != nil {
			o.gotIn("another customer's call over HTTP: %v", err)
		}
		cancel()
	}
}

// answersHTTP sends a body that is read and then refused for what it says.
func (t *target) answersHTTP(ctx context.Context, client *http.Client, o *outcome) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+t.http+"/v1/orders", strings.NewReader("[]"))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", t.world.foreign.person.Bearer)
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusBadRequest {
		o.gotIn("another customer's call over HTTP: %s", response.Status)
	}
	return response.Body.Close()
}
