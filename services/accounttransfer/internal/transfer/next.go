package transfer

import "time"

// ActionKind is what a transfer wants done in the outside world.
type ActionKind string

// The actions, with the calls that record what came of them. Every pass ends with Tick.
const (
	None               ActionKind = ""                    // nothing outside: Tick alone
	StopReminder       ActionKind = "STOP_REMINDER"       // stop ID: ReminderStopped or ReminderNotStopped
	LookUpInvitation   ActionKind = "LOOK_UP"             // find the attempt by Name: LookedUp
	CancelInvitation   ActionKind = "CANCEL_INVITATION"   // cancel the handshake: CancelSent and Observe
	CheckInvitation    ActionKind = "CHECK_INVITATION"    // read the transfer at AWS: Observe
	WithdrawInvitation ActionKind = "WITHDRAW_INVITATION" // PrepareWithdrawal, save, withdraw: WithdrawalAnswered and Observe, WithdrawalRefused or WithdrawalLost
	LookUpWithdrawal   ActionKind = "LOOK_UP_WITHDRAWAL"  // read the transfer at AWS: WithdrawalAnswered and Observe
	CancelTerm         ActionKind = "CANCEL_TERM"         // cancel the service term: TermCancelSent and ObserveTerm, or TermCancelRefused
	RevokeTerm         ActionKind = "REVOKE_TERM"         // IntendRevocation, save, send: RevocationSent or RevocationRefused
	CheckRevocation    ActionKind = "CHECK_REVOCATION"    // read the revocations at AWS: ObserveRevocation
	CancelRevocation   ActionKind = "CANCEL_REVOCATION"   // cancel the revocation: RevocationCancelSent and ObserveRevocation, or RevocationCancelRefused
	Validate           ActionKind = "VALIDATE"            // check the account: Validated or Invalid
	Invite             ActionKind = "INVITE"              // Prepare, save, send Current: Answered, Refused or Duplicated
	LookUpCreation     ActionKind = "LOOK_UP_CREATION"    // find what Completes wants: Created or NotCreated
	Create             ActionKind = "CREATE"              // Intend, save, create what Completes wants: Created, CreationRefused or NotCreated
	CheckTerm          ActionKind = "CHECK_TERM"          // read the service terms at AWS: ObserveTerm
	CheckRole          ActionKind = "CHECK_ROLE"          // try to enter the Bootstrap Role: RoleSeen
	FlagRoles          ActionKind = "FLAG_ROLES"          // choose the id of a case: RolesOverdue
	SetUpChannel       ActionKind = "SET_UP_CHANNEL"      // IntendChannel, save, ask: ChannelRequested, ChannelNotRequested or NoChannel
	OpenCase           ActionKind = "OPEN_CASE"           // open the case ID: CaseOpened or CaseNotOpened
	CloseCase          ActionKind = "CLOSE_CASE"          // have the case ID resolved: CaseClosed or CaseNotOpened
	PlanReminder       ActionKind = "PLAN_REMINDER"       // IntendReminder, save, ask: ReminderPlanned or ReminderNotPlanned
)

// Action is the next thing to do, with what it needs to know.
type Action struct {
	Kind            ActionKind
	Look            int64 // how many requests to look there were
	PayerID         string
	SourceAccountID string
	Attempt         int // of the invitation that LookUpInvitation, CancelInvitation and CheckInvitation are about
	Name            string
	AWSTransferID   string
	AWSHandshakeID  string
	StepKey         string     // of the step that is worked on
	Completes       Completion // what completes that step
	ID              string     // of ours, of what StopReminder, OpenCase and CloseCase are about
}

// immediately is the next time of a transfer that has something to do now.
var immediately = time.Unix(0, 0).UTC()

// again is how long a cancel that AWS did not carry out is left alone.
const again = 5 * time.Minute

// pause is how long a failed step is left alone, whoever asks to look.
const pause = 15 * time.Minute

// timer is one thing that wants attention at a time.
type timer struct {
	at    time.Time
	kind  ActionKind
	asked bool // it is due before its time, because somebody asked to look
	inv   *Invitation
	step  *Step
	id    string
}

// sources are what can want attention, in order of precedence: first nobody is bothered for nothing, then AWS is served,
// then dates, and only then the other services of ours, which may be away. Each knows the states in which it has
// something to do. Another action is a constant above, a source here and a deed in the reconciler.
func sources() []func(*Transfer) []timer {
	return []func(*Transfer) []timer{
		(*Transfer).reminderStops,
		(*Transfer).invitationTimers,
		(*Transfer).withdrawalTimers,
		(*Transfer).leftoverTimers,
		(*Transfer).sendingTimers,
		(*Transfer).creationTimers,
		(*Transfer).termTimers,
		(*Transfer).roleTimers,
		(*Transfer).dateTimers,
		(*Transfer).lookTimers,
		(*Transfer).channelTimers,
		(*Transfer).matterTimers,
		(*Transfer).reminderPlans,
	}
}

// timers returns everything that wants attention. It is a function of the transfer alone.
func (t *Transfer) timers() []timer {
	var timers []timer
	for _, source := range sources() {
		timers = append(timers, source(t)...)
	}
	return timers
}

// Next returns when the transfer wants attention: the earliest of its timers, the Unix epoch for "at once", the zero
// time for "never by itself". A transfer that has ended may have reminders to stop, a service term to take back and cases to open.
func Next(t *Transfer) time.Time {
	var next time.Time
	for _, tm := range t.timers() {
		if next.IsZero() || tm.at.Before(next) {
			next = tm.at
		}
	}
	return next
}

// NextAction returns the first thing that is due, None when nothing is. What AWS was asked to create and whose answer is
// not known is due at once: the rest of the lease of whoever asked is the time that AWS has to settle, or the firm
// back-off after its failure.
func NextAction(t *Transfer, now time.Time) Action {
	a := Action{Look: t.Looks, PayerID: t.PayerID, SourceAccountID: t.SourceAccountID}
	for _, tm := range t.timers() {
		if tm.at.After(now) || tm.kind == None {
			continue
		}
		a.Kind, a.ID = tm.kind, tm.id
		if inv := tm.inv; inv != nil {
			a.Attempt, a.Name, a.AWSTransferID, a.AWSHandshakeID = inv.Attempt, inv.Name, inv.AWSTransferID, inv.AWSHandshakeID
		}
		if s := tm.step; s != nil {
			a.StepKey, a.Completes = s.Key, s.CompletedBy
		}
		break
	}
	return a
}

func (t *Transfer) looking() bool { return t.Looks > t.Looked }

// lookTimers ends a request to look, and be it that there is nothing to look at.
func (t *Transfer) lookTimers() []timer {
	if t.State.Ended() || !t.looking() {
		return nil
	}
	return []timer{{at: immediately}}
}

// sendingTimers is what leads to an invitation.
func (t *Transfer) sendingTimers() []timer {
	var timers []timer
	if s := t.work(ValidationPassed); s != nil {
		timers = append(timers, t.workTimer(s, Validate)...)
	}
	if t.invites() {
		timers = append(timers, t.workTimer(t.stepFor(InvitationSent), Invite)...)
	}
	return timers
}

// dateTimers is the dates of what is waited for.
func (t *Transfer) dateTimers() []timer {
	var timers []timer
	if d := t.Decision; d != nil && !d.Escalated && !d.EscalateAt.IsZero() {
		timers = append(timers, timer{at: d.EscalateAt})
	}
	if !t.underWay() {
		return timers
	}
	for i := range t.Steps {
		s := &t.Steps[i]
		if !s.State.active() {
			continue
		}
		if !s.Escalated && !s.EscalateAt.IsZero() {
			timers = append(timers, timer{at: s.EscalateAt})
		}
		if t.endsWhenDue(s) && !s.DueAt.IsZero() && t.lookedAfterDue(s) {
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
		return []timer{{at: immediately, kind: kind, step: s}}
	}
	if s.State != Broken {
		return nil
	}
	retry, asked := s.Blocked.RetryAt, s.DoneAt.Add(pause)
	if t.looking() && (retry.IsZero() || asked.Before(retry)) {
		return []timer{{at: asked, kind: kind, step: s, asked: true}}
	}
	if retry.IsZero() {
		return nil
	}
	return []timer{{at: retry, kind: kind, step: s}}
}
