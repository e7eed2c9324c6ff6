package support

import (
	"context"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/services/support/internal/cases"
	"example.com/handover/services/support/internal/servicenow"
)

// create saves the intent first: ServiceNow takes no idempotency token, so that a lost answer can only be settled by
// the correlation id. An answer that arrives is settled the same way, for another attempt may have been before it.
func (r *reconciler) create(ctx, calls context.Context, c *claim) (decision, error) {
	if err := c.Save(ctx, (*cases.Case).PrepareRecord); err != nil {
		return nil, err
	}
	made, err := r.desk.Create(calls, c.Doc)
	switch servicenow.Classify(err).Class {
	case servicenow.Done:
		return r.adopt(calls, c.ID, &made)
	case servicenow.Unanswered:
		return nil, r.later(err) // the intent stands: the next pass looks for the record
	default:
		return r.unsent(ctx, c, (*cases.Case).RecordNotSent, err)
	}
}

// find settles a record whose answer was lost.
func (r *reconciler) find(ctx context.Context, caseID string) (decision, error) {
	return r.adopt(ctx, caseID, nil)
}

// adopt takes the oldest record of a case and discards the others, which every replica sees alike. Made is a record
// that is known to be there; nil: none.
func (r *reconciler) adopt(ctx context.Context, caseID string, made *cases.Seen) (decision, error) {
	found, err := r.desk.Find(ctx, caseID)
	if err != nil {
		return nil, r.later(err) // the intent stands
	}
	if len(found) == 0 && made != nil {
		found = append(found, *made)
	}
	if len(found) == 0 {
		return func(k *cases.Case, _ time.Time) ([]fact.Fact, error) { return k.RecordNotFound() }, nil
	}
	if err := r.discard(ctx, found, found[0]); err != nil {
		return nil, err
	}
	return func(k *cases.Case, now time.Time) ([]fact.Fact, error) { return k.Recorded(found[0], now) }, nil
}

// discard cancels every record but the one that counts.
func (r *reconciler) discard(ctx context.Context, found []cases.Seen, counts cases.Seen) error {
	for _, second := range found {
		if second.Ref == counts.Ref {
			continue
		}
		if err := r.desk.Discard(ctx, second, counts.Number); err != nil {
			return r.later(err)
		}
	}
	return nil
}

// read looks at the record, and at its journal when the record has changed since the journal was last read.
func (r *reconciler) read(ctx context.Context, k *cases.Case) (decision, error) {
	seen, err := r.desk.Read(ctx, k.Record.Ref)
	if err != nil {
		return nil, r.later(err)
	}
	if k.Repeated { // what was sent first may have turned up since
		found, err := r.desk.Find(ctx, k.ID)
		if err != nil {
			return nil, r.later(err)
		}
		if err := r.discard(ctx, found, seen); err != nil {
			return nil, err
		}
	}
	var journal cases.Journal
	if k.Hears(seen) {
		if journal, err = r.desk.Journal(ctx, seen.Ref); err != nil {
			return nil, r.later(err)
		}
	}
	return observed(seen, journal), nil
}

// resolve carries the wish out. Where ServiceNow refuses, the record may be resolved or closed already; if not, the wish
// waits, and comments still go out.
func (r *reconciler) resolve(ctx context.Context, k *cases.Case) (decision, error) {
	seen, err := r.desk.Resolve(ctx, k.Record.Ref, k.Wish.Notes)
	if servicenow.Classify(err).Class != servicenow.Refused {
		if err != nil {
			return nil, r.later(err) // doing it again changes nothing
		}
		return observed(seen, nil), nil
	}
	seen, unread := r.desk.Read(ctx, k.Record.Ref)
	if unread != nil {
		return nil, r.later(unread)
	}
	if state := seen.Means(); state != cases.Resolved && !state.Ended() {
		r.log.WarnContext(ctx, "ServiceNow refused to resolve a case", "case", k.ID, "error", err)
		return func(k *cases.Case, now time.Time) ([]fact.Fact, error) { return k.ResolveRefused(now) }, nil
	}
	return observed(seen, nil), nil
}

func observed(seen cases.Seen, journal cases.Journal) decision {
	return func(k *cases.Case, now time.Time) ([]fact.Fact, error) { return k.Observe(seen, journal, now) }
}
