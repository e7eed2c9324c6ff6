package main

import (
	"cmp"
	"fmt"
	"strings"
	"sync"
)

// progress says how far a life has come, and how far it was at each end of a process.
type progress struct {
	mu    sync.Mutex
	now   place
	ends  []place
	whose []string
}

// place is a part of a life.
type place struct {
	step, of int    // of so many
	name     string // of the step; empty: the life has not begun
	state    string // of the order, when the step began; empty: there is none
}

// reach says that a step begins.
func (p *progress) reach(step, of int, name, state string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = place{step, of, name, state}
}

// note keeps where the life is, for a process has ended.
func (p *progress) note(whose string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ends, p.whose = append(p.ends, p.now), append(p.whose, whose)
}

// places are where the life was at the ends.
func (p *progress) places() []place {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ends
}

func (p *progress) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []string
	for i, e := range p.ends {
		all = append(all, p.whose[i]+" in "+e.String())
	}
	return strings.Join(all, "; ")
}

func (p place) String() string {
	if p.name == "" {
		return "its first start"
	}
	return fmt.Sprintf("%d/%d %s (%s)", p.step+1, p.of, p.name, cmp.Or(p.state, "no order yet"))
}

// fifth is which fifth of its life it is in, from 0.
func (p place) fifth() int {
	return 5 * p.step / p.of
}
