package templates

import (
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/process"
)

// SPAMManual is the key of the legacy model in which the reseller owns the root of the payer and of its accounts, done by
// hand: no invitation of AWS leads through it, people attest each step.
const SPAMManual = "spam-manual"

func spamManual() Journey {
	attested := func(key string, owner process.Party, requires ...string) process.TemplateStep {
		return process.TemplateStep{
			Key: key, Owner: owner, CompletedBy: process.Attestation, EvidenceRequired: true, EscalateAfter: 7 * day, Requires: requires,
		}
	}
	joined := attested("join-organization", process.Reseller, "hand-over-root")
	joined.Connects = true
	return Journey{
		Template: process.Template{Key: SPAMManual, Version: 1, Steps: []process.TemplateStep{
			observed("validate-account", process.Platform, connection.AccountValid, day),
			attested("hand-over-root", process.Customer, "validate-account"),
			joined,
			finalize("join-organization"),
		}},
		Kind: Membership, Basis: connection.Membership, DecideIn: 2 * day,
		Policy: connection.Policy{Cycles: 12, EscalateIn: 3 * day, DeniedFor: deniedFor},
	}
}
