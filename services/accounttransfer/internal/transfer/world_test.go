package transfer

import (
	"testing"
	"time"

	"example.com/handover/pkg/fact"
)

// world is what the reconciler finds outside; where it is empty, nothing moves.
type world struct {
	term    TermState
	role    RoleState
	channel bool    // support has set it up at once
	absent  Absence // of our other services; empty: they do what they are asked
}

// pass is one pass of the reconciler in that world.
func (w world) pass(t testing.TB, tr *Transfer, when time.Time) Action {
	t.Helper()
	a := NextAction(tr, when)
	switch a.Kind {
	case LookUpInvitation:
		must(t)(tr.LookedUp(a.Attempt, nil, when))
	case CancelInvitation:
		must(t)(tr.CancelSent(a.Attempt, when))
		must(t)(tr.Observe(Observation{AWSTransferID: a.AWSTransferID, Status: Requested}, when))
	case CheckInvitation:
		must(t)(tr.Observe(Observation{AWSTransferID: a.AWSTransferID, Status: tr.state(a.Attempt)}, when))
	case Validate:
		must(t)(tr.Validated(when))
	case Invite:
		must(t)(tr.Prepare(when))
		must(t)(tr.Answered(latest(tr), answer("rt-"+number(latest(tr))+"x"), when))
	case LookUpCreation:
		must(t)(tr.NotCreated(a.Completes))
	case Create:
		w.create(t, tr, a.Completes, when)
	case CheckTerm:
		must(t)(tr.ObserveTerm(TermSeen{HandshakeID: tr.Term().ID, Status: w.term}, when))
	case CheckRole:
		must(t)(tr.RoleSeen(w.role, when))
	case FlagRoles:
		must(t)(tr.RolesOverdue("cas_1", when))
	default:
		if withdraws(a.Kind) {
			w.withdraw(t, tr, a, when)
			break
		}
		w.passAround(t, tr, a, when)
	}
	must(t)(tr.Tick(a, when))
	return a
}

// create refuses a term that has nothing to stand on.
func (w world) create(t testing.TB, tr *Transfer, c Completion, when time.Time) {
	t.Helper()
	if c == TermSent && tr.Relationship == nil {
		must(t)(tr.CreationRefused(c, NoRelationship(), when))
		return
	}
	create(t, tr, c, when)
}

// passAround asks our other services.
func (w world) passAround(t testing.TB, tr *Transfer, a Action, when time.Time) {
	t.Helper()
	done := func(yes func() ([]fact.Fact, error), no func() ([]fact.Fact, error)) {
		if w.absent != "" {
			must(t)(no())
			return
		}
		must(t)(yes())
	}
	switch a.Kind {
	case SetUpChannel:
		must(t)(tr.IntendChannel("chn_" + when.Format(time.RFC3339)))
		id := tr.Channel.ID
		done(func() ([]fact.Fact, error) { return tr.ChannelRequested(id) }, func() ([]fact.Fact, error) { return tr.ChannelNotRequested(id, w.absent, when) })
		if w.channel {
			must(t)(tr.ObserveChannel(id, true, when))
		}
	case OpenCase:
		done(func() ([]fact.Fact, error) { return tr.CaseOpened(a.ID) }, func() ([]fact.Fact, error) { return tr.CaseNotOpened(a.ID, w.absent, when) })
	case CloseCase:
		done(func() ([]fact.Fact, error) { return tr.CaseClosed(a.ID) }, func() ([]fact.Fact, error) { return tr.CaseNotOpened(a.ID, w.absent, when) })
	case PlanReminder:
		must(t)(tr.IntendReminder(a.StepKey, "rem_"+a.StepKey+when.Format(time.RFC3339)))
		id := step(t, tr, a.StepKey).Reminder.ID
		done(func() ([]fact.Fact, error) { return tr.ReminderPlanned(a.StepKey, id) }, func() ([]fact.Fact, error) { return tr.ReminderNotPlanned(a.StepKey, id, w.absent, when) })
	case StopReminder:
		done(func() ([]fact.Fact, error) { return tr.ReminderStopped(a.StepKey, a.ID) }, func() ([]fact.Fact, error) { return tr.ReminderNotStopped(a.StepKey, a.ID, w.absent, when) })
	}
}

// rest lets the world act until nothing is due, and returns what was done.
func (w world) rest(t testing.TB, tr *Transfer, when time.Time) (done []ActionKind) {
	t.Helper()
	for next := Next(tr); !next.IsZero() && !next.After(when); next = Next(tr) {
		if done = append(done, w.pass(t, tr, when).Kind); len(done) > 50 {
			t.Fatalf("it never rests: %v", done)
		}
	}
	return done
}
