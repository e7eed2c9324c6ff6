package kit

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/store"
)

// WorkEffects does the effects of the due aggregates of a table, as long as the process lives. Each pass does what is
// due, one after the other.
func WorkEffects[T any](e *Env, table *store.Table[T], effects *Effects[T]) {
	WorkEffectsWith(e, table, effects, alone[T])
}

// WorkEffectsWith is WorkEffects for an aggregate whose changes are saved together with others'.
func WorkEffectsWith[T any](e *Env, table *store.Table[T], effects *Effects[T], save Save[T]) {
	d := &driver[T]{effects: effects, log: e.Log.With("kind", table.Noun()), save: save}
	d.count = func(ctx context.Context, effect string, class intent.Class) {
		e.process.outside.Add(ctx, 1, metric.WithAttributes(attribute.String("service", e.Name), attribute.String("kind", table.Noun()),
			attribute.String("effect", effect), attribute.String("outcome", string(class))))
	}
	Work(e, table, d.pass)
}

// Save applies changes to a claimed row and to what follows it in one transaction, and then does with the claim what they say.
type Save[T any] func(ctx context.Context, c *store.Claim[T], s Saving[T]) error

// Saving is what a pass saves of its row.
type Saving[T any] struct {
	Changes []Change[T]             // in order; where others follow the row and it follows them, they do so after each
	Then    func(doc *T) store.Then // asked when all is applied
	Midway  bool                    // the claim is kept, whatever the document says: as for an intent before its call
}

// Change changes a document and returns what is to be told of it.
type Change[T any] func(doc *T) ([]fact.Fact, error)

// Apply makes all changes, for a row that follows no other.
func (s Saving[T]) Apply(doc *T) ([]fact.Fact, error) {
	var all []fact.Fact
	for _, change := range s.Changes {
		facts, err := change(doc)
		if err != nil {
			return nil, err
		}
		all = append(all, facts...)
	}
	return all, nil
}

func alone[T any](ctx context.Context, c *store.Claim[T], s Saving[T]) error {
	return c.Settle(ctx, s.Apply, s.Then)
}

// driver does the effects of a claimed aggregate.
type driver[T any] struct {
	effects *Effects[T]
	log     *slog.Logger
	count   func(ctx context.Context, effect string, class intent.Class)
	save    Save[T]
}

// kept saves in the middle of something.
func (d *driver[T]) kept(ctx context.Context, c *store.Claim[T], change Change[T]) error {
	return d.saved(ctx, c, Saving[T]{Changes: []Change[T]{change}, Then: func(*T) store.Then { return store.Keep }, Midway: true})
}

// closed saves what came of the last effect of a pass, or that there was none.
func (d *driver[T]) closed(ctx context.Context, c *store.Claim[T], change Change[T]) error {
	return d.saved(ctx, c, Saving[T]{Changes: []Change[T]{change}, Then: func(*T) store.Then { return store.Free }})
}

// saved saves, and has the document forget what it has outlived.
func (d *driver[T]) saved(ctx context.Context, c *store.Claim[T], s Saving[T]) error {
	last := len(s.Changes) - 1
	change := s.Changes[last]
	s.Changes[last] = func(doc *T) ([]fact.Fact, error) {
		facts, err := change(doc)
		d.effects.Ledger(doc).Forget(d.effects.outlived(doc, d.effects.wanted(doc)))
		return facts, err
	}
	return d.save(ctx, c, s)
}

// passLimit is how many effects a pass does at most: an aggregate that always has something due must let others have their turn.
const passLimit = 16

// pass does what is due, one effect after the other, under one claim. Each is closed with Tick.
func (d *driver[T]) pass(ctx context.Context, c *store.Claim[T]) error {
	now := c.Now()
	next := d.first(c.Doc, now)
	if next == nil {
		return d.closed(ctx, c, func(doc *T) ([]fact.Fact, error) { return d.tick(doc, "", now) })
	}
	for left := passLimit - 1; next != nil; left-- {
		next.goesOn = func() bool { return left > 0 && ctx.Err() == nil && !c.Ends() }
		if err := d.one(c, next); err != nil {
			if !errors.Is(err, store.ErrLostClaim) {
				d.meanwhile(c)
			}
			return err
		}
		next = next.then
	}
	return nil
}

// first returns the first effect that is due; nil: none is.
func (d *driver[T]) first(doc *T, now time.Time) *due[T] {
	for _, next := range d.effects.wanted(doc) {
		if !next.at.After(now) {
			return &next
		}
	}
	return nil
}

// meanwhile does what does not wait for an effect that failed, which may fail for as long as its party is away: the dates that
// have come, and the patient effects. It keeps the claim, which the failure of the pass frees.
func (d *driver[T]) meanwhile(c *store.Claim[T]) {
	ctx, stop := c.Keep(defaultLimit)
	defer stop()
	now := c.Now()
	err := d.kept(ctx, c, func(doc *T) ([]fact.Fact, error) { return d.tick(doc, "", now) })
	for _, next := range d.effects.wanted(c.Doc) {
		if err != nil {
			break
		}
		if next.effect.Patient && !next.at.After(now) {
			next.more = true
			err = d.one(c, &next)
		}
	}
	if err != nil {
		d.log.WarnContext(ctx, "what does not wait for a failed effect was not done either", "id", c.ID, "error", err)
	}
}

// one keeps the claim for as long as the call may take, and for the saves around it.
func (d *driver[T]) one(c *store.Claim[T], next *due[T]) error {
	limit := next.effect.Limit
	if limit == 0 {
		limit = defaultLimit
	}
	ctx, stop := c.Keep(limit + limit/4) // what came of the call is recorded after its deadline, too
	defer stop()
	calls, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if admit := next.effect.Admit; admit != nil {
		if err := admit(calls, d.attempt(c, next)); err != nil {
			return cmp.Or(d.takenBack(ctx, c, next), err)
		}
	}
	err := d.act(ctx, calls, c, next)
	if err != nil && errors.Is(calls.Err(), context.DeadlineExceeded) {
		return overran(err, limit)
	}
	return err
}

// overran makes missing our own limit a failure that counts: what never fits would be tried for ever otherwise.
func overran(err error, limit time.Duration) error {
	e := errs.Wrap(err, errs.Internal, "INTERNAL", "the call did not end within %s", limit)
	if cause, ok := errs.As(err); ok {
		e.RetryAfter = cause.RetryAfter
	}
	return e
}

func (d *driver[T]) act(ctx, calls context.Context, c *store.Claim[T], next *due[T]) error {
	switch {
	case next.undo:
		return d.undo(ctx, calls, c, next)
	case next.asked && next.effect.Find != nil:
		return d.find(ctx, calls, c, next)
	default:
		return d.do(ctx, calls, c, next)
	}
}

func (d *driver[T]) do(ctx, calls context.Context, c *store.Claim[T], next *due[T]) error {
	e := next.effect
	call := Call[T](e.Do)
	if e.Prepare != nil {
		var settled Record[T]
		var err error
		if call, settled, err = e.Prepare(calls, d.attempt(c, next)); err != nil {
			return err
		}
		if settled != nil {
			return d.finish(ctx, c, next, settled)
		}
	}
	if !e.Look {
		wanted, err := d.begin(ctx, c, next)
		if err != nil {
			return err
		}
		if !wanted {
			return d.finish(ctx, c, next, nil)
		}
	}
	record, err := call(calls, d.attempt(c, next))
	return d.settle(ctx, c, next, record, d.outcome(ctx, next, err), err)
}

// begin saves the intent, unless it was saved with what came of the effect before. A change that came in between may have taken the wish
// back: then nothing is asked.
func (d *driver[T]) begin(ctx context.Context, c *store.Claim[T], next *due[T]) (wanted bool, err error) {
	if next.begun {
		return true, nil
	}
	now := c.Now()
	err = d.kept(ctx, c, func(doc *T) ([]fact.Fact, error) {
		if wanted = d.still(doc, next, now); !wanted {
			return nil, nil
		}
		return d.intend(doc, next, now)
	})
	return wanted, err
}

// intend notes in the document that an effect begins.
func (d *driver[T]) intend(doc *T, next *due[T], now time.Time) ([]fact.Fact, error) {
	ledger := d.effects.Ledger(doc)
	if i := (*ledger)[intent.Key(next.effect.Name, next.subject)]; i != nil && i.Asked {
		return nil, nil // repeated as it was
	}
	i := ledger.Begin(next.effect.Name, next.subject, next.effect.token(doc, next.subject))
	if next.effect.Begin == nil {
		return nil, nil
	}
	return next.effect.Begin(doc, Intended{next.subject, i.Token}, now)
}

// still reports whether the newest document wants the effect, too.
func (d *driver[T]) still(doc *T, next *due[T], now time.Time) bool {
	for _, w := range d.effects.wanted(doc) {
		if w.key() == next.key() && w.subject == next.subject && !w.at.After(now) {
			return true
		}
	}
	return false
}

// outcome reads and counts what came of a call.
func (d *driver[T]) outcome(ctx context.Context, next *due[T], err error) intent.Outcome {
	o := next.effect.outcome(err)
	d.count(ctx, next.key(), o.Class)
	return o
}

// find settles an intent whose answer is not known.
func (d *driver[T]) find(ctx, calls context.Context, c *store.Claim[T], next *due[T]) error {
	e := next.effect
	record, err := e.Find(calls, d.attempt(c, next))
	if o := d.outcome(ctx, next, err); o.Class != intent.Done {
		return d.notNow(ctx, c, next, o, err)
	}
	if record != nil {
		return d.finish(ctx, c, next, record)
	}
	a := d.intended(c, next)
	return d.finish(ctx, c, next, func(doc *T, now time.Time) ([]fact.Fact, error) {
		if e.Absent == nil {
			return nil, nil
		}
		return e.Absent(doc, a, now)
	})
}

func (d *driver[T]) undo(ctx, calls context.Context, c *store.Claim[T], next *due[T]) error {
	record, err := next.effect.Undo(calls, d.attempt(c, next))
	if o := d.outcome(ctx, next, err); o.Class != intent.Done {
		return d.notNow(ctx, c, next, o, err)
	}
	return d.finish(ctx, c, next, record)
}

// settle records what came of a call, or leaves the intent to be looked up.
func (d *driver[T]) settle(ctx context.Context, c *store.Claim[T], next *due[T], record Record[T], o intent.Outcome, cause error) error {
	e := next.effect
	switch {
	case o.Class == intent.Done:
		return d.finish(ctx, c, next, record)
	case o.Refuses() && e.Refused != nil:
		d.log.WarnContext(ctx, "an outside party refused", "id", c.ID, "effect", e.Name, "subject", next.subject,
			"class", o.Class, "code", o.Code, "reason", o.Reason, "message", o.Message, "request", o.RequestID)
		a := d.intended(c, next)
		return d.finish(ctx, c, next, func(doc *T, now time.Time) ([]fact.Fact, error) { return e.Refused(doc, a, o, now) })
	default:
		return d.notNow(ctx, c, next, o, cause)
	}
}

// notNow leaves an effect for later. What surely had no effect is taken back first, so that it is not looked for.
func (d *driver[T]) notNow(ctx context.Context, c *store.Claim[T], next *due[T], o intent.Outcome, cause error) error {
	e := next.effect
	switch {
	case e.Patient:
		d.log.InfoContext(ctx, "an effect waits for its party", "id", c.ID, "effect", next.key(), "subject", next.subject,
			"class", o.Class, "error", cause)
		return d.putOff(ctx, c, next, o)
	case o.Class == intent.Denied:
		d.log.WarnContext(ctx, "an outside party does not let us in", "id", c.ID, "effect", next.key(), "subject", next.subject,
			"code", o.Code, "message", o.Message, "request", o.RequestID)
		return d.denied(ctx, c, next, o, cause)
	}
	if o.Class != intent.Unanswered && !e.Look && !next.undo && !next.asked {
		if err := d.unasked(ctx, c, next); err != nil {
			return err
		}
	}
	return backOff(o, e.Settle, next.doing(), cause)
}

// takenBack is for an effect that is not admitted after its intent was saved with what came of the effect before.
func (d *driver[T]) takenBack(ctx context.Context, c *store.Claim[T], next *due[T]) error {
	if !next.begun {
		return nil
	}
	return d.unasked(ctx, c, next)
}

// unasked notes that an intent had no effect: it is not looked for.
func (d *driver[T]) unasked(ctx context.Context, c *store.Claim[T], next *due[T]) error {
	return d.kept(ctx, c, func(doc *T) ([]fact.Fact, error) {
		if i := (*d.effects.Ledger(doc))[intent.Key(next.effect.Name, next.subject)]; i != nil {
			i.Asked = false
		}
		return nil, nil
	})
}

// putOff leaves a patient effect for a later business time, by itself.
func (d *driver[T]) putOff(ctx context.Context, c *store.Claim[T], next *due[T], o intent.Outcome) error {
	now := c.Now()
	return d.ended(ctx, c, next, func(doc *T) ([]fact.Fact, error) {
		i := d.left(doc, next)
		if o.Class == intent.Later {
			i.Asked = false
		}
		i.Postpone(o, now)
		return d.tick(doc, next.key(), now)
	})
}

// denied leaves an effect whose party does not let us in for a later business time, by itself. The first denials are repeated
// in machine time: by their error the row backs off.
func (d *driver[T]) denied(ctx context.Context, c *store.Claim[T], next *due[T], o intent.Outcome, cause error) error {
	now, atOnce := c.Now(), false
	err := d.kept(ctx, c, func(doc *T) ([]fact.Fact, error) {
		i := d.left(doc, next)
		i.Asked = next.asked // nothing came of this call; of the one before it that is not known
		atOnce = i.Deny(now)
		return nil, nil
	})
	switch {
	case err != nil:
		return err
	case atOnce:
		return backOff(o, next.effect.Settle, next.doing(), cause)
	}
	return d.closed(ctx, c, func(doc *T) ([]fact.Fact, error) { return d.tick(doc, next.key(), now) })
}

// left is the intent of an effect that is left for later.
func (d *driver[T]) left(doc *T, next *due[T]) *intent.Intent {
	ledger := d.effects.Ledger(doc)
	i := (*ledger)[intent.Key(next.key(), next.subject)]
	if i == nil {
		i = ledger.Begin(next.key(), next.subject, "")
		i.Asked = false
	}
	return i
}

// backOff is the error by which the row as a whole waits. What is away or busy is tried for as long as it takes, and so is
// being let in nowhere, which is mended once for all rows and told by their waits; what is refused without anybody to record it
// counts, until the row is parked. Our own deadline counts too: the store sees to it.
func backOff(o intent.Outcome, settle time.Duration, doing string, cause error) error {
	if e, ok := errs.As(cause); ok && !o.Refuses() && o.Class != intent.Unanswered {
		return e // a permit says itself when to come again
	}
	kind := errs.Unavailable
	if o.Class == intent.Refused {
		kind = errs.Precondition
	}
	e := errs.Wrap(cause, kind, "EFFECT_"+string(o.Class), "%s was not done for now", doing)
	e.RetryAfter = max(settle, o.RetryAfter)
	return e
}

// finish ends the intent and records what came of it.
func (d *driver[T]) finish(ctx context.Context, c *store.Claim[T], next *due[T], record Record[T]) error {
	now := c.Now()
	return d.ended(ctx, c, next, func(doc *T) ([]fact.Fact, error) {
		d.effects.Ledger(doc).End(next.key(), next.subject)
		var facts []fact.Fact
		if record != nil {
			var err error
			if facts, err = record(doc, now); err != nil {
				return nil, err
			}
		}
		more, err := d.tick(doc, next.key(), now)
		return append(facts, more...), err
	})
}

// ended saves what came of an effect. When another one is due, the pass goes on with it: the claim is kept, and its intent is saved in the
// same transaction, before its call. Where that cannot be begun, the pass ends, and the next one says why.
func (d *driver[T]) ended(ctx context.Context, c *store.Claim[T], next *due[T], change Change[T]) error {
	if next.more {
		return d.kept(ctx, c, change)
	}
	now, refused := c.Now(), false
	err := d.saved(ctx, c, Saving[T]{
		Changes: []Change[T]{change, func(doc *T) (facts []fact.Fact, err error) {
			if next.then = nil; next.goesOn() {
				next.then = d.first(doc, now)
			}
			if next.then != nil && next.then.beginsAtOnce() {
				next.then.begun = true
				facts, err = d.intend(doc, next.then, now)
				refused = err != nil
			}
			return facts, err
		}},
		Then: func(*T) store.Then {
			if next.then != nil {
				return store.GoOn
			}
			return store.Free
		},
	})
	if refused && err != nil {
		next.then = nil
		return d.closed(ctx, c, change)
	}
	return err
}

func (d *driver[T]) tick(doc *T, did string, now time.Time) ([]fact.Fact, error) {
	if d.effects.Tick == nil {
		return nil, nil
	}
	return d.effects.Tick(doc, did, now)
}

func (d *driver[T]) attempt(c *store.Claim[T], next *due[T]) Attempt[T] {
	return Attempt[T]{
		Intended: d.intended(c, next), ID: c.ID, Customer: c.Customer, Correlation: c.Correlation, Doc: c.Doc, Now: c.Now(),
	}
}

func (d *driver[T]) intended(c *store.Claim[T], next *due[T]) Intended {
	a := Intended{Subject: next.subject}
	if i := (*d.effects.Ledger(c.Doc))[intent.Key(next.key(), next.subject)]; i != nil {
		a.Token = i.Token
	}
	return a
}

func (e *Effect[T]) outcome(err error) intent.Outcome {
	if e.Outcome == nil {
		return intent.OfPeer(err)
	}
	return e.Outcome(err)
}

func (e *Effect[T]) token(doc *T, subject string) string {
	if e.Token == nil {
		return id.New("int")
	}
	return e.Token(doc, subject)
}
