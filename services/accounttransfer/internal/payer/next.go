package payer

import "time"

// ActionKind is what a payer wants done.
type ActionKind string

// The actions, in order of precedence, with the calls that record what came of them.
const (
	None       ActionKind = ""            // nothing
	Sweep      ActionKind = "SWEEP"       // compare AWS's transfers with ours: Swept, NotSwept or SweepLost
	CancelLate ActionKind = "CANCEL_LATE" // cancel the handshake and read the transfer: LateSeen or LateRefused
	OpenCase   ActionKind = "OPEN_CASE"   // IntendCase, save, ask support: CaseOpened or CaseNotOpened
	CloseCase  ActionKind = "CLOSE_CASE"  // tell support that the case is settled: CaseClosed or CaseNotClosed
)

// Action is the next thing to do.
type Action struct {
	Kind           ActionKind
	CaseID         string // that OpenCase and CloseCase are about
	AWSTransferID  string
	AWSHandshakeID string // that CancelLate is about
}

// immediately is the next time of a payer that has something to do now.
var immediately = time.Unix(0, 0).UTC()

// timer is one thing that wants attention at a time.
type timer struct {
	at     time.Time
	action Action
}

// timers returns everything that wants attention, in order of precedence. There is always another sweep.
func (p *Payer) timers() []timer {
	timers := []timer{{p.SweepAt, Action{Kind: Sweep}}}
	for _, u := range p.Unclaimed {
		switch {
		case u.Late:
			timers = append(timers, timer{u.TryAt, Action{Kind: CancelLate, AWSTransferID: u.AWSTransferID, AWSHandshakeID: u.AWSHandshakeID}})
		case !u.Opened:
			timers = append(timers, timer{u.TryAt, Action{Kind: OpenCase, AWSTransferID: u.AWSTransferID, CaseID: u.CaseID}})
		}
	}
	for _, c := range p.Closing {
		timers = append(timers, timer{c.TryAt, Action{Kind: CloseCase, AWSTransferID: c.AWSTransferID, CaseID: c.CaseID}})
	}
	return timers
}

// Next returns when the payer wants attention: the earliest of its timers, the Unix epoch for "at once".
func Next(p *Payer) time.Time {
	var next time.Time
	for _, tm := range p.timers() {
		if tm.at.IsZero() {
			return immediately
		}
		if next.IsZero() || tm.at.Before(next) {
			next = tm.at
		}
	}
	return next
}

// NextAction returns the first thing that is due, None when nothing is.
func NextAction(p *Payer, now time.Time) Action {
	for _, tm := range p.timers() {
		if !tm.at.After(now) {
			return tm.action
		}
	}
	return Action{}
}
