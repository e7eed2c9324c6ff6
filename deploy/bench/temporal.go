package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"example.com/handover/deploy/bench/measure"
)

// temporal is the yardstick of [bench.steps]: the process of .ci/tools/temporal, server and worker in one. It is asked for a workflow
// by a number, and answers with it.
type temporal struct {
	pid    int
	mu     sync.Mutex
	orders *json.Encoder
	done   map[int]chan struct{}
	asked  int
	ended  chan struct{} // the process answers no more
}

// newTemporal starts it on two databases of its own. Each of its steps asks the simulated AWS who is calling.
func (b *bench) newTemporal(ctx context.Context, on server, endpoint string) (*temporal, error) {
	if _, err := os.Stat(b.temporal); err != nil {
		return nil, fmt.Errorf("make bin/temporal: %w", err)
	}
	var databases [2]storage
	for i := range databases {
		var err error
		if databases[i], err = on.fresh(ctx); err != nil {
			return nil, err
		}
	}
	cmd := exec.CommandContext(context.WithoutCancel(ctx), b.temporal,
		"-main", databases[0].url, "-visibility", databases[1].url, "-url", "http://"+endpoint+"/",
		"-content-type", "application/x-www-form-urlencoded", "-body", "Action=GetCallerIdentity&Version=2011-06-15",
		"-authorization", "AWS4-HMAC-SHA256 Credential=AKIARESELLER00000000/20260216/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	b.defers(func(context.Context) error { return stopped(cmd, in) })
	t := &temporal{pid: cmd.Process.Pid, orders: json.NewEncoder(in), done: map[int]chan struct{}{}, ended: make(chan struct{})}
	answers, ready := json.NewDecoder(out), 0
	if err := answers.Decode(&ready); err != nil {
		return nil, fmt.Errorf("it did not come up: %w", err)
	}
	go t.listen(answers)
	return t, nil
}

// stopped ends it with its input, or after a while.
func stopped(cmd *exec.Cmd, in io.Closer) error {
	_ = in.Close() // it may be gone
	patience := time.AfterFunc(settleTimeout, func() { _ = cmd.Process.Kill() })
	defer patience.Stop()
	return cmd.Wait()
}

// listen tells the callers of their workflows until the process ends.
func (t *temporal) listen(answers *json.Decoder) {
	defer close(t.ended)
	for n := 0; answers.Decode(&n) == nil; {
		t.mu.Lock()
		if waits := t.done[n]; waits != nil {
			close(waits)
			delete(t.done, n)
		}
		t.mu.Unlock()
	}
}

// run runs one workflow to its result.
func (t *temporal) run(ctx context.Context) error {
	done := make(chan struct{})
	t.mu.Lock()
	t.asked++
	t.done[t.asked] = done
	err := t.orders.Encode(t.asked)
	t.mu.Unlock()
	if err != nil {
		return err
	}
	select {
	case <-done:
		return nil
	case <-t.ended:
		return errors.New("it has ended")
	case <-ctx.Done():
		return ctx.Err()
	}
}

// slice runs n workflows. The calls are counted by the simulator of the suite.
func (t *temporal) slice(ctx context.Context, aws *transferrer, n, callers int) (played, error) {
	before, err := aws.calls(ctx)
	if err != nil {
		return played{}, err
	}
	began, err := measure.UsedBy(t.pid)
	if err != nil {
		return played{}, err
	}
	load, err := measure.Times(ctx, n, callers, func(ctx context.Context, _ int) error { return t.run(ctx) })
	if err != nil {
		return played{}, err
	}
	used, err := measure.UsedBy(t.pid)
	if err != nil {
		return played{}, err
	}
	load.CPU = used.CPU - began.CPU
	after, err := aws.calls(ctx)
	return playedBy(load, used.Resident, (after-before)/float64(n)), err
}
