package transfer

import (
	"slices"
	"time"
)

// Keys of the templates.
const (
	BillingTransferExisting = "billing-transfer-existing" // the customer has an organization (ORD-024)
	BillingTransferNew      = "billing-transfer-new"      // the customer opens one first (ORD-025)
)

const day = 24 * time.Hour

// Templates returns every version of every template, the newest version of each first.
func Templates() []Template {
	return []Template{billingTransferExisting(), billingTransferNew()}
}

func billingTransferExisting() Template {
	return Template{
		Key: BillingTransferExisting, Version: 1, Title: "Billing transfer of an existing organization", Kind: BillingTransfer,
		Policy: invitePolicy(), Steps: slices.Concat(invitationSteps(), serviceSteps()),
	}
}

func billingTransferNew() Template {
	steps := slices.Concat([]TemplateStep{enterAccount()}, invitationSteps(), serviceSteps())
	steps[1].Requires = []string{steps[0].Key}
	return Template{
		Key: BillingTransferNew, Version: 1, Title: "Billing transfer of a new organization", Kind: BillingTransfer,
		Policy: invitePolicy(), Steps: steps,
	}
}

// invitePolicy leaves the customer three days, asks for twelve cycles (BIL-002) and ends with an expired invitation, as
// ORD-042 says.
func invitePolicy() Policy {
	return Policy{MinimumLead: 3 * day, DecideIn: 2 * day, Cycles: 12}
}

// enterAccount is the customer's first step when there is no organization yet (ORD-025, ORD-026, ORD-028).
func enterAccount() TemplateStep {
	return TemplateStep{
		Key: "enter-management-account", Title: "Create the management account", Owner: Customer, CompletedBy: Manual,
		AsksAccount: true, EscalateAfter: 7 * day,
		What:  "Create an AWS account, make it the management account of an organization with all features, and enter its id.",
		Where: "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_org_create.html",
	}
}

// invitationSteps connect the organization (XFR-BT-01).
func invitationSteps() []TemplateStep {
	return []TemplateStep{
		{
			Key: "validate-account", Title: "Check the account", Owner: Platform, CompletedBy: ValidationPassed,
			EscalateAfter: time.Hour,
			What:          "The account is checked: its form, and that no other transfer has it.",
			Where:         "TransferService.GetTransfer",
		},
		{
			Key: "send-invitation", Title: "Send the invitation", Owner: Platform, CompletedBy: InvitationSent,
			Requires: []string{"validate-account"}, EscalateAfter: day,
			What:  "AWS is asked to invite the organization to transfer its billing.",
			Where: "AWS Organizations",
		},
		{ // ORD-029, XFR-BT-02, XFR-BT-13 to XFR-BT-16, XFR-BT-18
			Key: "accept-invitation", Title: "Accept the billing transfer", Owner: Customer, CompletedBy: InvitationAccepted,
			Requires: []string{"send-invitation"}, EscalateAfter: 3 * day,
			What: "Accept the billing transfer that AWS mailed to the root address of the management account. No mail: look into " +
				"that mailbox and its spam folder, then ask Platform Support or your account manager, because the account may not " +
				"be eligible. An error: check that you may accept invitations for the account and that no other AWS provider " +
				"restricts the switch, then ask Platform Support.",
			Where: "AWS console, Billing and Cost Management, Billing transfer",
		},
	}
}

// serviceSteps follow the acceptance. The agreement on the term, the roles and the support channel do not wait for each
// other.
func serviceSteps() []TemplateStep {
	return []TemplateStep{
		{ // XFR-BT-03
			Key: "send-service-term", Title: "Send the service term", Owner: Reseller, CompletedBy: Manual,
			Requires: []string{"accept-invitation"}, Skippable: true, EscalateAfter: day,
			What:  "Request the service term of twelve months for the accepted transfer.",
			Where: "AWS Partner Central, Channel management",
		},
		{ // ORD-030, XFR-BT-04, XFR-BT-05, XFR-BT-07
			Key: "accept-service-term", Title: "Accept the service term", Owner: Customer, CompletedBy: Manual,
			Requires: []string{"send-service-term"}, Evidence: true, Skippable: true, EscalateAfter: 4 * day,
			What:  "Accept the service term that AWS mailed to the same address; the mail may take 15 minutes.",
			Where: "AWS console, link in the mail",
		},
		{ // ORD-031, XFR-BT-08, XFR-BT-09
			Key: "deploy-roles", Title: "Deploy the roles", Owner: Customer, CompletedBy: Manual,
			Requires: []string{"accept-service-term"}, Skippable: true, EscalateAfter: 2 * day,
			What:  "Deploy the Bootstrap Role, the only access that the reseller gets.",
			Where: "AWS console, CloudFormation in us-east-1",
		},
		{
			Key: "set-up-support-channel", Title: "Set up the support channel", Owner: Reseller, CompletedBy: Manual,
			Requires: []string{"accept-invitation"}, Skippable: true, EscalateAfter: 5 * day,
			What:  "Set up the channel through which the customer opens cases.",
			Where: "ServiceNow",
		},
		{ // ORD-040
			Key: "finalize", Title: "Finalize", Owner: Platform, CompletedBy: Manual,
			Requires: []string{"deploy-roles", "set-up-support-channel"}, EscalateAfter: 2 * day,
			What:  "Confirm that everything is in place, so that the order is complete.",
			Where: "TransferService.CompleteStep",
		},
	}
}
