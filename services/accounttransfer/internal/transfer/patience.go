package transfer

import "time"

// Absence is why another service of ours did not do what it was asked.
type Absence string

// The absences.
const (
	Away    Absence = "AWAY"    // it did not answer; what it was asked may be done
	Refuses Absence = "REFUSES" // it will not, as things are
)

// Patience is when another service of ours is asked again. It has times of its own, so that a service that is away
// holds up nothing else: least of all what AWS must be asked.
type Patience struct {
	Tries int       `json:"tries,omitempty"` // in a row
	At    time.Time `json:"at,omitzero"`     // zero: at once
}

// The pauses between two tries.
const (
	shortestPatience = 15 * time.Minute
	longestPatience  = 6 * time.Hour
)

// wait sets the next try: ever later while the other side is away, and in a day when it refuses, which only people can
// mend.
func (p *Patience) wait(why Absence, now time.Time) {
	pause := longestPatience
	if p.Tries < 5 {
		pause = min(pause, shortestPatience<<p.Tries)
	}
	if why == Refuses {
		pause = day
	}
	p.Tries, p.At = p.Tries+1, now.Add(pause)
}

// next returns when to try.
func (p Patience) next() time.Time {
	if p.At.IsZero() {
		return immediately
	}
	return p.At
}
