package transfer

import (
	"strconv"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Names of the facts of a transfer.
const (
	FactCreated             = "created"
	FactStepOpened          = "step_opened"
	FactStepCompleted       = "step_completed"
	FactStepSkipped         = "step_skipped"
	FactStepReopened        = "step_reopened"
	FactStepFailed          = "step_failed"
	FactStepRetried         = "step_retried"
	FactStepEscalated       = "step_escalated"
	FactAccountEntered      = "account_entered"
	FactInvitationPrepared  = "invitation_prepared"
	FactInvitationRequested = "invitation_requested"
	FactInvitationRefused   = "invitation_refused"
	FactInvitationAccepted  = "invitation_accepted"
	FactInvitationDeclined  = "invitation_declined"
	FactInvitationCanceled  = "invitation_canceled"
	FactInvitationExpired   = "invitation_expired"
	FactInvitationWithdrawn = "invitation_withdrawn"
	FactCheckRequested      = "check_requested"
	FactEndingRequested     = "ending_requested"
	FactDecisionAwaited     = "decision_awaited"
	FactDecisionRecorded    = "decision_recorded"
	FactWithdrawalRequested = "withdrawal_requested"
	FactBillingGroupCreated = "billing_group_created"
	FactRelationshipCreated = "relationship_created"
	FactTermRequested       = "term_requested"
	FactTermAccepted        = "term_accepted"
	FactTermRefused         = "term_refused"
	FactRoleFound           = "role_found"
	FactRoleUnsafe          = "role_unsafe"
	FactChannelRequested    = "channel_requested"
	FactChannelReady        = "channel_ready"
	FactReminderPlanned     = "reminder_planned"
	FactReminderStopped     = "reminder_stopped"
	FactFlagged             = "flagged"
	FactCompleted           = "completed"
	FactFailed              = "failed"
	FactCancelled           = "cancelled"
)

// tell returns a fact that everybody who may see the transfer may read. Details come as pairs of key and value.
func tell(name, note string, details ...string) fact.Fact {
	return fact.Fact{Name: name, Audience: fact.Customer, Text: text.Plain(note).Key}.With(details...)
}

// internally narrows the readers of a fact to the reseller's people.
func internally(f fact.Fact) fact.Fact {
	f.Audience = fact.Operator
	return f
}

// because adds the words that the actor gave.
func because(f fact.Fact, reason string) fact.Fact {
	f.Reason = reason
	return f
}

// inWordsOf adds the words of an actor. Those of the reseller's people are for them alone.
func inWordsOf(by call.Actor, f fact.Fact, reason string) fact.Fact {
	if OfReseller(by) {
		f = internally(f)
	}
	return because(f, reason)
}

// OfReseller reports whether somebody on the reseller's side acted: its people, or a service of ours for whomever. The
// zero actor, who is a rule of the suite, is nobody's.
func OfReseller(by call.Actor) bool {
	return by.Role != "" && by.Role != "CUSTOMER" && by.Role != "PARTNER"
}

func number(n int) string { return strconv.Itoa(n) }
