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
		Key: BillingTransferExisting, Version: 2, Title: "Billing transfer of an existing organization", Kind: BillingTransfer,
		Policy: policy(), Steps: slices.Concat(invitationSteps(), contractSteps(), serviceSteps()),
	}
}

func billingTransferNew() Template {
	steps := slices.Concat([]TemplateStep{enterAccount()}, invitationSteps(), contractSteps(), serviceSteps())
	steps[1].Requires = []string{steps[0].Key}
	return Template{
		Key: BillingTransferNew, Version: 2, Title: "Billing transfer of a new organization", Kind: BillingTransfer,
		Policy: policy(), Steps: steps,
	}
}

// policy leaves the customer three days, asks for twelve cycles (BIL-002) and ends with an expired invitation, as
// ORD-042 says.
func policy() Policy {
	return Policy{MinimumLead: 3 * day, DecideIn: 2 * day, Cycles: 12}
}

// enterAccount is the customer's first step when there is no organization yet (ORD-025, ORD-026, ORD-028).
func enterAccount() TemplateStep {
	return TemplateStep{
		Key: "enter-management-account", Title: "Create the management account", Owner: Customer, CompletedBy: Manual,
		AsksAccount: true, EscalateAfter: 7 * day, Reminder: "enter-account",
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
			Requires: []string{"send-invitation"}, EscalateAfter: 3 * day, Reminder: "accept-billing-transfer",
			What: "Accept the billing transfer that AWS mailed to the root address of the management account. No mail: look into " +
				"that mailbox and its spam folder, then ask Platform Support or your account manager, because the account may not " +
				"be eligible. An error: check that you may accept invitations for the account and that no other AWS provider " +
				"restricts the switch, then ask Platform Support.",
			Where: "AWS console, Billing and Cost Management, Billing transfer",
		},
	}
}

// contractSteps record the accepted transfer at AWS and bind the customer to the term.
func contractSteps() []TemplateStep {
	return []TemplateStep{
		{
			Key: "create-billing-group", Title: "Create the billing group", Owner: Platform, CompletedBy: BillingGroupCreated,
			Requires: []string{"accept-invitation"}, Skippable: true, EscalateAfter: day,
			What:  "A billing group is created for the transfer: without one the customer sees no costs.",
			Where: "AWS Billing Conductor",
		},
		{
			Key: "create-relationship", Title: "Create the relationship", Owner: Platform, CompletedBy: RelationshipCreated,
			Requires: []string{"accept-invitation"}, Skippable: true, EscalateAfter: day,
			What:  "The customer is registered at AWS as a customer of the reseller.",
			Where: "AWS Partner Central, Channel management",
		},
		{ // XFR-BT-03
			Key: "send-service-term", Title: "Send the service term", Owner: Platform, CompletedBy: TermSent,
			Requires: []string{"create-relationship"}, Skippable: true, EscalateAfter: day,
			What:  "The service term of twelve months is requested for the accepted transfer.",
			Where: "AWS Partner Central, Channel management",
		},
		{ // ORD-030, XFR-BT-04, XFR-BT-05, XFR-BT-07, XFR-BT-19, XFR-BT-20
			Key: "accept-service-term", Title: "Accept the service term", Owner: Customer, CompletedBy: TermAccepted,
			Requires: []string{"send-service-term"}, Skippable: true, EscalateAfter: 4 * day, Reminder: "accept-service-term",
			What: "Accept the service term of twelve months that AWS mails to the root address of the management account, as it did " +
				"with the billing transfer; that it takes about 15 minutes to arrive is normal. An error: use the right AWS account, " +
				"the management account, and credentials that may accept; then ask Platform Support.",
			Where: "AWS console, link in the mail",
		},
	}
}

// serviceSteps make the service possible. The roles and the support channel do not wait for each other.
func serviceSteps() []TemplateStep {
	return []TemplateStep{
		{ // ORD-031, ORD-043, XFR-BT-08, XFR-BT-09, XFR-BT-10
			Key: "deploy-roles", Title: "Deploy the roles", Owner: Customer, CompletedBy: RoleDeployed,
			Requires: []string{"accept-service-term"}, Skippable: true, EscalateAfter: 2 * day, DueAfter: 4 * day, Reminder: "deploy-roles",
			What: "Deploy the Bootstrap Role in the management account. It is the only access that the reseller gets; root credentials " +
				"stay with you, and nobody asks for them.",
			Where: "AWS console, CloudFormation in us-east-1",
		},
		{
			Key: "set-up-support-channel", Title: "Set up the support channel", Owner: Reseller, CompletedBy: ChannelReady,
			Requires: []string{"accept-invitation"}, Skippable: true, EscalateAfter: 5 * day,
			What:  "Set up the channel through which the customer opens cases.",
			Where: "ServiceNow",
		},
		{ // ORD-040
			Key: "finalize", Title: "Finalize", Owner: Platform, CompletedBy: RequirementsMet,
			Requires: []string{"create-billing-group", "deploy-roles", "set-up-support-channel"}, EscalateAfter: day,
			What:  "Everything is in place, so that the order is complete.",
			Where: "TransferService.GetTransfer",
		},
	}
}
