package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"testing"

	"example.com/handover/deploy/bench/measure"
)

// TestWorkflowsAreAnsweredByTheirNumbers has the yardstick's process answer in another order than it was asked, and end.
func TestWorkflowsAreAnsweredByTheirNumbers(t *testing.T) {
	asked, orders := io.Pipe()
	answers, answer := io.Pipe()
	y := &temporal{orders: json.NewEncoder(orders), done: map[int]chan struct{}{}, ended: make(chan struct{})}
	go y.listen(json.NewDecoder(answers))
	served := make(chan error, 1)
	go func() {
		in, out := json.NewDecoder(asked), json.NewEncoder(answer)
		var first, second, third int
		err := errors.Join(in.Decode(&first), in.Decode(&second))
		served <- errors.Join(err, out.Encode(second), out.Encode(first), in.Decode(&third), answer.Close())
	}()
	load, err := measure.Times(t.Context(), 2, 2, func(ctx context.Context, _ int) error { return y.run(ctx) })
	if err != nil || load.Calls != 2 {
		t.Fatalf("ran %d, %v", load.Calls, err)
	}
	if err := y.run(t.Context()); err == nil {
		t.Error("a workflow was done by a process that has ended")
	}
	must(t, <-served)
}
