package support

import (
	"context"
	"strings"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/notice"
	"example.com/handover/pkg/text"
	"example.com/handover/services/support/internal/cases"
	"example.com/handover/services/support/internal/servicenow"
)

// desk is what the effects of a case need. Nil serves where only the times of the effects are asked for.
type desk struct {
	client  *servicenow.Client
	words   text.Words // of the records, which people of the reseller read
	notices *notice.Peers

	settle time.Duration // machine time that ServiceNow is given after an unanswered call
	late   time.Duration // machine time within which ServiceNow carries out a call that it has not answered, if ever
}

type (
	attempt = kit.Attempt[cases.Case]
	record  = kit.Record[cases.Case]
)

// caseEffects are all that a case does in ServiceNow, in order of precedence.
func caseEffects(d *desk) *kit.Effects[cases.Case] {
	var settle, late time.Duration
	var notices *notice.Peers
	if d != nil {
		settle, late, notices = d.settle, d.late, d.notices
	}
	all := []kit.Effect[cases.Case]{
		{ // the record, once: ServiceNow takes no idempotency token, but a record can be found by the id of its case
			Name: "record", Wanted: (*cases.Case).WantsRecord, Do: d.create, Find: d.findRecord, Absent: noRecord,
		},
		{ // what was said here, each comment once: a repeated write would add a second entry, which nobody can take back
			Name: "comment", Wanted: (*cases.Case).WantsComment, Do: d.comment, Find: d.findComment, Refused: commentRefused,
			Settle: late,
		},
		{ // the wish to resolve it: doing it again changes nothing
			Name: "resolve", Wanted: (*cases.Case).WantsResolve, Do: d.resolve, Refused: resolveRefused,
		},
		{ // what people have done in ServiceNow
			Name: "look", Wanted: (*cases.Case).WantsLook, Do: d.look, Look: true,
		},
	}
	for i := range all {
		all[i].Outcome, all[i].Settle = servicenow.Outcome, max(all[i].Settle, settle)
	}
	all = append(all, notice.Effect(notices, notice.Set[cases.Case]{ // Operations hears of a case that stands still
		Wanted: (*cases.Case).Wanted, Kept: func(k *cases.Case) *intent.Wishes { return &k.Wishes },
	}))
	return &kit.Effects[cases.Case]{
		All: all, Ledger: func(k *cases.Case) *intent.Ledger { return &k.Intents },
		Dates: (*cases.Case).EscalatesAt,
		Tick:  func(k *cases.Case, _ string, now time.Time) ([]fact.Fact, error) { return k.Escalate(now), nil },
	}
}

// create makes the record. An answer that arrives is settled as a lost one is, for another attempt may have been before it.
func (d *desk) create(ctx context.Context, a attempt) (record, error) {
	title, description := a.Doc.Words(d.words)
	made, err := d.client.Create(ctx, a.Doc, title, strings.TrimSpace(d.words.Say(a.Doc.RecordText(description))))
	if err != nil {
		return nil, err
	}
	recorded, err := d.adopt(ctx, a.ID, &made)
	return recorded, servicenow.Unsettled(err)
}

func (d *desk) findRecord(ctx context.Context, a attempt) (record, error) {
	return d.adopt(ctx, a.ID, nil)
}

// adopt takes the oldest record of a case and discards the others, which every replica sees alike. Made is a record
// that is known to be there; nil: none.
func (d *desk) adopt(ctx context.Context, caseID string, made *cases.Seen) (record, error) {
	found, err := d.client.Find(ctx, caseID)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 && made != nil {
		found = append(found, *made)
	}
	if len(found) == 0 {
		return nil, nil
	}
	if err := d.discard(ctx, found, found[0]); err != nil {
		return nil, err
	}
	return func(k *cases.Case, now time.Time) ([]fact.Fact, error) { return k.Recorded(found[0], now) }, nil
}

// discard cancels every record but the one that counts.
func (d *desk) discard(ctx context.Context, found []cases.Seen, counts cases.Seen) error {
	note := d.words.Say(text.New("record.duplicate", "number", counts.Number))
	for _, second := range found {
		if second.Ref == counts.Ref {
			continue
		}
		if err := d.client.Discard(ctx, second, note); err != nil {
			return err
		}
	}
	return nil
}

func noRecord(k *cases.Case, _ kit.Intended, _ time.Time) ([]fact.Fact, error) {
	k.RecordAbsent()
	return nil, nil
}

func (d *desk) comment(ctx context.Context, a attempt) (record, error) {
	seen, err := d.client.Comment(ctx, a.Doc.Record.Ref, d.words.Say(a.Doc.CommentText(a.Subject)))
	if err != nil {
		return nil, err
	}
	return func(k *cases.Case, now time.Time) ([]fact.Fact, error) {
		k.CommentSent(a.Subject)
		return k.Observe(seen, nil, now)
	}, nil
}

// findComment settles a comment whose answer was lost.
func (d *desk) findComment(ctx context.Context, a attempt) (record, error) {
	said, err := d.client.Said(ctx, a.Doc.Record.Ref, a.Subject)
	if err != nil || !said {
		return nil, err
	}
	return func(k *cases.Case, _ time.Time) ([]fact.Fact, error) {
		k.CommentSent(a.Subject)
		return nil, nil
	}, nil
}

func commentRefused(k *cases.Case, a kit.Intended, _ intent.Outcome, _ time.Time) ([]fact.Fact, error) {
	return k.CommentRefused(a.Subject), nil
}

// resolve carries the wish out. Where ServiceNow refuses, the record may be resolved or closed already; if not, the wish
// waits, and comments still go out.
func (d *desk) resolve(ctx context.Context, a attempt) (record, error) {
	if a.Doc.Wish == nil { // it was resolved by another while the answer was lost
		return nil, nil
	}
	seen, err := d.client.Resolve(ctx, a.Doc.Record.Ref, a.Doc.Wish.Notes)
	if servicenow.Classify(err).Class != intent.Refused {
		return observed(seen, nil), err
	}
	seen, unread := d.client.Read(ctx, a.Doc.Record.Ref)
	if unread != nil {
		return nil, unread
	}
	if state := seen.Means(); state != cases.Resolved && !state.Ended() {
		return nil, err
	}
	return observed(seen, nil), nil
}

func resolveRefused(k *cases.Case, _ kit.Intended, _ intent.Outcome, now time.Time) ([]fact.Fact, error) {
	return k.ResolveRefused(now), nil
}

// look reads the record, and its journal when the record has changed since the journal was last read.
func (d *desk) look(ctx context.Context, a attempt) (record, error) {
	seen, err := d.client.Read(ctx, a.Doc.Record.Ref)
	if err != nil {
		return nil, err
	}
	if a.Doc.Repeated { // what was sent first may have turned up since
		found, err := d.client.Find(ctx, a.ID)
		if err != nil {
			return nil, err
		}
		if err := d.discard(ctx, found, seen); err != nil {
			return nil, err
		}
	}
	var journal cases.Journal
	if a.Doc.Hears(seen) {
		if journal, err = d.client.Journal(ctx, seen.Ref); err != nil {
			return nil, err
		}
	}
	return observed(seen, journal), nil
}

func observed(seen cases.Seen, journal cases.Journal) record {
	return func(k *cases.Case, now time.Time) ([]fact.Fact, error) { return k.Observe(seen, journal, now) }
}
