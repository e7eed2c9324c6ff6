package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// grows is what an attack may add to the memory of each process, in MiB.
const grows = 96

// resident is what processes hold, in MiB, by their ids.
type resident map[int]int

// measured runs an attack, and looks at each process's memory before it, all the while, and after it.
func (t *target) measured(o *outcome, attack func() error) error {
	before := t.memory()
	peak := resident{}
	peak.raise(before)
	over, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		again := time.NewTicker(50 * time.Millisecond)
		defer again.Stop()
		for {
			select {
			case <-again.C:
				peak.raise(t.memory())
			case <-over:
				peak.raise(t.memory())
				return
			}
		}
	}()
	err := attack()
	close(over)
	<-watched
	o.grown(before, peak)
	return err
}

// grown holds every process against what it may take, and notes the one that took most.
func (o *outcome) grown(before, peak resident) {
	most := 0
	for pid, now := range peak {
		if now-before[pid] >= peak[most]-before[most] {
			most = pid
		}
		if now-before[pid] > grows {
			o.gotIn("the memory of process %d grew by %d MiB", pid, now-before[pid])
		}
	}
	o.note("RSS at most %d → %d MiB", before[most], peak[most])
}

// raise keeps the higher of what each process holds.
func (r resident) raise(now resident) {
	for pid, holds := range now {
		r[pid] = max(r[pid], holds)
	}
}

// memory is what the processes hold now.
func (t *target) memory() resident {
	all := resident{}
	for _, pid := range t.pids {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
		if fields := strings.Fields(string(text)); err == nil && len(fields) > 1 {
			pages, _ := strconv.Atoi(fields[1]) // the system writes numbers
			all[pid] = pages * os.Getpagesize() >> 20
		}
	}
	return all
}
