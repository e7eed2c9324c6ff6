package kit

import (
	"context"
	"io/fs"
	"slices"
)

// Spec says what a service is. C is its configuration, so that its set-up gets it with its type.
type Spec[C any] struct {
	Name       string    // also its config section, database or schema, event stream and health name
	Migrations fs.FS     // with a folder migrations; nil: the service has no database
	Texts      fs.FS     // folder texts: what people read, a file per language; nil: the service says nothing
	Defaults   func() *C // the configuration with defaults set; nil: the service has no section in the file
	Peers      []string  // services that it calls, itself too if it does; one that the deployment lacks is a warning
	Optional   []string  // services that it calls where the deployment has them

	// Subscribes is on which kinds of aggregate of other services it acts, by purpose. What the service may read on the bus
	// is derived from it; Setup says what it does with each (Env.Subscribe).
	Subscribes map[string]Source

	Clock *ClockKeeper // nil: it does not keep the business time of a sandbox

	Setup func(context.Context, *Env, *C) error // reads top to bottom: store, adapters, server, consumers, work
}

// Source is one kind of aggregate of a service.
type Source struct{ Service, Noun string }

// NoConfig is the configuration of a service that has none.
type NoConfig struct{}

// Service is one service of the suite, ready to be hosted. New makes it.
type Service struct {
	Name string

	migrations, texts fs.FS
	peers, optional   []string
	subscribes        map[string]Source
	clock             *ClockKeeper
	begin             func() begun
}

// begun is one start of a service: its configuration, to be decoded, and the set-up that then uses it.
type begun struct {
	config any // a pointer to the struct with defaults set; nil: the service has no section
	setUp  func(context.Context, *Env) error
}

// New returns the service that a Spec describes.
func New[C any](s Spec[C]) Service {
	begin := func() begun {
		if s.Defaults == nil {
			return begun{nil, func(ctx context.Context, e *Env) error { return s.Setup(ctx, e, new(C)) }}
		}
		c := s.Defaults()
		return begun{c, func(ctx context.Context, e *Env) error { return s.Setup(ctx, e, c) }}
	}
	return Service{
		Name: s.Name, migrations: s.Migrations, texts: s.Texts, peers: s.Peers, optional: s.Optional, subscribes: s.Subscribes,
		clock: s.Clock, begin: begin,
	}
}

// Calls names the services that it may call: its peers, those that a deployment may lack included.
func (s Service) Calls() []string { return slices.Concat(s.peers, s.optional) }

// Around returns the service with its set-up called by wrap: for what looks at the Env from outside, as a test does.
func (s Service) Around(wrap func(ctx context.Context, e *Env, setUp func() error) error) Service {
	begin := s.begin
	s.begin = func() begun {
		b := begin()
		setUp := b.setUp
		b.setUp = func(ctx context.Context, e *Env) error {
			return wrap(ctx, e, func() error { return setUp(ctx, e) })
		}
		return b
	}
	return s
}
