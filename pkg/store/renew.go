package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5"
)

// renewal reads the URL of a running process again. It takes the user, the password and the certificates over, and nothing
// else: rows that are written in another database are missing in the first one.
type renewal struct {
	Options
	first *pgx.ConnConfig

	mu      sync.Mutex
	last    *pgx.ConnConfig // the last that was taken over
	refused string          // the last that was not, which is said once
}

func newRenewal(o Options, first *pgx.ConnConfig) *renewal {
	return &renewal{Options: o, first: first, last: first}
}

// into changes how a connection is about to be made.
func (r *renewal) into(ctx context.Context, c *pgx.ConnConfig) error {
	if r.Renew == nil {
		return nil
	}
	dsn := r.Renew()
	r.mu.Lock()
	defer r.mu.Unlock()
	now, err := r.postgres(dsn)
	if err != nil { // a certificate whose key has not arrived yet, for one; the next connection looks again
		r.say(ctx, err.Error(), fmt.Errorf("a file cannot be used; the former one stays: %w", err))
	} else if err := r.check(now); err != nil {
		r.say(ctx, dsn, fmt.Errorf("the URL has changed, start the process again to use it: %w", err))
	} else {
		r.last, r.refused = now, ""
	}
	c.User, c.Password, c.TLSConfig, c.Fallbacks = r.last.User, r.last.Password, r.last.TLSConfig, r.last.Fallbacks
	return nil
}

// say logs once why what is new is not taken over.
func (r *renewal) say(ctx context.Context, what string, err error) {
	if r.refused == what {
		return
	}
	if r.refused = what; r.Log != nil {
		r.Log.LogAttrs(ctx, slog.LevelWarn, "the credentials of the database are not taken over", slog.Any("error", err))
	}
}

func (r *renewal) check(now *pgx.ConnConfig) error {
	switch {
	case now.Database != r.first.Database:
		return errors.New("it names another database")
	case !slices.Equal(ways(now), ways(r.first)):
		return errors.New("it names other hosts or ports")
	case len(unverified(r.first)) == 0 && len(unverified(now)) > 0:
		return errors.New("it does without TLS, or without the server's name")
	}
	return nil
}

// way is where a connection may go to.
type way struct {
	host string
	port uint16
}

// ways are those of a URL in their order, each once: with some modes it is tried with TLS and without.
func ways(c *pgx.ConnConfig) []way {
	all := []way{{c.Host, c.Port}}
	for _, f := range c.Fallbacks {
		all = append(all, way{f.Host, f.Port})
	}
	return slices.Compact(all)
}
