package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"google.golang.org/grpc"

	"example.com/handover/deploy/actors"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

func streamDesc() *grpc.StreamDesc { return &grpc.StreamDesc{ClientStreams: true} }

// manyWatches opens 10,000 watches with one token, over several connections.
func manyWatches(ctx context.Context, t *target, o *outcome) error {
	const n, connections, most = 10_000, 10, 20
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var all sync.WaitGroup
	var open sync.Map
	for c := range connections {
		conn, err := t.dial("orders")
		if err != nil {
			return err
		}
		watches := ordersv1.NewOrderServiceClient(conn)
		for i := range n / connections {
			all.Go(func() {
				s, err := watches.WatchOrder(t.world.own.person.In(ctx), &ordersv1.WatchOrderRequest{OrderId: t.world.own.order})
				if err == nil {
					_, err = s.Recv()
				}
				if err == nil {
					open.Store(fmt.Sprint(c, i), true)
					return
				}
				o.want("one more watch", err, "STREAMS_EXHAUSTED")
			})
		}
	}
	all.Wait()
	admitted := 0
	open.Range(func(any, any) bool { admitted++; return true })
	o.note("%d open at once", admitted)
	if admitted > most || admitted == 0 {
		o.gotIn("%d watches are open, and the limit is %d", admitted, most)
	}
	return nil
}

// watchBeyondToken keeps a watch open until its token ends.
func watchBeyondToken(ctx context.Context, t *target, o *outcome) error {
	for ttl := 2 * time.Second; ; ttl *= 2 { // a slow machine may need longer to open it
		token, err := t.issuer.Person(actors.PersonOf("anna", t.world.own.customer), ttl)
		if err != nil {
			return err
		}
		s, err := t.Orders.WatchOrder(acting(ctx, "Bearer "+token, ""), &ordersv1.WatchOrderRequest{OrderId: t.world.own.order})
		if err == nil {
			_, err = s.Recv()
		}
		if reasonOf(err) == "UNAUTHENTICATED" && ctx.Err() == nil {
			continue // it had ended before it was read
		}
		for err == nil {
			_, err = s.Recv()
		}
		o.want("a watch whose token has ended", err, "TOKEN_EXPIRED")
		return nil
	}
}
