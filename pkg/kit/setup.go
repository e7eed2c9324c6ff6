package kit

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"

	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/event"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text/catalog"
	"example.com/handover/pkg/wire"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
)

// setUp opens each service's database, then lets the service register itself.
func (p *Process) setUp(ctx context.Context, services []Service) error {
	for _, warning := range p.config.absentPeers(services) {
		p.log.WarnContext(ctx, "a peer is absent", "peer", warning)
	}
	for _, s := range services {
		e := &Env{
			Name: s.Name, Log: p.log.With("service", s.Name), Machine: p.machine, Business: p.business, Bus: p.buses[s.Name],
			World: &World{p}, process: p, clock: s.clock, handlers: map[string]func(*store.Tx, event.Message) error{},
		}
		var err error
		if e.texts, err = catalog.Load(s.texts, e.Log); err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		if e.Data, err = p.serviceFolder(s.Name); err != nil {
			return err
		}
		if s.migrations != nil {
			if err := p.openDatabase(ctx, s, e); err != nil {
				return fmt.Errorf("%s: %w", s.Name, err)
			}
		}
		p.hosted = append(p.hosted, e)
		if e.clock != nil {
			p.keeps.Store(true)
		}
		err = p.begun[s.Name].setUp(ctx, e)
		if err == nil {
			err = e.subscribed(s)
		}
		for _, f := range e.closes {
			p.closers.add(f)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
	}
	p.registered = append(p.registered, registration{&opsv1.OperationsService_ServiceDesc, &operations{process: p}})
	return nil
}

func (p *Process) openDatabase(ctx context.Context, s Service, e *Env) (err error) {
	describe := func(ctx context.Context, ev store.Event) proto.Message { return wire.Event(e.Words(ctx), s.Name, ev) }
	if e.DB, err = p.openStore(ctx, s, e.Log, p.business, describe); err != nil {
		return err
	}
	db := e.DB
	p.closers.add(func(context.Context) error { return db.Close() })
	db.OnCommit(func(bool, bool) { p.commits.Add(1) })
	keep := p.config.Platform.Retention
	e.Retain("events", keep.Events.Std())
	e.Retain("idempotency", keep.Idempotency.Std())
	e.Retain("inbox", keep.Inbox.Std())
	e.Retain("dead_letters", keep.DeadLetters.Std())
	return nil
}

// openStore opens a service's database. One in the data folder must be the one that was made there.
func (p *Process) openStore(
	ctx context.Context, s Service, log *slog.Logger, business *clock.Business, describe func(context.Context, store.Event) proto.Message,
) (*store.DB, error) {
	dsn, err := p.dsn(s.Name)
	if err != nil {
		return nil, err
	}
	migrations, err := fs.Sub(s.migrations, "migrations")
	if err != nil {
		return nil, err
	}
	embedded := p.config.Platform.Database.PostgreSQL.Value() == ""
	var identity string
	if embedded {
		if identity, err = p.manifest.expected(s.Name); err != nil {
			return nil, err
		}
	}
	db, err := store.Open(ctx, store.Options{
		DSN: dsn, Renew: p.config.Platform.Database.PostgreSQL.Value, Service: s.Name, Identity: identity,
		Migrations: migrations, Machine: p.machine, Business: business, Log: log, Probe: p.probe, Describe: describe,
	})
	if err == nil && embedded {
		if err = p.manifest.add(s.Name, db.Identity()); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return db, err
}

func (p *Process) dsn(service string) (string, error) {
	if url := p.config.Platform.Database.PostgreSQL.Value(); url != "" {
		return url, nil
	}
	folder, err := filepath.Abs(p.config.Platform.Data)
	return "sqlite:" + filepath.Join(folder, service, service+".db"), err
}
