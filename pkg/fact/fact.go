// Package fact is the vocabulary in which an aggregate says what happened to it.
//
// It owns the shape of a fact; the store turns facts into event rows, the relay turns event rows into messages. It
// imports the standard library only, so that a domain package may use it. The sentence that a reader of the timeline sees
// stands in the service's texts.
package fact

import "maps"

// Audience is the widest circle that may read a fact in a timeline.
type Audience string

// The audiences, each including the ones before it.
const (
	Internal Audience = "INTERNAL" // engineers
	Operator Audience = "OPERATOR" // engineers and operators
	Customer Audience = "CUSTOMER" // everybody who may see the aggregate
)

// Fact is one thing that happened, in the past tense. It never carries personal data: person ids only.
type Fact struct {
	Name     string            // past verb: "submitted"; with the aggregate's noun it is unique in the service
	Audience Audience          // empty: Internal
	Reason   string            // why: an enum name, or the words the actor gave
	Text     string            // key of its sentence in the timeline, whose parameters are the details; empty: "<noun>.<name>"
	Details  map[string]string // facts a program may use: "start": "2026-03-01T00:00:00Z"
	Private  bool              // kept in this service's events table, never relayed
}

// With returns the fact with more details, given as pairs of key and value. The fact itself stays as it is.
func (f Fact) With(details ...string) Fact {
	f.Details = maps.Clone(f.Details)
	for i := 0; i+1 < len(details); i += 2 {
		if f.Details == nil {
			f.Details = map[string]string{}
		}
		f.Details[details[i]] = details[i+1]
	}
	return f
}

// Internally narrows the readers of a fact to the reseller's people.
func Internally(f Fact) Fact {
	f.Audience = Operator
	return f
}

// Because adds why.
func Because(f Fact, reason string) Fact {
	f.Reason = reason
	return f
}
