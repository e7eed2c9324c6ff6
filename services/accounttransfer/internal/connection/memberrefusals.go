package connection

import (
	"maps"
	"slices"
	"time"

	"example.com/handover/pkg/text"
	"example.com/handover/services/accounttransfer/internal/process"
)

// CanceledAtAWS is the reason of an invitation that somebody has taken back at AWS, past the suite. All others but
// DuplicateInvitation and AccessDenied are AWS's own.
const CanceledAtAWS = "CANCELED_AT_AWS"

// NotAllFeatures is AWS's reason for an organization that has consolidated billing only.
const NotAllFeatures = "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE"

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
		"INVALID_PATTERN":                              named,
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
	}
}
