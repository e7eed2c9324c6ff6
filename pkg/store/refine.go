package store

import (
	"context"
	"errors"

	"example.com/handover/pkg/errs"
)

// refine turns what a driver said into an error that callers can branch on; errors that already are one pass.
func (db *DB) refine(ctx context.Context, err error, doing string) error {
	if err == nil {
		return nil
	}
	if _, ok := errs.As(err); ok {
		return err
	}
	switch {
	case errors.Is(ctx.Err(), context.Canceled), errors.Is(err, context.Canceled):
		return errs.Wrap(err, errs.Cancelled, "CANCELLED", "the caller went away")
	case errors.Is(ctx.Err(), context.DeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return errs.Wrap(err, errs.Deadline, "DEADLINE_EXCEEDED", "the database did not answer in time")
	}
	switch db.dialect.classify(err) {
	case duplicate:
		return errs.Wrap(err, errs.Exists, "ALREADY_EXISTS", "a unique value is taken").
			WithMeta("unique", db.dialect.unique(err))
	case contention:
		return errs.Wrap(err, errs.Unavailable, "UNAVAILABLE", "others hold what is needed")
	case away:
		return errs.Wrap(err, errs.Unavailable, "UNAVAILABLE", "the database is away")
	case unclassified:
	}
	return errs.Wrap(err, errs.Internal, "INTERNAL", "%s", doing)
}
