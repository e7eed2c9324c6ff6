package consent

import (
	"strconv"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/services/accounttransfer/internal/process"
)

// Outcome is what came of AWS's review.
type Outcome string

// The outcomes.
const (
	OutcomeGranted              Outcome = "GRANTED"
	OutcomeRefused              Outcome = "REFUSED"
	OutcomeInformationRequested Outcome = "INFORMATION_REQUESTED"
)

// Question is what AWS wants to know before it decides.
type Question struct {
	Text    string        `json:"text"`
	Owner   process.Party `json:"owner"` // who is to answer
	AskedAt time.Time     `json:"asked_at"`
}

// Decision is what AWS decided.
type Decision struct {
	Outcome   Outcome   `json:"outcome"`
	At        time.Time `json:"at"`
	Reason    string    `json:"reason,omitempty"` // AWS's own
	Statement Statement `json:"statement"`
}

// missing names what the request to AWS lacks: both sides with who signs, the terms, and the answer to a question.
func (c *Consent) missing() []string {
	paths := append(c.Assignor.missing("assignor"), c.Assignee.missing("assignee")...)
	if c.Terms == "" {
		paths = append(paths, "proposed_terms")
	}
	if c.asked() {
		paths = append(paths, "answer")
	}
	return paths
}

// asked reports whether AWS's question has no answer.
func (c *Consent) asked() bool { return c.Question != nil && c.Answer == "" }

// Submit records that the request was sent to AWS. Refused with STATE_REFUSES, FIELD_REQUIRED and EVIDENCE_REQUIRED.
func (c *Consent) Submit(evidence, reference string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if err := c.accepts("submitted", InfoGathering); err != nil {
		return nil, err
	}
	if err := required(c.missing()); err != nil {
		return nil, err
	}
	if err := proven(evidence, by); err != nil {
		return nil, err
	}
	c.Submissions = append(c.Submissions, Statement{evidence, by, now})
	c.refer(reference)
	c.enter(Submitted, now)
	return []fact.Fact{tell(FactSubmitted, "attempt", strconv.Itoa(len(c.Submissions)))}, nil
}

// Review records that AWS reviews the request. Refused with STATE_REFUSES and EVIDENCE_REQUIRED.
func (c *Consent) Review(evidence, reference string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if err := c.accepts("reviewed", Submitted); err != nil {
		return nil, err
	}
	if err := proven(evidence, by); err != nil {
		return nil, err
	}
	c.refer(reference)
	c.enter(UnderReview, now)
	f := fact.Internally(tell(FactReviewStarted))
	f.Reason = evidence
	return []fact.Fact{f}, nil
}

func (c *Consent) refer(reference string) {
	if reference != "" {
		c.Reference = reference
	}
}

// Verdict is what AWS answered, as somebody records it.
type Verdict struct {
	Outcome             Outcome
	At                  time.Time // zero: now
	Reason              string    // AWS's reasons or question
	Owner               process.Party
	ExpiresAt           time.Time // of a consent; zero: AWS set no date
	Evidence, Reference string
}

func (v Verdict) check(by call.Actor, now time.Time) error {
	switch {
	case v.At.After(now):
		return errs.InvalidField("decide_time", reasonInvalid, "AWS cannot have decided in the future")
	case v.Outcome != OutcomeGranted && !v.ExpiresAt.IsZero():
		return errs.InvalidField("expire_time", reasonInvalid, "only a consent expires")
	case !v.ExpiresAt.IsZero() && !v.ExpiresAt.After(now):
		return errs.InvalidField("expire_time", reasonInvalid, "the consent has expired already")
	case v.Outcome == OutcomeInformationRequested && v.Reason == "":
		return errs.InvalidField("reason", ReasonFieldRequired, "say what AWS wants to know")
	}
	return proven(v.Evidence, by)
}

// Decide records what came of AWS's review. Refused with STATE_REFUSES, FIELD_REQUIRED, EVIDENCE_REQUIRED and REQUEST_INVALID.
func (c *Consent) Decide(v Verdict, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if err := c.accepts("decided on", Submitted, UnderReview); err != nil {
		return nil, err
	}
	if v.At.IsZero() {
		v.At = now
	}
	if err := v.check(by, now); err != nil {
		return nil, err
	}
	c.refer(v.Reference)
	if v.Outcome == OutcomeInformationRequested {
		return c.ask(v, now), nil
	}
	c.Decision = &Decision{v.Outcome, v.At, v.Reason, Statement{v.Evidence, by, now}}
	if v.Outcome == OutcomeRefused {
		c.enter(Refused, now)
		c.fails(now)
		return []fact.Fact{tell(FactRefused)}, nil
	}
	c.enter(Granted, now)
	if !v.ExpiresAt.IsZero() {
		c.ExpiresAt = v.ExpiresAt
	}
	f := tell(FactGranted)
	if !c.ExpiresAt.IsZero() {
		f = f.With("expire", c.ExpiresAt.Format(time.RFC3339))
	}
	return []fact.Fact{f}, nil
}

// ask collects what AWS wants to know more.
func (c *Consent) ask(v Verdict, now time.Time) []fact.Fact {
	if v.Owner != process.Customer {
		v.Owner = process.Reseller
	}
	c.Question, c.Answer = &Question{v.Reason, v.Owner, v.At}, ""
	c.enter(InfoGathering, now)
	return []fact.Fact{tell(FactInformationRequested, "answered_by", string(v.Owner))}
}
