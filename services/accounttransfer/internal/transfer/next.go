package transfer

import "time"

// ActionKind is what a transfer wants done in the outside world.
type ActionKind string

// The actions, in order of precedence, with the calls that record what came of them. Every pass ends with Tick.
const (
	None             ActionKind = ""                  // nothing outside: Tick alone
	LookUpInvitation ActionKind = "LOOK_UP"           // find the attempt by Name: LookedUp
	CancelInvitation ActionKind = "CANCEL_INVITATION" // cancel the handshake: CancelSent and Observe
	CheckInvitation  ActionKind = "CHECK_INVITATION"  // read the transfer at AWS: Observe
	Validate         ActionKind = "VALIDATE"          // check the account: Validated or Invalid
	Invite           ActionKind = "INVITE"            // Prepare, save, send Current: Answered, Refused or Duplicated
)

// Action is the next thing to do, with what it needs to know.
type Action struct {
	Kind            ActionKind
	Look            int64 // hand it to Tick
	PayerID         string
	SourceAccountID string
	Attempt         int // of the invitation that LookUpInvitation, CancelInvitation and CheckInvitation are about
	Name            string
	AWSTransferID   string
	AWSHandshakeID  string
}

// immediately is the next time of a transfer that has something to do now.
var immediately = time.Unix(0, 0).UTC()

// again is how long a cancel that AWS did not carry out is left alone.
const again = 5 * time.Minute

// pause is how long a failed step is left alone, whoever asks to look.
const pause = 15 * time.Minute

// timer is one thing that wants attention at a time.
type timer struct {
	at   time.Time
	kind ActionKind
	inv  *Invitation
}

// Next returns when the transfer wants attention: the earliest of its timers, the Unix epoch for "at once", the zero
// time for "never by itself".
func Next(t *Transfer) time.Time {
	var next time.Time
	for _, tm := range t.timers() {
		if next.IsZero() || tm.at.Before(next) {
			next = tm.at
		}
	}
	return next
}

// NextAction returns the first thing that is due, None when nothing is. An invitation whose answer is not known comes
// before everything: it is due at once, and the rest of the lease of whoever sent it is the time that AWS has to
// settle, or the firm back-off after its failure.
func NextAction(t *Transfer, now time.Time) Action {
	a := Action{Look: t.Looks, PayerID: t.PayerID, SourceAccountID: t.SourceAccountID}
	for _, tm := range t.timers() {
		if tm.at.After(now) || tm.kind == None {
			continue
		}
		a.Kind = tm.kind
		if inv := tm.inv; inv != nil {
			a.Attempt, a.Name, a.AWSTransferID, a.AWSHandshakeID = inv.Attempt, inv.Name, inv.AWSTransferID, inv.AWSHandshakeID
		}
		break
	}
	return a
}

// timers returns everything that wants attention, in order of precedence. It is a function of the transfer alone.
func (t *Transfer) timers() []timer {
	if t.State.Ended() {
		return nil
	}
	timers := t.invitationTimers()
	if t.State == InProgress && t.Ending == nil {
		timers = append(timers, t.stepTimers()...)
	}
	if d := t.Decision; d != nil && !d.Escalated && !d.EscalateAt.IsZero() {
		timers = append(timers, timer{at: d.EscalateAt})
	}
	if t.looking() {
		timers = append(timers, timer{at: immediately}) // and be it that there is nothing to look at
	}
	return timers
}

func (t *Transfer) looking() bool { return t.Looks > t.Looked }

// invitationTimers is what AWS must be asked about invitations that it has or may have.
func (t *Transfer) invitationTimers() []timer {
	var lookUps, cancels, checks []timer
	for i := range t.Invitations {
		inv := &t.Invitations[i]
		switch {
		case inv.Asked:
			lookUps = append(lookUps, timer{immediately, LookUpInvitation, inv})
		case inv.State == Requested && inv.Cancel && (inv.CancelSentAt.IsZero() || t.looking()):
			cancels = append(cancels, timer{immediately, CancelInvitation, inv})
		case inv.State == Requested && inv.Cancel:
			cancels = append(cancels, timer{inv.CancelSentAt.Add(again), CancelInvitation, inv})
		case inv.State == Requested || inv.State == Accepted:
			at := inv.pollAt()
			if t.looking() {
				at = immediately
			}
			checks = append(checks, timer{at, CheckInvitation, inv})
		}
	}
	return append(append(lookUps, cancels...), checks...)
}

// stepTimers is the work of open steps that the suite does itself, and the dates of all of them.
func (t *Transfer) stepTimers() []timer {
	var timers []timer
	if s := t.stepFor(ValidationPassed); s != nil {
		timers = append(timers, t.workTimer(s, Validate)...)
	}
	if t.invites() {
		timers = append(timers, t.workTimer(t.stepFor(InvitationSent), Invite)...)
	}
	for i := range t.Steps {
		s := &t.Steps[i]
		if !s.State.active() {
			continue
		}
		if !s.Escalated && !s.EscalateAt.IsZero() {
			timers = append(timers, timer{at: s.EscalateAt})
		}
		if !s.DueAt.IsZero() {
			timers = append(timers, timer{at: s.DueAt})
		}
	}
	return timers
}

// workTimer is when the suite does a step: at once when it is open, at the next try when it has failed, or sooner when
// somebody asks; but however often they ask, AWS is not asked again before a pause has passed. Operations, who may have
// mended it, retries the step without a pause.
func (t *Transfer) workTimer(s *Step, kind ActionKind) []timer {
	if s.State == Open {
		return []timer{{at: immediately, kind: kind}}
	}
	if s.State != Broken {
		return nil
	}
	retry := s.Blocked.RetryAt
	if asked := s.DoneAt.Add(pause); t.looking() && (retry.IsZero() || asked.Before(retry)) {
		retry = asked
	}
	if retry.IsZero() {
		return nil
	}
	return []timer{{at: retry, kind: kind}}
}
