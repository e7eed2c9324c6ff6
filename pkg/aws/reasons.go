package aws

import (
	"slices"
	"time"
)

// Owner is who must act on a refusal.
type Owner string

// The owners.
const (
	Customer Owner = "CUSTOMER" // in its management account
	Reseller Owner = "RESELLER" // our operators
	AWS      Owner = "AWS"      // through a support case
	Platform Owner = "PLATFORM" // a defect of ours
)

// Advice is what can be done about a refusal of Organizations.
type Advice struct {
	Reason string        // AWS's Reason, or its Code when the error has no reason
	Owner  Owner         // who must act
	What   string        // what to do, for a person to read
	Wait   time.Duration // how long to wait before the next try when waiting alone can help; 0: it cannot
}

// Explain returns the advice for an outcome. What this release does not know is for the reseller to look at.
func Explain(o Outcome) Advice {
	key := o.Reason
	if key == "" {
		key = o.Code
	}
	for _, a := range advice() {
		if a.Reason == key {
			return a
		}
	}
	return Advice{key, Reseller, "Read AWS's message and ask AWS Support with the request id.", 0}
}

const (
	day      = 24 * time.Hour
	defect   = "Report this as a defect of Handover."
	newStart = "Choose another month to start in and invite again."
)

// advice lists the reasons that matter for moving the billing of an organization. Several of them are told only to
// the customer, when it accepts; reminders quote those.
func advice() []Advice {
	return slices.Concat(onDates(), onInvitations(), onCustomers(), onLimits(), onAccounts())
}

// onDates is about the start and the end of a transfer.
func onDates() []Advice {
	return []Advice{
		{"START_DATE_NOT_BEGINNING_OF_MONTH", Platform, defect, 0},
		{"START_DATE_NOT_BEGINNING_OF_DAY", Platform, defect, 0},
		{"START_DATE_TOO_EARLY", Reseller, newStart, 0},
		{"START_DATE_TOO_LATE", Reseller, newStart, 0},
		{"INVALID_START_DATE", Reseller, newStart, 0},
		{"END_DATE_NOT_END_OF_MONTH", Platform, defect, 0},
		{"END_DATE_TOO_EARLY", Platform, defect, 0},
		{"END_DATE_TOO_LATE", Platform, defect, 0},
		{"INVALID_END_DATE", Reseller, "The end breaks the notice or the commitment of the agreed service period: agree with the customer on a later one.", 0},
	}
}

// onInvitations is about an invitation and what has become of it.
func onInvitations() []Advice {
	return []Advice{
		{"InvalidParameters", Platform, defect, 0},
		{"UNSUPPORTED_ACTION_IN_RESPONSIBILITY_TRANSFER", Platform, defect, 0},
		{"INVALID_PARTY_TYPE_TARGET", Platform, defect, 0},
		{"INVALID_PATTERN", Platform, "AWS does not take a character of the text: shorten the note to plain words.", 0},
		{"INVALID_PATTERN_TARGET_ID", Reseller, "Correct the account number.", 0},
		{"INVALID_EMAIL_ADDRESS_TARGET", Reseller, "Correct the customer's address, or invite by account number.", 0},
		{"TRANSFER_RESPONSIBILITY_UPDATE_NOT_ALLOWED", Platform, defect, 0},
		{"DuplicateHandshake", Platform, "An invitation of the same account is pending: adopt it or cancel it.", 0},
		{"RESPONSIBILITY_TRANSFER_ALREADY_EXISTS", Reseller, "The organization's billing is already transferred: look whether to us or to another partner, and ask the customer to end that.", 0},
		{"SOURCE_AND_TARGET_CANNOT_MATCH", Reseller, "The account to move is the payer itself: correct the account number.", 0},
		{"ResponsibilityTransferNotFound", Reseller, "AWS does not know this transfer in this payer: check the payer.", 0},
		{"ResponsibilityTransferAlreadyInStatus", Platform, "It is done already.", 0},
		{"InvalidResponsibilityTransferTransition", Platform, "The transfer has gone on meanwhile: read it again.", 0},
		{"HandshakeAlreadyInState", Platform, "It is done already.", 0},
		{"InvalidHandshakeTransition", Platform, "The invitation was answered meanwhile: read it again.", 0},
		{"HandshakeNotFound", Platform, "AWS forgets invitations after 30 days: invite again.", 0},
	}
}

// onCustomers is about the state of the organization that is to be moved.
func onCustomers() []Advice {
	return []Advice{
		{"UNSUPPORTED_PRICING", Customer, "The organization has a private pricing agreement with AWS, which cannot be transferred.", 0},
		{"UNMET_BILLING_PREREQUISITE", AWS, "Ask AWS Support which part of the organization's billing set-up cannot be transferred.", 0},
		{"ACCOUNT_NOT_ACTIVE_FOR_TRANSFER_RESPONSIBILITY", Customer, "Finish activating the management account.", 0},
		{"ORGANIZATION_NOT_IN_ALL_FEATURES_MODE", Customer, "Enable all features of the organization.", 0},
		{"TRANSFER_RESPONSIBILITY_SOURCE_DELETION_IN_PROGRESS", Customer, "The organization is being deleted.", 0},
		{"TRANSFER_RESPONSIBILITY_TARGET_DELETION_IN_PROGRESS", Reseller, "The payer's organization is being deleted: use another payer.", 0},
		{"ACTIVE_RESPONSIBILITY_TRANSFER_PROCESS", Customer, "End the pending transfer before deleting the organization.", 0},
		{"LEGACY_PERMISSIONS_STILL_IN_USE", Customer, "Move billing permissions to the fine-grained IAM actions.", 0},
		{"PAST_DUE_INVOICE", Customer, "Pay the invoices that are past due.", 0},
		{"UNUSED_PREPAYMENT_BALANCE", Customer, "Use up the prepayment balance or have AWS pay it back.", 0},
		{"PAYMENT_INSTRUMENT_REQUIRED", Customer, "Add a means of payment to the management account.", 0},
		{"MANAGEMENT_ACCOUNT_EMAIL_NOT_VERIFIED", Customer, "Verify the e-mail address of the management account.", 0},
		{"TARGET_ACCOUNT_VALIDATION_FAILURE", AWS, "AWS cannot validate the account: ask AWS Support.", 0},
		{"ORGANIZATION_FROM_DIFFERENT_SELLER_OF_RECORD", AWS, "The organization buys from another AWS company than the payer: ask AWS Support.", 0},
		{"AWSOrganizationsNotInUse", Reseller, "The payer's account has no organization: create one.", 0},
	}
}

// onLimits is about what AWS allows so many times.
func onLimits() []Advice {
	return []Advice{
		{"RESPONSIBILITY_TRANSFER_MAX_INBOUND_QUOTA_VIOLATION", Reseller, "The payer takes no more customers: ask AWS for a higher quota or use another payer.", 0},
		{"RESPONSIBILITY_TRANSFER_MAX_OUTBOUND_QUOTA_VIOLATION", Customer, "The organization's billing is already transferred: end that transfer first.", 0},
		{"RESPONSIBILITY_TRANSFER_MAX_LEVEL_VIOLATION", Reseller, "The chain of transfers would be too long: use a payer that is not itself transferred.", 0},
		{"RESPONSIBILITY_TRANSFER_MAX_TRANSFERS_QUOTA_VIOLATION", Reseller, "The chain has as many transfers as AWS allows: use another payer.", 0},
		{"HANDSHAKE_RATE_LIMIT_EXCEEDED", Reseller, "Today's limit of invitations is reached: wait a day.", day},
		{"ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED", Reseller, "Today's limit of new accounts is reached: wait a day.", day},
		{"ORGANIZATION_MEMBERSHIP_CHANGE_RATE_LIMIT_EXCEEDED", Reseller, "The account has changed organizations too often: wait a day.", day},
	}
}

// onAccounts is about single accounts and about permissions.
func onAccounts() []Advice {
	return []Advice{
		{"ALREADY_IN_AN_ORGANIZATION", Customer, "The account belongs to another organization: leave that first.", 0},
		{"INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES", Reseller, "The organization is enabling all features: finish that first.", 0},
		{"AccountOwnerNotVerified", Reseller, "Verify the e-mail address of the payer's account.", 0},
		{"AccessDenied", Reseller, "Check that the payer's role exists, trusts us with this external id, and allows this call.", 0},
		{"AccessDeniedForDependency", Reseller, "Check that the payer's role may create service-linked roles.", 0},
	}
}
