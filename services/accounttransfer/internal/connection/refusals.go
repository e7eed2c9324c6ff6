package connection

import (
	"maps"
	"slices"
	"time"

	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// Codes of failures.
const (
	CodeInvitationDeclined = "INVITATION_DECLINED"
	CodeInvitationExpired  = "INVITATION_EXPIRED"
	CodeInvitationCanceled = "INVITATION_CANCELED"
	CodeAccountNotEligible = "ACCOUNT_NOT_ELIGIBLE"
	CodeAccountInvalid     = "ACCOUNT_INVALID"
	CodePayerRefused       = "PAYER_REFUSED"
	CodeTermRefused        = "TERM_REFUSED"
	CodeCancelRefused      = "CANCEL_REFUSED"
)

const day = 24 * time.Hour

// DuplicateInvitation is the reason of an invitation that AWS refuses because another one for the account is
// outstanding, or was not long ago (XFR-BT-17). All other reasons are AWS's own.
const DuplicateInvitation = "DUPLICATE_INVITATION"

// AccessDenied is the reason of what the suite's role may not do.
const AccessDenied = "ACCESS_DENIED"

// Refusal is what AWS refused, who can mend it, and when it is tried again by itself.
type Refusal struct {
	Reason     string
	Failure    process.Failure
	Blocked    process.Blocked
	RetryAfter time.Duration // 0: only when somebody asks
	LaterStart bool          // a later start month mends it
}

func (r Refusal) block(after time.Duration, now time.Time) Block {
	b := Block{Failure: r.Failure, Blocked: r.Blocked, At: now}
	if after > 0 {
		b.RetryAt = now.Add(after)
	}
	return b
}

// failure is a failure whose sentence is the text of its code.
func failure(code string) process.Failure {
	return process.Failure{Code: code, Text: text.New("failure." + code)}
}

// judged is the kind of one of AWS's reasons. The words are the texts "refusal.<reason>" and the instruction
// "refusal.<reason>".
type judged struct {
	code  string
	owner process.Party
	after time.Duration
	later bool
}

// Judge says what one of AWS's reasons means for an invitation. What AWS did not refuse before is Operations' to look at, and
// is not tried again by itself.
func Judge(reason string) Refusal {
	j, known := refusals()[reason]
	if !known {
		return other(reason, "refusal.other")
	}
	return Refusal{
		Reason: reason, RetryAfter: j.after, LaterStart: j.later,
		Failure: process.Failure{Code: j.code, Text: text.New("refusal." + reason + ".message")},
		Blocked: process.Blocked{Owner: j.owner, Text: text.New("refusal." + reason)},
	}
}

// other is a refusal that nobody has judged yet.
func other(reason, key string) Refusal {
	return Refusal{
		Reason:  reason,
		Failure: process.Failure{Code: CodePayerRefused, Text: text.New(key+".message", "reason", reason)},
		Blocked: process.Blocked{Owner: process.Reseller, Text: text.New(key, "reason", reason)},
	}
}

// JudgeCreation says what AWS's refusal to create something means. Operations must look at it; nothing of it is known to pass
// by itself but missing rights.
func JudgeCreation(reason string) Refusal {
	if reason == AccessDenied {
		r := other(reason, "refusal.creation-denied")
		r.RetryAfter = day
		return r
	}
	return other(reason, "refusal.creation")
}

// NoProgramAccount is the refusal of a payer that is not known to Partner Central.
func NoProgramAccount() Refusal {
	r := other("NO_PROGRAM_ACCOUNT", "refusal.no-program-account")
	r.RetryAfter = day
	return r
}

// NoRelationship is the refusal of a service term without a relationship to put it on.
func NoRelationship() Refusal { return other("NO_RELATIONSHIP", "refusal.no-relationship") }

// Reasons returns every reason that Judge knows, for a test that holds them against AWS's own list.
func Reasons() []string { return slices.Sorted(maps.Keys(refusals())) }

// refusals is AWS's reasons that matter for billing transfer, and who must act. Many of these also fire in the
// customer's console when it accepts, where we never see them.
func refusals() map[string]judged {
	// mended in its organization; tried daily, and when it says so
	customer := judged{code: CodeAccountNotEligible, owner: process.Customer, after: day}
	account := judged{code: CodeAccountInvalid, owner: process.Customer, after: day} // of the account id itself
	payer := judged{code: CodePayerRefused, owner: process.Reseller, after: day}     // mended at the payer
	return map[string]judged{
		"UNSUPPORTED_PRICING":                                  customer, // ORD-008
		"UNMET_BILLING_PREREQUISITE":                           customer,
		"ACCOUNT_NOT_ACTIVE_FOR_TRANSFER_RESPONSIBILITY":       customer,
		"TRANSFER_RESPONSIBILITY_SOURCE_DELETION_IN_PROGRESS":  customer,
		"ACTIVE_RESPONSIBILITY_TRANSFER_PROCESS":               customer,
		"ORGANIZATION_NOT_IN_ALL_FEATURES_MODE":                customer,
		"LEGACY_PERMISSIONS_STILL_IN_USE":                      customer,
		"PAST_DUE_INVOICE":                                     customer,
		"UNUSED_PREPAYMENT_BALANCE":                            customer,
		"PAYMENT_INSTRUMENT_REQUIRED":                          customer,
		"MANAGEMENT_ACCOUNT_EMAIL_NOT_VERIFIED":                customer,
		"RESPONSIBILITY_TRANSFER_MAX_OUTBOUND_QUOTA_VIOLATION": customer, // XFR-BT-16
		"ORGANIZATION_FROM_DIFFERENT_SELLER_OF_RECORD":         customer,

		"TARGET_ACCOUNT_VALIDATION_FAILURE": account, // XFR-BT-14
		"TARGET_NOT_SUPPORTED":              account, // ORD-012
		"SOURCE_AND_TARGET_CANNOT_MATCH":    account, // the customer named the payer

		"RESPONSIBILITY_TRANSFER_MAX_INBOUND_QUOTA_VIOLATION":   payer,
		"RESPONSIBILITY_TRANSFER_MAX_LEVEL_VIOLATION":           payer, // ORD-010
		"RESPONSIBILITY_TRANSFER_MAX_TRANSFERS_QUOTA_VIOLATION": payer,
		"TRANSFER_RESPONSIBILITY_TARGET_DELETION_IN_PROGRESS":   payer,
		"RESPONSIBILITY_TRANSFER_ALREADY_EXISTS":                payer,
		AccessDenied:                                            payer,
		DuplicateInvitation:                                     payer, // XFR-BT-17, XFR-BT-18

		"HANDSHAKE_RATE_LIMIT_EXCEEDED": {code: CodePayerRefused, owner: process.AWS, after: day}, // it passes by itself
		"INVALID_START_DATE":            {code: CodePayerRefused, owner: process.Reseller, later: true},
		"START_DATE_TOO_EARLY":          {code: CodePayerRefused, owner: process.Reseller, later: true},
	}
}

// CanceledAtAWS is the reason of an invitation that somebody has taken back at AWS, past the suite. All others but
// DuplicateInvitation, Uninvited and AccessDenied are AWS's own.
const CanceledAtAWS = "CANCELED_AT_AWS"

// NotAllFeatures is AWS's reason for an organization that has consolidated billing only.
const NotAllFeatures = "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE"

// Uninvited is the reason of an account that is in the payer's organization, and was not invited for its customer.
const Uninvited = "MEMBER_WITHOUT_INVITATION"

// AlreadyMember is AWS's reason for an account that is a member of an organization, the payer's or another one.
const AlreadyMember = "ALREADY_IN_AN_ORGANIZATION"

// MemberRefusal is why AWS does not invite an account, who can mend that, and when it is tried again by itself.
type MemberRefusal struct {
	Reason     string
	Text       text.Text
	Owner      process.Party
	Remedy     text.Text
	RetryAfter time.Duration // 0: only when somebody asks
	OfPayer    bool          // AWS refuses the payer, whatever account it invites
}

// JudgeMember says what one of AWS's reasons means for the invitation of an account. What nobody has judged is Operations' to look at.
func JudgeMember(reason string) MemberRefusal {
	r, known := memberRefusals()[reason]
	if !known {
		return MemberRefusal{
			Reason: reason, Owner: process.Reseller,
			Text:   text.New("member-refusal.other.message", "reason", reason),
			Remedy: text.New("member-refusal.other", "reason", reason, "accounts", ""),
		}
	}
	r.Reason, r.Text, r.Remedy = reason, text.New("member-refusal."+reason+".message"), text.New("member-refusal."+reason)
	return r
}

// MemberReason is what AWS says by an error: its code, where that alone says what is wrong and is judged, or else its reason.
func MemberReason(code, reason string) string {
	if _, judged := memberRefusals()[code]; judged {
		return code
	}
	return reason
}

// MemberReasons returns the reasons that are judged, sorted.
func MemberReasons() []string { return slices.Sorted(maps.Keys(memberRefusals())) }

func memberRefusals() map[string]MemberRefusal {
	customer := MemberRefusal{Owner: process.Customer, RetryAfter: day}             // mended in the account
	named := MemberRefusal{Owner: process.Customer}                                 // mended by naming another account
	payer := MemberRefusal{Owner: process.Reseller, RetryAfter: day, OfPayer: true} // mended at the payer
	waits := MemberRefusal{Owner: process.AWS, RetryAfter: day, OfPayer: true}      // passes by itself
	denied := MemberRefusal{Owner: process.Reseller, RetryAfter: time.Hour, OfPayer: true}
	return map[string]MemberRefusal{
		"TARGET_NOT_SUPPORTED":                         named, // AWS has no such account, or it is closed
		"SOURCE_AND_TARGET_CANNOT_MATCH":               named, // the payer itself
		AlreadyMember:                                  customer,
		"PAYMENT_INSTRUMENT_REQUIRED":                  customer,
		"ORGANIZATION_FROM_DIFFERENT_SELLER_OF_RECORD": customer,
		"TARGET_ACCOUNT_VALIDATION_FAILURE":            customer,

		"ACCOUNT_NUMBER_LIMIT_EXCEEDED":                          payer,
		"INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES":             payer,
		"ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION": payer,
		"MANAGEMENT_ACCOUNT_EMAIL_NOT_VERIFIED":                  payer,
		"AccountOwnerNotVerified":                                payer,
		"AWSOrganizationsNotInUse":                               payer,
		NotAllFeatures:                                           payer,
		AccessDenied:                                             denied,

		"HANDSHAKE_RATE_LIMIT_EXCEEDED":                      waits,
		"ORGANIZATION_MEMBERSHIP_CHANGE_RATE_LIMIT_EXCEEDED": {Owner: process.AWS, RetryAfter: day},

		DuplicateInvitation: {Owner: process.Reseller, RetryAfter: day},
		CanceledAtAWS:       {Owner: process.Reseller},
		Uninvited:           {Owner: process.Reseller},
	}
}
