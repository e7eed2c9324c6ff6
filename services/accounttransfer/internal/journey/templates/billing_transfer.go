package templates

import (
	"slices"
	"time"

	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/process"
)

// Keys of the templates of billing transfer.
const (
	BillingTransferExisting = "billing-transfer-existing" // the customer has an organization (ORD-024)
	BillingTransferNew      = "billing-transfer-new"      // the customer opens one first (ORD-025)
)

func billingTransferExisting() Journey {
	return billingTransfer(BillingTransferExisting, slices.Concat(invitationSteps(), contractSteps(), serviceSteps()))
}

func billingTransferNew() Journey {
	steps := slices.Concat([]process.TemplateStep{enterAccount()}, invitationSteps(), contractSteps(), serviceSteps())
	steps[1].Requires = []string{steps[0].Key}
	return billingTransfer(BillingTransferNew, steps)
}

// billingTransfer leaves the customer three days, asks for twelve cycles (BIL-002) and ends with an expired invitation, as
// ORD-042 says.
func billingTransfer(key string, steps []process.TemplateStep) Journey {
	return Journey{
		Template: process.Template{Key: key, Version: 1, Steps: steps}, Kind: BillingTransfer, Basis: connection.BillingTransfer,
		Policy: connection.Policy{MinimumLead: 3 * day, Cycles: 12, EscalateIn: 3 * day, DeniedFor: deniedFor}, DecideIn: 2 * day,
	}
}

// enterAccount is the customer's first step when there is no organization yet (ORD-025, ORD-026, ORD-028).
func enterAccount() process.TemplateStep {
	return process.TemplateStep{
		Key: "enter-management-account", Owner: process.Customer, CompletedBy: process.Attestation,
		AsksAccount: true, EscalateAfter: 7 * day, ReminderTemplate: "enter-account",
	}
}

// observed is a step that a condition completes.
func observed(key string, owner process.Party, c process.Condition, escalate time.Duration, requires ...string) process.TemplateStep {
	return process.TemplateStep{
		Key: key, Owner: owner, CompletedBy: process.Observation, Condition: c, EscalateAfter: escalate, Requires: requires,
	}
}

// skippable makes a step one that the journey can do without.
func skippable(s process.TemplateStep) process.TemplateStep {
	s.Skippable = true
	return s
}

// reminded makes the customer be reminded of a step.
func reminded(s process.TemplateStep, template string) process.TemplateStep {
	s.ReminderTemplate = template
	return s
}

// invitationSteps connect the organization (XFR-BT-01).
func invitationSteps() []process.TemplateStep {
	return []process.TemplateStep{
		observed("validate-account", process.Platform, connection.AccountValid, time.Hour),
		observed("send-invitation", process.Platform, connection.InvitationSent, day, "validate-account"),
		// ORD-029, XFR-BT-02, XFR-BT-13 to XFR-BT-16, XFR-BT-18
		reminded(
			observed("accept-invitation", process.Customer, connection.InvitationAccepted, 3*day, "send-invitation"), "accept-billing-transfer",
		),
	}
}

// contractSteps record the accepted transfer at AWS and bind the customer to the term.
func contractSteps() []process.TemplateStep {
	return []process.TemplateStep{
		skippable(observed("create-billing-group", process.Platform, connection.GroupCreated, day, "accept-invitation")),
		skippable(observed("create-relationship", process.Platform, connection.RelationCreated, day, "accept-invitation")),
		skippable(observed("send-service-term", process.Platform, connection.TermSent, day, "create-relationship")), // XFR-BT-03
		// ORD-030, XFR-BT-04, XFR-BT-05, XFR-BT-07, XFR-BT-19, XFR-BT-20
		reminded(
			skippable(observed("accept-service-term", process.Customer, connection.TermAccepted, 4*day, "send-service-term")), "accept-service-term",
		),
	}
}

// serviceSteps make the service possible. The roles and the support channel do not wait for each other.
func serviceSteps() []process.TemplateStep {
	roles := reminded(
		skippable(observed("deploy-roles", process.Customer, connection.RoleDeployed, 2*day, "accept-service-term")), "deploy-roles",
	)
	roles.DueAfter, roles.OnOverdue, roles.LookFirst = 4*day, process.Flags, true // ORD-031, ORD-043, XFR-BT-08, XFR-BT-09, XFR-BT-10
	return []process.TemplateStep{
		roles,
		skippable(observed("set-up-support-channel", process.Reseller, ChannelReady, 5*day, "accept-invitation")),
		finalize("create-billing-group", "deploy-roles", "set-up-support-channel"),
	}
}

// finalize completes the journey when all that it requires is done (ORD-040).
func finalize(requires ...string) process.TemplateStep {
	return process.TemplateStep{
		Key: "finalize", Owner: process.Platform, CompletedBy: process.Requirements, EscalateAfter: day, Requires: requires,
	}
}
