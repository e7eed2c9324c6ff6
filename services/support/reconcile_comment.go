package support

import (
	"context"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/services/support/internal/cases"
	"example.com/handover/services/support/internal/servicenow"
)

// send saves the intent first: a repeated write would say the same thing twice.
func (r *reconciler) send(ctx, calls context.Context, c *claim, m cases.Comment) (decision, error) {
	if err := c.Save(ctx, func(k *cases.Case) ([]fact.Fact, error) { return k.PrepareComment(m.ID) }); err != nil {
		return nil, err
	}
	seen, err := r.desk.Comment(calls, c.Doc.Record.Ref, m.Text)
	switch servicenow.Classify(err).Class {
	case servicenow.Done:
		return func(k *cases.Case, now time.Time) ([]fact.Fact, error) {
			if _, err := k.CommentSent(m.ID); err != nil {
				return nil, err
			}
			return k.Observe(seen, nil, now)
		}, nil
	case servicenow.Refused:
		r.log.WarnContext(ctx, "ServiceNow refused a comment", "case", c.ID, "comment", m.ID, "error", err)
		return func(k *cases.Case, _ time.Time) ([]fact.Fact, error) { return k.CommentRefused(m.ID) }, nil
	case servicenow.Unanswered:
		return nil, r.later(err) // the intent stands: the next pass looks for it in the journal
	default:
		return r.unsent(ctx, c, func(k *cases.Case) ([]fact.Fact, error) { return k.CommentNotSent(m.ID) }, err)
	}
}

// lookUp settles a comment whose answer was lost.
func (r *reconciler) lookUp(ctx context.Context, ref cases.Ref, m cases.Comment) (decision, error) {
	entries, err := r.desk.Said(ctx, ref, m.Text)
	if err != nil {
		return nil, r.later(err)
	}
	return func(k *cases.Case, _ time.Time) ([]fact.Fact, error) { return k.CommentLookedUp(m.ID, entries) }, nil
}
