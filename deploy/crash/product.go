package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"example.com/handover/deploy/cluster"
)

// startTimeout is how long a process may take to be ready, with all that it has to recover.
const startTimeout = 30 * time.Second

// product is the process that is killed. Whenever it is gone it is started again.
type product struct {
	ctx     context.Context // of the whole run: the process lives through many calls
	command cluster.Command
	file    cluster.File
	address string

	mu     sync.Mutex
	now    *cluster.Process // nil while there is none that should run
	deaths int              // since the last restart
	broken error            // it ended otherwise than by a kill, or could not be started again
}

func newProduct(ctx context.Context, c cluster.Command, f cluster.File, address string) *product {
	return &product{ctx: context.WithoutCancel(ctx), command: c, file: f, address: address}
}

// restart ends the process gracefully and starts it with a fault; empty: none.
func (p *product) restart(killAt string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.end(); err != nil {
		return err
	}
	p.deaths = 0
	return p.start(killAt)
}

// stop ends the process gracefully.
func (p *product) stop() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.end()
}

func (p *product) end() error {
	old := p.now
	p.now = nil
	if old == nil {
		return p.broken
	}
	if err := old.Stop(); err != nil && !old.Killed() {
		return fmt.Errorf("a graceful end: %w", err)
	}
	return p.broken
}

// start brings the process up; one that is killed on its way up is started again without its fault.
func (p *product) start(killAt string) error {
	for {
		p.file.Set("platform.faults.kill_at", killAt)
		if err := p.file.Write(p.command.Args[len(p.command.Args)-1]); err != nil {
			return err
		}
		started, err := cluster.Launch(p.ctx, p.command)
		if err != nil {
			return err
		}
		err = p.ready(started)
		if err == nil {
			p.now = started
			go p.watch(started)
			return nil
		}
		stopped := started.Stop()
		if !started.Killed() || killAt == "" {
			return errors.Join(err, stopped)
		}
		p.deaths++
		killAt = ""
	}
}

func (p *product) ready(started *cluster.Process) error {
	ctx, cancel := context.WithTimeout(p.ctx, startTimeout)
	defer cancel()
	return started.Ready(ctx, p.address)
}

// watch starts the process again when it has been killed.
func (p *product) watch(started *cluster.Process) {
	<-started.Done()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.now != started {
		return // it was asked to end
	}
	p.now = nil
	if !started.Killed() {
		p.broken = fmt.Errorf("it ended by itself: %w", started.Err())
		return
	}
	p.deaths++
	p.broken = p.start("")
}

// kill ends the process the hard way. One that is gone already is left alone.
func (p *product) kill() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.now == nil {
		return nil
	}
	return p.now.Kill()
}

// state tells the process's id, how often it died since the last restart, and what is wrong with it.
func (p *product) state() (pid, deaths int, broken error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.now != nil {
		pid = p.now.PID
	}
	return pid, p.deaths, p.broken
}
