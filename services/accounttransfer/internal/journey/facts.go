package journey

import (
	"strconv"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// Names of the facts of a transfer, besides those of its steps.
const (
	FactCreated          = "created"
	FactAccountEntered   = "account_entered"
	FactAccountCorrected = "account_corrected"
	FactEndingRequested  = "ending_requested"
	FactEndingEscalated  = "ending_escalated"
	FactWaitEscalated    = "wait_escalated"
	FactDecisionAwaited  = "decision_awaited"
	FactDecisionRecorded = "decision_recorded"
	FactChannelRequested = "channel_requested"
	FactChannelReady     = "channel_ready"
	FactSectorChanged    = "sector_changed"
	FactSupportChanged   = "support_changed"
	FactFlagged          = "flagged"
	FactFlagCleared      = "flag_cleared"
	FactCompleted        = "completed"
	FactFailed           = "failed"
	FactCancelled        = "cancelled"
)

// Reasons of refusals, as the contract names them; those of steps are process's.
const (
	ReasonStateRefuses    = "STATE_REFUSES"
	ReasonTemplateUnknown = "TEMPLATE_UNKNOWN"
	ReasonFieldRequired   = "FIELD_REQUIRED"

	ReasonLinkedAccountsWrong = "LINKED_ACCOUNTS_WRONG"
)

// Codes of failures, besides those of a connection.
const (
	CodeStepOverdue       = "STEP_OVERDUE"
	CodeTransferWithdrawn = "TRANSFER_WITHDRAWN"
	CodeRolesMissing      = "ROLES_MISSING"
	CodeChannelFailed     = "CHANNEL_FAILED"
	CodeAccountMistaken   = "ACCOUNT_MISTAKEN"
)

// tell returns a fact that everybody who may see the transfer may read.
func tell(name string, details ...string) fact.Fact {
	return fact.Fact{Name: name, Audience: fact.Customer}.With(details...)
}

// inWordsOf adds the reason that an actor gave. That of the reseller's people is for them alone.
func inWordsOf(by call.Actor, f fact.Fact, reason string) fact.Fact {
	if process.OfReseller(by) {
		f = fact.Internally(f)
	}
	return fact.Because(f, reason)
}

func instruct(key string, params ...string) text.Text { return text.New(key, params...) }

func failure(code string) process.Failure {
	return process.Failure{Code: code, Text: text.New("failure." + code)}
}

func number(n int) string { return strconv.Itoa(n) }

func stamp(t time.Time) string { return t.Format(time.RFC3339) }
