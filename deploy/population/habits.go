package main

import (
	"math/rand/v2"

	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// never is a number of days in which nothing happens.
const never = -1

// answer is what somebody does about a thing that waits for it.
type answer struct {
	days int // until then; never: it does nothing
	what string
}

// What somebody may do.
const (
	accepts, declines      = "accept", "decline"
	safely, carelessly     = "deploy it", "deploy it without an external id"
	keeps, withdraws       = "keep", "withdraw"
	byCustomer, byReseller = "the customer withdraws", "somebody withdraws in the payer's account"
	byContract, byClosing  = "Operations withdraws", "the account is closed"
)

// habits are what one customer, and the operator who looks after it, do in the course of time.
type habits struct {
	refused    *sandboxv1.OrganizationTraits // why AWS refuses the invitation; nil: it does not
	mended     answer                        // how long that lasts
	invitation answer
	term       answer
	role       answer
	decision   answer // of Operations, where it has to decide
	partnerLed bool
	failed     answer // when Operations fails the order, whatever it is about
	leaves     answer // how long after the order is complete
}

// chance is a source of its own for each customer: what one does has no part in what another does.
func chance(seed, of uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, of)) }

// newHabits draws the habits of a customer. Most behave; each single thing goes otherwise for some.
func newHabits(r *rand.Rand) habits {
	h := habits{
		mended: answer{days: never}, failed: answer{days: never}, leaves: answer{days: never}, partnerLed: r.IntN(2) == 0,
		invitation: draw(r, 10, 80, accepts, declines), term: draw(r, 7, 85, accepts, declines),
		role: draw(r, 9, 85, safely, carelessly), decision: draw(r, 12, 50, keeps, withdraws),
	}
	if r.IntN(100) < 15 {
		all := refusals()
		if h.refused = all[r.IntN(len(all))]; r.IntN(3) > 0 {
			h.mended = answer{days: r.IntN(40)}
		}
	}
	if r.IntN(100) < 5 {
		h.failed = answer{days: r.IntN(60)}
	}
	if r.IntN(100) < 25 {
		h.leaves = draw(r, 400, 60, byCustomer, byReseller)
		if r.IntN(2) == 0 {
			h.leaves.what = []string{byContract, byClosing}[r.IntN(2)]
		}
	}
	return h
}

// draw draws an answer: within so many days, one of two in so many of a hundred cases; one in eight gives none.
func draw(r *rand.Rand, days, usual int, what, other string) answer {
	a := answer{days: r.IntN(days), what: what}
	if r.IntN(100) >= usual {
		a.what = other
	}
	if r.IntN(8) == 0 {
		a.days = never
	}
	return a
}

func refusals() []*sandboxv1.OrganizationTraits {
	return []*sandboxv1.OrganizationTraits{
		{PrivatePricing: true},
		{ConsolidatedBillingOnly: true},
		{AccountNotActive: true},
		{LegacyPermissions: true},
		{PastDueInvoice: true},
		{PrepaymentBalance: true},
		{EmailNotVerified: true},
		{NotEligible: true},
		{OtherSellerOfRecord: true},
		{BillingPrerequisiteUnmet: true},
		{NoPaymentInstrument: true},
		{EarlierInvitationBlocks: true},
	}
}
