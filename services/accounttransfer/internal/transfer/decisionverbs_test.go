package transfer

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/fact"
)

func withdrawal() Verdict {
	return Verdict{Outcome: WithdrawTransfer, ChargesPaidBy: ResellerPays, Reason: "the roles never came"}
}

func keeping() Verdict {
	return Verdict{Outcome: KeepTransfer, Reason: "the customer wants it after all"}
}

// decisionVerbs are what can happen once Operations is asked.
func decisionVerbs() []verb {
	waiting := []State{WaitingDecision}
	return []verb{
		{name: "RecordDecision withdraw", accepts: waiting, do: func(t *Transfer) ([]fact.Fact, error) { return t.RecordDecision(withdrawal(), operator(), now()) }},
		{name: "RecordDecision keep", accepts: waiting, do: func(t *Transfer) ([]fact.Fact, error) { return t.RecordDecision(keeping(), operator(), now()) }},
		{name: "PrepareWithdrawal", accepts: waiting, may: true, do: func(t *Transfer) ([]fact.Fact, error) { return t.PrepareWithdrawal(now()) }},
		{name: "WithdrawalAnswered", do: func(t *Transfer) ([]fact.Fact, error) { return t.WithdrawalAnswered(now()) }},
		{name: "WithdrawalLost", do: func(t *Transfer) ([]fact.Fact, error) { return t.WithdrawalLost() }},
		{name: "WithdrawalRefused too early", do: func(t *Transfer) ([]fact.Fact, error) { return t.WithdrawalRefused(EndDateTooEarly, now()) }},
		{name: "Observe withdrawn at a month's end", do: func(t *Transfer) ([]fact.Fact, error) {
			return t.Observe(Observation{AWSTransferID: "rt-1", Status: Withdrawn, EndsAt: at("2027-02-01")}, now())
		}},
		{name: "WithdrawalRefused", do: func(t *Transfer) ([]fact.Fact, error) { return t.WithdrawalRefused(InvalidEndDate, now()) }},
		{name: "IntendRevocation", accepts: waiting, may: true, do: func(t *Transfer) ([]fact.Fact, error) { return t.IntendRevocation() }},
		{name: "RevocationSent", do: func(t *Transfer) ([]fact.Fact, error) { return t.RevocationSent("ch-9", now()) }},
		{name: "RevocationRefused", do: func(t *Transfer) ([]fact.Fact, error) { return t.RevocationRefused() }},
		{name: "ObserveRevocation pending", do: observeRevocation(TermPending)},
		{name: "ObserveRevocation accepted", do: observeRevocation(TermAgreed)},
		{name: "ObserveRevocation rejected", do: observeRevocation(TermRejected)},
		{name: "ObserveRevocation canceled", do: observeRevocation(TermCanceled)},
		{name: "RevocationCancelSent", do: func(t *Transfer) ([]fact.Fact, error) { return t.RevocationCancelSent(now()) }},
		{name: "RevocationCancelRefused", do: func(t *Transfer) ([]fact.Fact, error) { return t.RevocationCancelRefused(now()) }},
		{name: "TermCancelRefused", do: func(t *Transfer) ([]fact.Fact, error) { return t.TermCancelRefused() }, after: true},
		{name: "TermCancelSent", do: func(t *Transfer) ([]fact.Fact, error) { return t.TermCancelSent(now()) }, after: true},
	}
}

func observeRevocation(s TermState) func(*Transfer) ([]fact.Fact, error) {
	return func(t *Transfer) ([]fact.Fact, error) {
		return t.ObserveRevocation(TermSeen{HandshakeID: "ch-9", Status: s}, now())
	}
}

// withdraw is a pass of the reconciler at an AWS that takes the calls and where nothing moves.
func (w world) withdraw(t testing.TB, tr *Transfer, a Action, when time.Time) {
	t.Helper()
	switch a.Kind {
	case WithdrawInvitation:
		must(t)(tr.PrepareWithdrawal(when))
		must(t)(tr.WithdrawalAnswered(when))
		must(t)(tr.Observe(Observation{AWSTransferID: a.AWSTransferID, Status: Accepted}, when))
	case LookUpWithdrawal:
		must(t)(tr.WithdrawalAnswered(when))
		must(t)(tr.Observe(Observation{AWSTransferID: a.AWSTransferID, Status: Accepted}, when))
	case CancelTerm:
		must(t)(tr.TermCancelSent(when))
		must(t)(tr.ObserveTerm(TermSeen{HandshakeID: tr.Term().ID, Status: w.term}, when))
	case RevokeTerm:
		must(t)(tr.IntendRevocation())
		must(t)(tr.RevocationSent("ch-9", when))
	case CancelRevocation:
		must(t)(tr.RevocationCancelSent(when))
		must(t)(tr.ObserveRevocation(TermSeen{HandshakeID: "ch-9", Status: TermPending}, when))
	case CheckRevocation:
		must(t)(tr.ObserveRevocation(TermSeen{HandshakeID: "ch-9", Status: TermPending}, when))
	}
}

func withdraws(k ActionKind) bool {
	return slices.Contains([]ActionKind{WithdrawInvitation, LookUpWithdrawal, CancelTerm, RevokeTerm, CheckRevocation, CancelRevocation}, k)
}

// undecided reports whether a transfer has a question to Operations that its state does not show, or the other way round.
func undecided(tr *Transfer) bool {
	asks := tr.Decision != nil && tr.Decision.Outcome == ""
	return asks && tr.State != WaitingDecision || tr.State == WaitingDecision && !asks && !tr.withdrawing() && !tr.keeping() ||
		tr.withdrawing() && tr.Withdrawal == nil
}

// plainWithdrawal is a withdrawal without its bookkeeping.
func plainWithdrawal(w *Withdrawal) *Withdrawal {
	if w == nil {
		return nil
	}
	w = &Withdrawal{Attempt: w.Attempt, Before: w.Before, Revocation: w.Revocation}
	if r := w.Revocation; r != nil && r.State == TermPrepared {
		w.Revocation = nil
	} else if r != nil {
		w.Revocation = &Revocation{Creation: Creation{ID: r.ID}, State: r.State}
	}
	return w
}

// questioned returns a transfer that a service term binds and that Operations must decide on.
func questioned(t testing.TB) *Transfer { return late(t, termed(t)) }
