package kit

import (
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

// WorkEffects does the effects of the due aggregates of a table, as long as the process lives. Each pass does one.
func WorkEffects[T any](e *Env, table *store.Table[T], effects *Effects[T]) {
	WorkEffectsWith(e, table, effects, alone[T])
}

// WorkEffectsWith is WorkEffects for an aggregate whose changes are saved together with others': save applies a change to
// the claimed row and to what follows it in one transaction, and frees the claim when last says so.
func WorkEffectsWith[T any](e *Env, table *store.Table[T], effects *Effects[T], save Save[T]) {
	d := &driver[T]{effects: effects, log: e.Log.With("kind", table.Noun())}
	d.count = func(ctx context.Context, effect string, class intent.Class) {
		e.process.outside.Add(ctx, 1, metric.WithAttributes(attribute.String("service", e.Name), attribute.String("kind", table.Noun()),
			attribute.String("effect", effect), attribute.String("outcome", string(class))))
	}
	d.saved = func(ctx context.Context, c *store.Claim[T], last bool, change func(*T) ([]fact.Fact, error)) error {
		return save(ctx, c, last, func(doc *T) ([]fact.Fact, error) {
			facts, err := change(doc)
			effects.Ledger(doc).Forget(effects.outlived(doc, effects.wanted(doc)))
			return facts, err
		})
	}
	Work(e, table, d.pass)
}

// Save applies a change to a claimed row; with last the claim is freed.
type Save[T any] func(ctx context.Context, c *store.Claim[T], last bool, change func(*T) ([]fact.Fact, error)) error

func alone[T any](ctx context.Context, c *store.Claim[T], last bool, change func(*T) ([]fact.Fact, error)) error {
	if last {
		return c.Finish(ctx, change)
	}
	return c.Save(ctx, change)
}

// driver does one effect of a claimed aggregate.
type driver[T any] struct {
	effects *Effects[T]
	log     *slog.Logger
	count   func(ctx context.Context, effect string, class intent.Class)
	saved   Save[T]
}

// pass does the first effect that is due and closes with Tick.
func (d *driver[T]) pass(ctx context.Context, c *store.Claim[T]) error {
	now := c.Now()
	for _, next := range d.effects.wanted(c.Doc) {
		if next.at.After(now) {
			continue
		}
		err := d.one(c, next)
		if err != nil && !errors.Is(err, store.ErrLostClaim) {
			d.meanwhile(c)
		}
		return err
	}
	return d.saved(ctx, c, true, func(doc *T) ([]fact.Fact, error) { return d.tick(doc, "", now) })
}

// meanwhile does what does not wait for an effect that failed, which may fail for as long as its party is away: the dates that
// have come, and the patient effects. It keeps the claim, which the failure of the pass frees.
func (d *driver[T]) meanwhile(c *store.Claim[T]) {
	ctx, stop := c.Keep(defaultLimit)
	defer stop()
	now := c.Now()
	err := d.saved(ctx, c, false, func(doc *T) ([]fact.Fact, error) { return d.tick(doc, "", now) })
	for _, next := range d.effects.wanted(c.Doc) {
		if err != nil {
			break
		}
		if next.effect.Patient && !next.at.After(now) {
			next.more = true
			err = d.one(c, next)
		}
	}
	if err != nil {
		d.log.WarnContext(ctx, "what does not wait for a failed effect was not done either", "id", c.ID, "error", err)
	}
}

// one keeps the claim for as long as the call may take, and for the saves around it.
func (d *driver[T]) one(c *store.Claim[T], next due[T]) error {
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
			return err
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

func (d *driver[T]) act(ctx, calls context.Context, c *store.Claim[T], next due[T]) error {
	switch {
	case next.undo:
		return d.undo(ctx, calls, c, next)
	case next.asked && next.effect.Find != nil:
		return d.find(ctx, calls, c, next)
	default:
		return d.do(ctx, calls, c, next)
	}
}

func (d *driver[T]) do(ctx, calls context.Context, c *store.Claim[T], next due[T]) error {
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

// begin saves the intent. A change that came in between may have taken the wish back: then nothing is asked.
func (d *driver[T]) begin(ctx context.Context, c *store.Claim[T], next due[T]) (wanted bool, err error) {
	now := c.Now()
	err = d.saved(ctx, c, false, func(doc *T) ([]fact.Fact, error) {
		if wanted = d.still(doc, next, now); !wanted {
			return nil, nil
		}
		ledger := d.effects.Ledger(doc)
		if i := (*ledger)[intent.Key(next.effect.Name, next.subject)]; i != nil && i.Asked {
			return nil, nil // repeated as it was
		}
		i := ledger.Begin(next.effect.Name, next.subject, next.effect.token(doc, next.subject))
		if next.effect.Begin == nil {
			return nil, nil
		}
		return next.effect.Begin(doc, Intended{next.subject, i.Token}, now)
	})
	return wanted, err
}

// still reports whether the newest document wants the effect, too.
func (d *driver[T]) still(doc *T, next due[T], now time.Time) bool {
	for _, w := range d.effects.wanted(doc) {
		if w.key() == next.key() && w.subject == next.subject && !w.at.After(now) {
			return true
		}
	}
	return false
}

// outcome reads and counts what came of a call.
func (d *driver[T]) outcome(ctx context.Context, next due[T], err error) intent.Outcome {
	o := next.effect.outcome(err)
	d.count(ctx, next.key(), o.Class)
	return o
}

// find settles an intent whose answer is not known.
func (d *driver[T]) find(ctx, calls context.Context, c *store.Claim[T], next due[T]) error {
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

func (d *driver[T]) undo(ctx, calls context.Context, c *store.Claim[T], next due[T]) error {
	record, err := next.effect.Undo(calls, d.attempt(c, next))
	if o := d.outcome(ctx, next, err); o.Class != intent.Done {
		return d.notNow(ctx, c, next, o, err)
	}
	return d.finish(ctx, c, next, record)
}

// settle records what came of a call, or leaves the intent to be looked up.
func (d *driver[T]) settle(ctx context.Context, c *store.Claim[T], next due[T], record Record[T], o intent.Outcome, cause error) error {
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
func (d *driver[T]) notNow(ctx context.Context, c *store.Claim[T], next due[T], o intent.Outcome, cause error) error {
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
		err := d.saved(ctx, c, false, func(doc *T) ([]fact.Fact, error) {
			if i := (*d.effects.Ledger(doc))[intent.Key(e.Name, next.subject)]; i != nil {
				i.Asked = false
			}
			return nil, nil
		})
		if err != nil {
			return err
		}
	}
	return backOff(o, e.Settle, next.doing(), cause)
}

// putOff leaves a patient effect for a later business time, by itself.
func (d *driver[T]) putOff(ctx context.Context, c *store.Claim[T], next due[T], o intent.Outcome) error {
	now := c.Now()
	return d.saved(ctx, c, !next.more, func(doc *T) ([]fact.Fact, error) {
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
func (d *driver[T]) denied(ctx context.Context, c *store.Claim[T], next due[T], o intent.Outcome, cause error) error {
	now, atOnce := c.Now(), false
	err := d.saved(ctx, c, false, func(doc *T) ([]fact.Fact, error) {
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
	return d.saved(ctx, c, true, func(doc *T) ([]fact.Fact, error) { return d.tick(doc, next.key(), now) })
}

// left is the intent of an effect that is left for later.
func (d *driver[T]) left(doc *T, next due[T]) *intent.Intent {
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

// finish ends the intent, records and closes the pass, unless it goes on.
func (d *driver[T]) finish(ctx context.Context, c *store.Claim[T], next due[T], record Record[T]) error {
	now := c.Now()
	return d.saved(ctx, c, !next.more, func(doc *T) ([]fact.Fact, error) {
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

func (d *driver[T]) tick(doc *T, did string, now time.Time) ([]fact.Fact, error) {
	if d.effects.Tick == nil {
		return nil, nil
	}
	return d.effects.Tick(doc, did, now)
}

func (d *driver[T]) attempt(c *store.Claim[T], next due[T]) Attempt[T] {
	return Attempt[T]{
		Intended: d.intended(c, next), ID: c.ID, Customer: c.Customer, Correlation: c.Correlation, Doc: c.Doc, Now: c.Now(),
	}
}

func (d *driver[T]) intended(c *store.Claim[T], next due[T]) Intended {
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
