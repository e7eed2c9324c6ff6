package transfer

import (
	"maps"
	"slices"
	"time"
)

// DuplicateInvitation is the reason of an invitation that AWS refuses because another one for the account is
// outstanding, or was not long ago (XFR-BT-17). All other reasons are AWS's own.
const DuplicateInvitation = "DUPLICATE_INVITATION"

// Refusal is what AWS refused, who can mend it, and when it is tried again by itself.
type Refusal struct {
	Reason     string
	Code       string // of the failure of the step
	Message    string
	Owner      Party
	What       string
	Where      string
	RetryAfter time.Duration // 0: only when somebody asks
	LaterStart bool          // a later start month mends it
}

// Judge says what one of AWS's reasons means for us. What AWS did not refuse before is Operations' to look at, and is
// not tried again by itself.
func Judge(reason string) Refusal {
	r, known := refusals()[reason]
	if !known {
		r = payers("AWS refused the invitation: "+reason, "Look at AWS's reason, mend it, and retry the step.")
		r.RetryAfter = 0
	}
	r.Reason = reason
	return r
}

// JudgeCreation says what AWS's refusal to create something means for us. Operations must look at it; nothing of it is
// known to pass by itself but missing rights.
func JudgeCreation(reason string) Refusal {
	if reason == accessDenied {
		r := payers("the suite's role in the payer may not create it", "Give the role the right to create it.")
		r.Reason = reason
		return r
	}
	r := payers("AWS refused to create it: "+reason, "Look at AWS's reason, mend it, and retry the step.")
	r.Reason, r.RetryAfter = reason, 0
	return r
}

// NoProgramAccount is the refusal of a payer that is not known to Partner Central.
func NoProgramAccount() Refusal {
	r := payers("the payer has no program management account", "Enter the payer's program management account, \"pma-…\", then retry the step.")
	r.Where = "PayerService.UpdatePayer, TransferService.RetryStep"
	return r
}

// NoRelationship is the refusal of a service term without a relationship to put it on.
func NoRelationship() Refusal {
	r := payers("there is no relationship in Partner Central that could have a term",
		"Reopen the step that creates the relationship, or skip the service term too.")
	r.Where, r.RetryAfter = "TransferService.ReopenStep, TransferService.SkipStep", 0
	return r
}

// accessDenied is the reason of what the suite's role may not do.
const accessDenied = "ACCESS_DENIED"

// Reasons returns every reason that Judge knows, for a test that holds them against AWS's own list.
func Reasons() []string { return slices.Sorted(maps.Keys(refusals())) }

// refusals is AWS's reasons that matter for billing transfer, and who must act. Many of these also fire in the
// customer's console when it accepts, where we never see them.
func refusals() map[string]Refusal {
	return map[string]Refusal{
		"UNSUPPORTED_PRICING": ineligible("the organization has a private pricing agreement", // ORD-008
			"Ask your account manager: billing transfer is not possible with a private pricing agreement."),
		"UNMET_BILLING_PREREQUISITE": ineligible("the billing set-up of the organization is not supported",
			"Ask AWS Support which part of the billing set-up prevents a billing transfer."),
		"ACCOUNT_NOT_ACTIVE_FOR_TRANSFER_RESPONSIBILITY": ineligible("the account is not fully active",
			"Finish the activation of the account: payment method, phone check, support plan."),
		"TRANSFER_RESPONSIBILITY_SOURCE_DELETION_IN_PROGRESS": ineligible("the organization is being deleted",
			"Use an organization that is kept."),
		"ACTIVE_RESPONSIBILITY_TRANSFER_PROCESS": ineligible("another transfer of the organization is under way",
			"Wait for the other transfer to end, or end it."),
		"ORGANIZATION_NOT_IN_ALL_FEATURES_MODE": ineligible("the organization does not have all features enabled",
			"Enable all features in AWS Organizations."),
		"LEGACY_PERMISSIONS_STILL_IN_USE": ineligible("old billing permissions are still in use",
			"Move to the fine-grained billing actions of IAM."),
		"PAST_DUE_INVOICE": ineligible("an AWS invoice is past due", "Pay the AWS invoices that are past due."),
		"UNUSED_PREPAYMENT_BALANCE": ineligible("there is an unused prepayment balance",
			"Use up the prepayment balance, or have AWS pay it back."),
		"PAYMENT_INSTRUMENT_REQUIRED": ineligible("the account has no payment method", "Add a payment method."),
		"MANAGEMENT_ACCOUNT_EMAIL_NOT_VERIFIED": ineligible("the mail address of the management account is not verified",
			"Verify the mail address of the management account."),
		"RESPONSIBILITY_TRANSFER_MAX_OUTBOUND_QUOTA_VIOLATION": ineligible("the billing is transferred to another partner already", // XFR-BT-16
			"End the transfer to the other partner first."),
		"ORGANIZATION_FROM_DIFFERENT_SELLER_OF_RECORD": ineligible("the organization buys from another seller of AWS",
			"Ask AWS Support whether the seller of record can be changed."),
		"TARGET_ACCOUNT_VALIDATION_FAILURE": invalid("AWS does not accept the account as the management account of an organization", // XFR-BT-14
			"Check the id: it must be the management account of an organization. If it is, ask Platform Support whether it is eligible."),
		"TARGET_NOT_SUPPORTED": invalid("the account is no management account that AWS can invite", // ORD-012
			"Name the management account of your organization, or make the account one."),

		"RESPONSIBILITY_TRANSFER_MAX_INBOUND_QUOTA_VIOLATION": payers("the inbound quota of the payer is used up",
			"Ask AWS to raise the payer's inbound quota, or end outstanding invitations."),
		"RESPONSIBILITY_TRANSFER_MAX_LEVEL_VIOLATION": payers("the chain of transfers would be too long", // ORD-010
			"Use a payer that does not transfer its own billing."),
		"RESPONSIBILITY_TRANSFER_MAX_TRANSFERS_QUOTA_VIOLATION": payers("the payer has too many transfers", "Use another payer."),
		"TRANSFER_RESPONSIBILITY_TARGET_DELETION_IN_PROGRESS":   payers("the payer's organization is being deleted", "Use another payer."),
		"RESPONSIBILITY_TRANSFER_ALREADY_EXISTS": payers("AWS knows a transfer of this organization to the payer",
			"Compare the payer's inbound transfers with ours, then end the one that is not wanted."),
		"SOURCE_AND_TARGET_CANNOT_MATCH": payers("the account is the payer itself", "Check the account and the payer."),
		accessDenied:                     payers("the suite's role in the payer may not invite", "Give the role the right to invite."),
		"HANDSHAKE_RATE_LIMIT_EXCEEDED":  payers("the payer's daily number of invitations is used up", "Nothing: it is tried again in a day."),
		DuplicateInvitation: payers("another invitation for this account is outstanding, or has not long ended", // XFR-BT-17, XFR-BT-18
			"End the other invitation, or ask AWS Support when none is listed; then retry the step."),

		"START_DATE_TOO_EARLY": later("the start can no longer be accepted in time"),
	}
}

// ineligible is a refusal that the customer can mend in its organization. It is tried again every day, and when the
// customer says so.
func ineligible(message, remedy string) Refusal {
	return Refusal{
		Code: CodeAccountNotEligible, Message: message, Owner: Customer, What: remedy,
		Where: "AWS console of the management account", RetryAfter: day,
	}
}

// invalid is a refusal of the account id itself.
func invalid(message, remedy string) Refusal {
	return Refusal{
		Code: CodeAccountInvalid, Message: message, Owner: Customer, What: remedy,
		Where: "AWS console of the management account", RetryAfter: day,
	}
}

// payers is a refusal that Operations can mend at the payer.
func payers(message, remedy string) Refusal {
	return Refusal{
		Code: CodePayerRefused, Message: message, Owner: Reseller, What: remedy,
		Where: "AWS console of the payer, TransferService.RetryStep", RetryAfter: day,
	}
}

// later is a refusal of the start month.
func later(message string) Refusal {
	r := payers(message, "Choose a later start.")
	r.Where, r.LaterStart, r.RetryAfter = "TransferService.Reinvite", true, 0
	return r
}
