package connection

import (
	"strconv"
	"strings"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
)

// Names of the facts of a connection.
const (
	FactProposed            = "proposed"
	FactAccountEntered      = "account_entered"
	FactInvitationPrepared  = "invitation_prepared"
	FactInvitationRequested = "invitation_requested"
	FactInvitationRefused   = "invitation_refused"
	FactInvitationDeclined  = "invitation_declined"
	FactInvitationCanceled  = "invitation_canceled"
	FactInvitationExpired   = "invitation_expired"
	FactEffective           = "effective"
	FactStartMoved          = "start_moved"
	FactStartPostponed      = "start_postponed"
	FactEnding              = "ending"
	FactEnded               = "ended"
	FactBillingGroupCreated = "billing_group_created"
	FactRelationshipCreated = "relationship_created"
	FactCreationRefused     = "creation_refused"
	FactTermRequested       = "term_requested"
	FactTermAccepted        = "term_accepted"
	FactTermRefused         = "term_refused"
	FactRoleFound           = "role_found"
	FactRoleUnsafe          = "role_unsafe"
	FactRoleLost            = "role_lost"
	FactRoleLimited         = "role_limited"
	FactWithdrawalRequested = "withdrawal_requested"
	FactWithdrawalRefused   = "withdrawal_refused"
	FactRevocationRequested = "revocation_requested"
	FactRevocationAnswered  = "revocation_answered"
	FactTermDecided         = "term_decided"
	FactConsentNeedless     = "consent_needless"
	FactCheckRequested      = "check_requested"
	FactChargesDecided      = "charges_decided"
	FactChargesUndecided    = "charges_undecided"
	FactCancelRefused       = "cancel_refused"
	FactWaitEscalated       = "wait_escalated"
	FactTermLeft            = "term_left"
	FactMemberLeft          = "member_left"
	FactEndRequested        = "end_requested"
	FactSuperseded          = "superseded"
	FactEndDropped          = "end_dropped"
	FactReturned            = "returned"
	FactMemberInvited       = "member_invited"
	FactMemberRefused       = "member_refused"
	FactMemberJoined        = "member_joined"
	FactMemberDeclined      = "member_declined"
	FactMemberExpired       = "member_expired"
	FactMemberCancelled     = "member_cancelled"
	FactMemberRemoved       = "member_removed"
	FactMemberAdded         = "member_added"
	FactMemberAgain         = "member_again"
	FactAccountClosed       = "account_closed"
	FactAccountReopened     = "account_reopened"
	FactAccountSuspended    = "account_suspended"
	FactSuspensionEnded     = "suspension_ended"

	FactMemberAbsent          = "member_absent"
	FactDepartureAcknowledged = "departure_acknowledged"
	FactClosureSuspected      = "closure_suspected"
)

// tell returns a fact that everybody who may see the connection may read.
func tell(name string, details ...string) fact.Fact {
	return fact.Fact{Name: name, Audience: fact.Customer}.With(details...)
}

func number(n int) string { return strconv.Itoa(n) }

func stamp(t time.Time) string { return t.Format(time.RFC3339) }

// stampOr is empty for the zero time.
func stampOr(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return stamp(t)
}

// token is made of the characters that every API of AWS takes.
func (c *Connection) token(what string) string {
	return strings.ReplaceAll(c.TransferID, "_", "-") + "-" + what
}

// nextMonth is the first instant of the month after.
func nextMonth(now time.Time) time.Time { return calendar.MonthOf(now).Next().Start() }
