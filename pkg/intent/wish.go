package intent

import (
	"slices"
	"time"

	"example.com/handover/pkg/text"
)

// Kind is what an aggregate wishes for.
type Kind string

// The kinds.
const (
	Mail     Kind = "MAIL"     // one mail; once it was asked for, it is never taken back
	Reminder Kind = "REMINDER" // mails again and again, until it is stopped
	Case     Kind = "CASE"     // Operations works on it, until it is resolved; customers do not see it
)

// Wish is one mail, reminder or case that an aggregate wants, for as long as it is in the set that the aggregate computes.
type Wish struct {
	Key    string // stable, unique in the aggregate: "remind/accept-invitation/2"
	Kind   Kind
	Name   string // the template of a mail, the kind of a case: "order-completed", "ROLES_MISSING"
	Plan   string // of a reminder: its schedule
	To     string // a role of people (TECHNICAL, BILLING, PRIMARY, OPERATIONS) or a person, "per_…"
	Params map[string]string
	Where  text.Text // an instruction whose place a mail names as its parameter "where"; zero: none

	At    time.Time // a mail not before it, a reminder's schedule counts from it; zero: now
	Until time.Time // of a reminder: no mail at or after it; zero: the plan alone decides

	// Of a case: one line, what there is to do, and what is said when it is over. A mail is given the first two as its parameters
	// "title" and "body".
	Title, Body, Resolved text.Text
	Priority              string // of a case: P1 … P4; empty: P3
	Subject               string // what it is about, when that is not the aggregate: "inv_…"
	Customer, Correlation string // whose it is and what began it, when that is not the aggregate's
	Invoice               string // of a mail: the invoice whose PDF is attached
}

// Wished is a wish that another service has.
type Wished struct {
	ID   string    `json:"id"` // chosen before it was asked for
	Kind Kind      `json:"kind"`
	Over text.Text `json:"over,omitzero"` // of a case: what is said when it is over
}

// Wishes are the wishes of an aggregate that other services have, by key. It is a part of the document.
type Wishes map[string]Wished

// Granted notes that another service has a wish.
func (w *Wishes) Granted(key string, wished Wished) {
	if *w == nil {
		*w = Wishes{}
	}
	(*w)[key] = wished
}

// Over forgets a wish that another service has ended.
func (w *Wishes) Over(key string) { delete(*w, key) }

// Saying has something else said when a wish that another service has is over.
func (w Wishes) Saying(key string, over text.Text) {
	if wished, has := w[key]; has {
		wished.Over = over
		w[key] = wished
	}
}

// Missing returns the wanted wishes that nobody has yet.
func (w Wishes) Missing(wanted []Wish) []Wish {
	return slices.DeleteFunc(slices.Clone(wanted), func(wish Wish) bool { _, has := w[wish.Key]; return has })
}

// Unwanted returns the keys, sorted, of what other services have and must end, because the aggregate does not want it any
// more. A mail that was asked for is not among them.
func (w Wishes) Unwanted(wanted []Wish) []string {
	var keys []string
	for key, wished := range w {
		if wished.Kind != Mail && !slices.ContainsFunc(wanted, func(wish Wish) bool { return wish.Key == key }) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}
