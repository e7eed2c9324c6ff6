package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"go.temporal.io/sdk/client"
)

// carryOut runs the workflows, and ends at the first that fails.
func (s *server) carryOut(ctx context.Context, o order) (outcome, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	took := make([]float64, o.Workflows)
	var next atomic.Int64
	var running sync.WaitGroup
	began, cpu := time.Now(), cpuTime()
	for range o.Callers {
		running.Go(func() {
			for i := int(next.Add(1) - 1); i < o.Workflows && ctx.Err() == nil; i = int(next.Add(1) - 1) {
				begun := time.Now()
				if err := s.one(ctx); err != nil {
					cancel(err)
					return
				}
				took[i] = time.Since(begun).Seconds() * 1000
			}
		})
	}
	running.Wait()
	done := outcome{Seconds: time.Since(began).Seconds(), Milliseconds: took, CPUSeconds: (cpuTime() - cpu).Seconds()}
	if err := context.Cause(ctx); err != nil {
		return done, err
	}
	var err error
	done.Resident, err = resident()
	return done, err
}

func (s *server) one(ctx context.Context) error {
	run, err := s.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{TaskQueue: queue}, transfer)
	if err != nil {
		return err
	}
	var answers []string
	if err := run.Get(ctx, &answers); err != nil {
		return err
	}
	if len(answers) != steps {
		return fmt.Errorf("%d steps were done", len(answers))
	}
	return nil
}

func cpuTime() time.Duration {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil { // fails for a wrong argument only
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// resident is how much memory this process has, in megabytes.
func resident() (float64, error) {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, err
	}
	pages, err := strconv.ParseFloat(strings.Fields(string(text))[1], 64)
	return pages * float64(os.Getpagesize()) / 1e6, err
}
