// Package intent is what an aggregate has asked, or is about to ask, of somebody outside: of AWS, ServiceNow, a mail
// server or another service of the suite. An intent is saved in the aggregate's document before the call, so that a
// process that is lost at any instruction neither loses an effect nor doubles it.
//
// It owns the shape of an intent, the one list of outcomes of a call, and the set of mails, reminders and cases that an
// aggregate wishes for. It calls nobody (the effects of a service do, driven by the kit) and reads no clock, so that a
// domain package may use it.
package intent

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Immediately is the time of what is wanted now, whatever the time.
var Immediately = time.Unix(0, 0).UTC()

// Want is one effect that a document wants.
type Want struct {
	Subject string    // what it is about, among the effects of one name: an attempt, a step, a wish; empty: there is one
	At      time.Time // when; Immediately: now. The zero time is never
}

// Now wants an effect at once.
func Now() []Want { return []Want{{At: Immediately}} }

// At wants an effect at a time.
func At(at time.Time) []Want { return []Want{{At: at}} }

// Intent is an effect that was begun: asked for, with an answer still to come, or waiting to be asked for again.
type Intent struct {
	Token string    `json:"token"`           // the same in every repetition, until it is known that nothing came of it
	Asked bool      `json:"asked,omitempty"` // the call may have gone out; its answer is not known
	Tries int       `json:"tries,omitempty"` // in a row that brought no answer
	Again time.Time `json:"again,omitzero"`  // no try before it, business time

	Refusals int       `json:"refusals,omitempty"` // of a party that is asked again in a day, in a row
	DeniedAt time.Time `json:"denied_at,omitzero"` // since when the party does not let us in, business time; zero: it does
}

// Ledger holds the intents of an aggregate, by effect and subject. It is a part of the document; the zero Ledger is empty.
type Ledger map[string]*Intent

// Key names an intent in a ledger.
func Key(effect, subject string) string {
	if subject == "" {
		return effect
	}
	return effect + "/" + subject
}

// Asked reports whether the answer to an effect is not known.
func (l Ledger) Asked(effect, subject string) bool {
	i := l[Key(effect, subject)]
	return i != nil && i.Asked
}

// AnyAsked reports whether the answer to an effect of this name is not known, whatever its subject.
func (l Ledger) AnyAsked(effect string) bool {
	for key, i := range l {
		if name, _ := split(key); name == effect && i.Asked {
			return true
		}
	}
	return false
}

// Begin keeps the intent of an effect before its call, and returns it. A repetition keeps its token.
func (l *Ledger) Begin(effect, subject, token string) *Intent {
	if *l == nil {
		*l = Ledger{}
	}
	key := Key(effect, subject)
	i := (*l)[key]
	if i == nil {
		i = &Intent{Token: token}
		(*l)[key] = i
	}
	i.Asked = true
	return i
}

// End forgets an intent: its answer is known.
func (l *Ledger) End(effect, subject string) {
	delete(*l, Key(effect, subject))
	if len(*l) == 0 {
		*l = nil
	}
}

// The pauses before a party that is away by itself is asked again.
const (
	shortestPause = 15 * time.Minute
	longestPause  = 6 * time.Hour
	refusedPause  = 24 * time.Hour // only people can mend a refusal
	refusedOften  = 3              // refusals in a row, after which it is said that people must mend it
	deniedPause   = time.Hour      // people mend it as well, for all that the party is asked for at once

	deniedAtOnce = 3 // denials in a row without a pause: a credential may just be changing
)

// Postpone notes that an effect was not done, and when it is tried again: ever later while the other side is away, in a
// day when it refuses.
func (i *Intent) Postpone(o Outcome, now time.Time) {
	pause := longestPause
	if i.Tries < 5 {
		pause = min(pause, shortestPause<<i.Tries)
	}
	i.DeniedAt = time.Time{}
	if o.Class == Refused || o.Class == Denied {
		pause, i.Asked = refusedPause, false
		i.Refusals++
	} else {
		i.Refusals = 0
	}
	i.Tries, i.Again = i.Tries+1, now.Add(max(pause, o.RetryAfter))
}

// Deny notes that the party does not let us in. It is asked again every hour, but for the first denials, which are the
// caller's to repeat: true while that is so. Since when it has been so stays, whoever waits for it.
func (i *Intent) Deny(now time.Time) (atOnce bool) {
	if i.DeniedAt.IsZero() {
		i.DeniedAt, i.Tries = now, 0
	}
	if i.Tries++; i.Tries <= deniedAtOnce {
		return true
	}
	i.Again = now.Add(deniedPause)
	return false
}

// Refused reports whether a party has refused an effect again and again: it will do so until somebody mends what it does
// not like.
func (l Ledger) Refused() bool {
	for _, i := range l {
		if i.Refusals >= refusedOften {
			return true
		}
	}
	return false
}

// Denied returns since when a party does not let an effect of the aggregate be done, the first of them; zero: each does.
func (l Ledger) Denied() time.Time {
	var since time.Time
	for _, i := range l {
		if !i.DeniedAt.IsZero() && (since.IsZero() || i.DeniedAt.Before(since)) {
			since = i.DeniedAt
		}
	}
	return since
}

// TryDenied makes what a party denied due: somebody says that it is mended.
func (l Ledger) TryDenied() {
	for _, i := range l {
		if !i.DeniedAt.IsZero() {
			i.Again = time.Time{}
		}
	}
}

// Forget drops what waits for another try and is wanted by nobody any more. What may have been asked for stays: it is settled first.
func (l *Ledger) Forget(unwanted []string) {
	for _, key := range unwanted {
		delete(*l, key)
	}
	if len(*l) == 0 {
		*l = nil
	}
}

// Open returns the subjects of the intents of an effect whose answers are not known, sorted.
func (l Ledger) Open(effect string) []string {
	var subjects []string
	for _, key := range slices.Sorted(maps.Keys(l)) {
		if name, subject := split(key); name == effect && l[key].Asked {
			subjects = append(subjects, subject)
		}
	}
	return subjects
}

func split(key string) (effect, subject string) {
	effect, subject, _ = strings.Cut(key, "/")
	return effect, subject
}
