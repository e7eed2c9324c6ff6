package main

import (
	"context"
	"fmt"
	"time"

	"example.com/handover/deploy/bench/measure"
	"example.com/handover/pkg/clock"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
)

// worked times n pieces of work, in processor time and in all.
func worked(n int, do func() error) ([]float64, error) {
	began := clock.Machine{}.Now()
	cpu, err := measure.CPUOf(do)
	took := clock.Machine{}.Now().Sub(began)
	return []float64{measure.Milliseconds(cpu) / float64(n), float64(n) / took.Seconds()}, err
}

// settleTimeout is how long a slice may take to work off what it has begun.
const settleTimeout = time.Minute

// eventually asks again and again what is left, until it is nothing.
func eventually(ctx context.Context, left func(context.Context) (string, error)) error {
	ctx, cancel := context.WithTimeout(ctx, settleTimeout)
	defer cancel()
	for {
		what, err := left(ctx)
		if err != nil || what == "" {
			return err
		}
		if err := (clock.Machine{}).Wait(ctx, 20*time.Millisecond); err != nil {
			return fmt.Errorf("after %s: %s", settleTimeout, what)
		}
	}
}

// busy says what these services still have to do.
func (s *fixture) busy(ctx context.Context, services ...string) (string, error) {
	for _, service := range services {
		resp, err := s.Operations(service).GetWork(s.operator.In(ctx), &opsv1.GetWorkRequest{Service: service})
		if err != nil {
			return "", fmt.Errorf("work of %s: %w", service, err)
		}
		w := resp.GetWork()
		if w.GetDue()+w.GetClaimed()+w.GetBackingOff()+w.GetUnpublished()+w.GetUnacked() > 0 {
			return fmt.Sprintf("%s has work: %v", service, w), nil
		}
	}
	return "", nil
}
