package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// report prints what became of everybody.
func (p *population) report(ctx context.Context, took time.Duration) error {
	transfers, connections, requests := map[string]int{}, map[string]int{}, map[string]int{}
	for _, c := range p.customers {
		t, err := p.operator.Transfer(ctx, c.transferID)
		if err != nil {
			return err
		}
		transfers[strings.TrimPrefix(t.GetState().String(), "TRANSFER_STATE_")]++
		connections[strings.TrimPrefix(t.GetConnection().GetState().String(), "CONNECTION_STATE_")]++
	}
	all, err := p.requests(ctx)
	if err != nil {
		return err
	}
	for _, r := range all {
		requests[strings.TrimPrefix(r.GetState().String(), "ACCOUNT_REQUEST_STATE_")]++
	}
	_, _ = fmt.Fprintf(p.out, "transfers: %s\nconnections of orders: %s\naccount requests: %s\n",
		list(transfers), list(connections), list(requests))
	_, _ = fmt.Fprintf(p.out, "population ok: %d customers, %d months, %d kills, %d faults, seed %d, %s\n",
		p.came(), p.flags.Months, p.kills, p.faults, p.flags.Seed, took.Round(time.Second))
	return nil
}

func list(counts map[string]int) string {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		words = append(words, fmt.Sprintf("%d %s", counts[name], name))
	}
	return strings.Join(words, ", ")
}
