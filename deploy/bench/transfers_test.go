package main

import "testing"

// TestTransfersOfTenStepsAreCompleted plays the product's side of the figure steps: it counts only what has come to its end.
func TestTransfersOfTenStepsAreCompleted(t *testing.T) {
	b := testBench(t)
	s, err := b.newTransferrer(t.Context(), b.sqlite())
	must(t, err)
	got, err := s.slice(t.Context(), 3, 2)
	must(t, err)
	if got.calls < stepsEach/2 || got.rate <= 0 || got.resident <= 0 || got.p50 > got.p99 {
		t.Errorf("it gave %+v", got)
	}
}
