package termination

import (
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
)

// Outcome is what can be decided.
type Outcome string

// The outcomes.
const (
	ApproveNow     Outcome = "APPROVE_NOW"
	Schedule       Outcome = "SCHEDULE"        // so that the billing ends with the term
	GrantException Outcome = "GRANT_EXCEPTION" // now, although the term is not over
	Refuse         Outcome = "REFUSE"
)

// Outcomes returns every outcome, for exhaustive tables.
func Outcomes() []Outcome { return []Outcome{ApproveNow, Schedule, GrantException, Refuse} }

// Reasons of refusals, as the contract names them.
const (
	ReasonCommitmentNotOver = "COMMITMENT_NOT_OVER"
	ReasonCommitmentOver    = "COMMITMENT_OVER"
	ReasonFieldRequired     = "FIELD_REQUIRED"
)

// Against refuses a decision that the term does not allow: with COMMITMENT_NOT_OVER, COMMITMENT_OVER, or FIELD_REQUIRED for one that
// somebody must be able to read the reason of.
func Against(d Decision, c Check) error {
	remedy := errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.review_otherwise")}
	switch {
	case d.Outcome == ApproveNow && !c.Over:
		return errs.New(errs.Precondition, ReasonCommitmentNotOver, "the term is not over: an end asked for now would be %s", stamp(c.Earliest)).
			WithMeta("term_end", stamp(c.TermEnd)).WithMeta("service_term_end", stamp(c.ServiceEnd)).
			WithMeta("scheduled_end", stamp(c.Scheduled)).WithRemedy(remedy)
	case d.Outcome == GrantException && c.Over:
		return errs.New(errs.Precondition, ReasonCommitmentOver, "the term is over, and needs no exception").WithRemedy(remedy)
	case (d.Outcome == GrantException || d.Outcome == Refuse) && d.Reason == "":
		return errs.InvalidField("reason", ReasonFieldRequired, "say why")
	}
	return nil
}

// stamp spells an instant; empty for the zero time.
func stamp(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}
