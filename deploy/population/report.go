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
	transfers, connections := map[string]int{}, map[string]int{}
	for _, c := range p.all {
		t, err := p.operator.Transfer(ctx, c.transferID)
		if err != nil {
			return err
		}
		transfers[strings.TrimPrefix(t.GetState().String(), "TRANSFER_STATE_")]++
		connections[strings.TrimPrefix(t.GetConnection().GetState().String(), "CONNECTION_STATE_")]++
	}
	_, _ = fmt.Fprintf(p.out, "transfers: %s\nconnections: %s\n", list(transfers), list(connections))
	_, _ = fmt.Fprintf(p.out, "population ok: %d customers, %d months, %d kills, %d faults, seed %d, %s\n",
		len(p.all), p.flags.Months, p.kills, p.faults, p.flags.Seed, took.Round(time.Second))
	return nil
}

func list(counts map[string]int) string {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		words = append(words, fmt.Sprintf("%d %s", counts[name], name))
	}
	return strings.Join(words, ", ")
}
