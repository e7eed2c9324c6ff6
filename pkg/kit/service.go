// Package kit is what a service is and how a process hosts n of them: one builder for storage, events, calls, clocks
// and shutdown, so that a service is a value and a main is a line. The separate binary is the case n = 1.
//
// It owns the wiring and nothing of the business: no domain word, no rule, no SQL of a service's own tables.
package kit

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text/catalog"
)

// Env is all that Setup can reach. Nothing in a service is global.
type Env struct {
	Name     string
	Log      *slog.Logger
	Machine  clock.Machine
	Business *clock.Business
	DB       *store.DB // nil when the service has no migrations
	Bus      *event.Bus
	World    *World // every process of the deployment, for the sandbox alone

	Data string // the service's own folder for files that are no database

	texts   *catalog.Catalogue
	process *Process
	runs    []namedRun
	closes  []func(context.Context) error
	subs    []event.Subscription

	handlers map[string]func(*store.Tx, event.Message) error // by consumer, until the set-up is done
	handler  http.Handler
	retain   []Retention
	actions  Actions
	found    []Found
	clock    *ClockKeeper
	damage   atomic.Pointer[error] // of the database's file; nil: none was found
}

type namedRun struct {
	name string
	run  func(context.Context) error
}

// Retention is how long rows of one table are kept, in machine time.
type Retention struct {
	Table string
	Keep  time.Duration
}

// RegisterService implements grpc.ServiceRegistrar: generated Register functions take the Env.
func (e *Env) RegisterService(desc *grpc.ServiceDesc, impl any) {
	e.process.registered = append(e.process.registered, registration{desc, impl})
}

// Conn returns a connection to a service by name, one of the peers that the Spec names. It is lazy, so there is no start
// order. Calls to a service that the deployment lacks fail as UNAVAILABLE, reason PEER_ABSENT.
func (e *Env) Conn(service string) grpc.ClientConnInterface {
	return e.process.conns.to(e.Name, service)
}

// Has says whether the deployment has a peer.
func (e *Env) Has(service string) bool { return e.process.conns.has(e.Name, service) }

// Draining ends when the process begins to shut down: a stream says goodbye then, all else finishes.
func (e *Env) Draining() <-chan struct{} { return e.process.draining.Done() }

// Subscribe says what the service does with the events of one of the purposes that its Spec declares. The consumer's
// durable name is the service and purpose.
func (e *Env) Subscribe(purpose string, handle func(*store.Tx, event.Message) error) {
	e.handlers[e.Name+"-"+purpose] = handle
}

// subscribed pairs what the Spec declares with what Setup does about it.
func (e *Env) subscribed(s Service) error {
	for _, sub := range s.subscriptions() {
		if sub.Handle = e.handlers[sub.Consumer]; sub.Handle == nil {
			return fmt.Errorf("the Spec declares the subscription %s, and Setup does nothing with it", sub.Consumer)
		}
		delete(e.handlers, sub.Consumer)
		e.subs = append(e.subs, sub)
	}
	for name := range e.handlers {
		return fmt.Errorf("the Spec does not declare the subscription %s", name)
	}
	return nil
}

// Go runs a worker for as long as the process lives. An error other than the context's ends the process.
func (e *Env) Go(name string, run func(context.Context) error) {
	e.runs = append(e.runs, namedRun{name, run})
}

// Close registers what to undo at the end, at the moment when it is opened. Calls run in reverse order.
func (e *Env) Close(f func(context.Context) error) { e.closes = append(e.closes, f) }

// ServeHTTP gives the process its HTTP handler; one hosted service may have one.
func (e *Env) ServeHTTP(h http.Handler) { e.handler = h }

// Retain hands a table to the retention sweeper; keep 0 means for ever.
func (e *Env) Retain(table string, keep time.Duration) {
	if keep > 0 {
		e.retain = append(e.retain, Retention{table, keep})
	}
}

// Work claims the due aggregates of a table and runs work on each, as long as the process lives.
func Work[T any](e *Env, table *store.Table[T], work func(context.Context, *store.Claim[T]) error) {
	o := e.process.config.Platform.Work
	tracer := e.process.telemetry.Tracers.Tracer("example.com/handover/pkg/kit")
	e.Go("work", func(ctx context.Context) error {
		return store.Work(ctx, table, store.WorkOptions{
			Lease: o.Lease.Std(), Batch: o.Parallel, Idle: o.Idle.Std(), MaxAttempts: o.MaxAttempts, Parallel: o.Parallel,
		}, func(ctx context.Context, c *store.Claim[T]) error {
			ctx, span := tracer.Start(ctx, "work "+table.Noun(), trace.WithAttributes(attribute.String("handover.aggregate", c.ID)))
			defer span.End()
			return work(ctx, c)
		})
	})
}
