package kit

import (
	"context"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
)

// Effect is one outside act of an aggregate T, in one value: when the document wants it, how it is done, how it is found
// again after an unanswered call, how it is taken back, and what is recorded. The driver of [WorkEffects] does the rest: it
// saves the intent before the call, prolongs the claim while the call lives, sorts the answer, looks an unanswered
// intent up before repeating it, backs off and, when it fails too often, has the row parked.
//
// Wanted, Begin, Refused, Absent and records are pure: they are the aggregate's rules and run inside a transaction.
type Effect[T any] struct {
	Name string // of the intent, the log and the trace: "invite"

	// Wanted returns what the document wants of this effect now, with the times; nil for nothing.
	Wanted func(doc *T) []intent.Want
	// Begin changes the document in the save that keeps the intent, before the call; nil: nothing to change.
	Begin func(doc *T, a Intended, now time.Time) ([]fact.Fact, error)
	// Admit draws permits, and refuses while the party may not be called; nothing was asked then. Nil: always.
	Admit func(ctx context.Context, a Attempt[T]) error
	// Do makes the call, and returns what is to be recorded when it was done.
	Do func(ctx context.Context, a Attempt[T]) (Record[T], error)
	// Prepare gathers what the call needs, before the intent is saved, and returns the call in place of Do; or a Record when
	// there is nothing to call for. On an error nothing was asked. Nil: Do needs nothing.
	Prepare func(ctx context.Context, a Attempt[T]) (Call[T], Record[T], error)
	// Find looks for the effect of a call whose answer is not known; a nil Record: there is nothing. Nil: the party knows the
	// token, so that the call itself is repeated.
	Find func(ctx context.Context, a Attempt[T]) (Record[T], error)
	// Absent changes the document when Find has found nothing; the effect is then begun anew, with another token. Nil:
	// nothing to change.
	Absent func(doc *T, a Intended, now time.Time) ([]fact.Fact, error)
	// Refused records that the party will not do it, or does not let us in. Nil: a refusal fails the row, which is parked in the
	// end, and for a Patient effect is asked again in a day, which Effects.Waiting tells when it goes on; while the party does
	// not let us in, it is asked every hour, and the document's ledger says since when (intent.Ledger.Denied), so that the
	// aggregate can say who must mend that.
	Refused func(doc *T, a Intended, o intent.Outcome, now time.Time) ([]fact.Fact, error)

	// Unwanted returns what exists of this effect and is to be taken back; nil for nothing.
	Unwanted func(doc *T) []intent.Want
	// Undo takes it back, and returns what is to be recorded. It is safe to repeat.
	Undo func(ctx context.Context, a Attempt[T]) (Record[T], error)

	// Outcome reads the party's errors; nil: those of another service of the suite.
	Outcome func(error) intent.Outcome
	// Token makes the token of a new intent; nil: a fresh one.
	Token func(doc *T, subject string) string
	// Look says that the call changes nothing outside: no intent is kept for it.
	Look bool
	// Patient says that the party may be away for long, and that nothing else of the aggregate waits for it: the effect is
	// tried again in business time, by itself. Without it the row backs off in machine time, as a whole.
	Patient bool
	// Limit is the longest that one try may take, machine time; 0: half a minute.
	Limit time.Duration
	// Settle is how long, machine time, a party is given after an unanswered call before its effect is looked for.
	Settle time.Duration
}

// Call is one call outside, as Do makes it.
type Call[T any] func(ctx context.Context, a Attempt[T]) (Record[T], error)

// Record notes in the newest document what came of a call.
type Record[T any] func(doc *T, now time.Time) ([]fact.Fact, error)

// Intended is an effect that was begun.
type Intended struct {
	Subject string
	Token   string
}

// Attempt is what a call gets to know. Doc is the document as it was saved with the intent, and not to be changed.
type Attempt[T any] struct {
	Intended
	ID, Customer, Correlation string
	Doc                       *T
	Now                       time.Time // business time
}

const (
	defaultLimit = 30 * time.Second
	undoSuffix   = "-undo" // of the intent that takes an effect back
)

// Effects are the outside acts of an aggregate, in order of precedence: of what is due, the first is done.
type Effects[T any] struct {
	All []Effect[T]
	// Ledger is where the document keeps its intents.
	Ledger func(doc *T) *intent.Ledger
	// Dates are the document's own times, at which Tick has something to say; zero: none.
	Dates func(doc *T) time.Time
	// Tick closes every pass, after the record of the effect that was done: dates that have come, requests that were served.
	// It gets the name of the effect; empty: none was due, or the one that was has failed. Nil: nothing to do.
	Tick func(doc *T, did string, now time.Time) ([]fact.Fact, error)
}

// Next returns when the document is due: the earliest of its dates and of what it wants outside. It is what a kind gives
// the store.
func (es *Effects[T]) Next(doc *T) time.Time {
	var next time.Time
	if es.Dates != nil {
		next = es.Dates(doc)
	}
	wanted := es.wanted(doc)
	for _, d := range wanted {
		if next.IsZero() || d.at.Before(next) {
			next = d.at
		}
	}
	if len(es.outlived(doc, wanted)) > 0 {
		return intent.Immediately
	}
	return next
}

// outlived returns the keys of what was put off and is not wanted any more. It is forgotten at once: wanted again later, it
// would wait for the end of a pause that another wish began.
func (es *Effects[T]) outlived(doc *T, wanted []due[T]) []string {
	keys := map[string]bool{}
	for _, d := range wanted {
		keys[intent.Key(d.key(), d.subject)] = true
	}
	var over []string
	for key, i := range *es.Ledger(doc) {
		if !i.Asked && !keys[key] {
			over = append(over, key)
		}
	}
	return over
}

// due is one effect with its subject and time.
type due[T any] struct {
	effect  *Effect[T]
	subject string
	undo    bool
	at      time.Time
	asked   bool // its answer is not known
	more    bool // it is done beside one that failed: the claim is kept
	begun   bool // its intent was saved with what came of the effect before

	goesOn func() bool // whether another one may follow in the same pass
	then   *due[T]     // what follows; nil: nothing
}

// beginsAtOnce reports whether nothing is to be done between its turn and its intent.
func (d *due[T]) beginsAtOnce() bool {
	return !d.undo && !d.asked && !d.effect.Look && d.effect.Prepare == nil
}

// doing names what is done, in an error.
func (d due[T]) doing() string { return d.key() + " " + d.subject }

// key is the name of its intent.
func (d due[T]) key() string {
	if d.undo {
		return d.effect.Name + undoSuffix
	}
	return d.effect.Name
}

// wanted returns everything that the document wants, in order of precedence. An intent whose answer is not known is due
// whether it is still wanted or not.
func (es *Effects[T]) wanted(doc *T) []due[T] {
	ledger := *es.Ledger(doc)
	var all []due[T]
	for i := range es.All {
		e := &es.All[i]
		var open map[string]bool
		for _, subject := range ledger.Open(e.Name) {
			all = append(all, due[T]{effect: e, subject: subject, at: again(ledger, e.Name, subject), asked: true})
			if open == nil {
				open = map[string]bool{}
			}
			open[subject] = true
		}
		for _, w := range e.Wanted(doc) {
			if !open[w.Subject] && !w.At.IsZero() {
				all = append(all, due[T]{effect: e, subject: w.Subject, at: latest(w.At, again(ledger, e.Name, w.Subject))})
			}
		}
		if e.Unwanted == nil {
			continue
		}
		for _, w := range e.Unwanted(doc) {
			all = append(all, due[T]{effect: e, subject: w.Subject, undo: true, at: latest(w.At, again(ledger, e.Name+undoSuffix, w.Subject))})
		}
	}
	return all
}

// again is before when an intent is not tried; Immediately when there is none.
func again(l intent.Ledger, effect, subject string) time.Time {
	if i := l[intent.Key(effect, subject)]; i != nil && !i.Again.IsZero() {
		return i.Again
	}
	return intent.Immediately
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
