package transfer

import (
	"strings"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
)

// Creation is one thing that AWS is asked to create for the transfer.
type Creation struct {
	Name   string    `json:"name"`             // as AWS shows it, where it shows one: finds it again after a lost answer
	Token  string    `json:"token"`            // AWS creates once for it
	ID     string    `json:"id,omitempty"`     // AWS's, an ARN or "rs-…" or "ch-…"; empty: not known to be there
	SeenAt time.Time `json:"seen_at,omitzero"` // when AWS first said that it has it
	Asked  bool      `json:"asked,omitempty"`  // the call went out and its answer is not known
}

// creations are the steps that AWS is asked to create something for, in their order.
func creations() []Completion {
	return []Completion{BillingGroupCreated, RelationshipCreated, TermSent}
}

// Creation returns what AWS was last asked to create for a step; nil when nothing was.
func (t *Transfer) Creation(c Completion) *Creation {
	switch term := t.Term(); {
	case c == BillingGroupCreated:
		return t.BillingGroup
	case c == RelationshipCreated:
		return t.Relationship
	case c == TermSent && term != nil:
		return &term.Creation
	}
	return nil
}

// Intend keeps the intent to create what completes a step, before AWS is called. Creation is what to create. Refused
// when the step does not want it, or not now.
func (t *Transfer) Intend(c Completion, now time.Time) ([]fact.Fact, error) {
	s := t.work(c)
	if made := t.Creation(c); s == nil || made != nil && made.Asked {
		return nil, t.stateRefuses("worked on")
	}
	var facts []fact.Fact
	if s.State == Broken {
		facts = append(facts, s.retry(now))
	}
	switch {
	case c == TermSent:
		t.planTerm(now)
	case c == BillingGroupCreated && t.BillingGroup == nil:
		t.BillingGroup = &Creation{Name: t.ID, Token: t.token("billing-group")}
	case c == RelationshipCreated && t.Relationship == nil:
		t.Relationship = &Creation{Name: t.ID, Token: t.token("relationship")}
	}
	t.Creation(c).Asked = true
	return facts, nil
}

// token is made of the characters that every API of AWS takes.
func (t *Transfer) token(what string) string { return strings.ReplaceAll(t.ID, "_", "-") + "-" + what }

// Created notes that AWS has what a step wanted, under AWS's id.
func (t *Transfer) Created(c Completion, id string, now time.Time) ([]fact.Fact, error) {
	made, err := t.awaited(c)
	if made == nil {
		return nil, err
	}
	made.ID, made.SeenAt, made.Asked = id, now, false
	facts := []fact.Fact{t.creationNews(c, now)}
	if t.State.Ended() {
		return []fact.Fact{internally(facts[0])}, nil // it is taken back
	}
	facts = append(facts, t.observed(c, now)...)
	return append(facts, t.advance(now)...), nil
}

// creationNews is the fact of a creation; a service term is then the customer's to accept.
func (t *Transfer) creationNews(c Completion, now time.Time) fact.Fact {
	switch c {
	case BillingGroupCreated:
		return internally(tell(FactBillingGroupCreated, "Billing Conductor has the billing group.", "arn", t.BillingGroup.ID))
	case RelationshipCreated:
		return internally(tell(FactRelationshipCreated, "Partner Central has the relationship.", "relationship_id", t.Relationship.ID))
	default:
		return t.Term().requested(now)
	}
}

// NotCreated notes that AWS does not have what it was asked to create: it goes out again, under the same token.
func (t *Transfer) NotCreated(c Completion) ([]fact.Fact, error) {
	if made, err := t.awaited(c); made == nil {
		return nil, err
	}
	t.Creation(c).Asked = false
	return nil, nil
}

// CreationRefused notes that what a step wants cannot be created as things are, and who can mend that.
func (t *Transfer) CreationRefused(c Completion, r Refusal, now time.Time) ([]fact.Fact, error) {
	if t.over(c) {
		return nil, nil
	}
	if made := t.Creation(c); made != nil {
		made.Asked = false
	}
	if c == TermSent && !t.State.Ended() {
		t.renewTerm()
	}
	s := t.work(c)
	if s == nil {
		return nil, nil
	}
	b := Blocked{Owner: r.Owner, What: r.What, Where: r.Where}
	if r.RetryAfter > 0 {
		b.RetryAt = now.Add(r.RetryAfter)
	}
	return t.broken(s, Failure{r.Code, r.Message}, b, now), nil
}

// over reports whether AWS's answer comes too late to matter: after the end only a service term does, because the
// customer could accept it.
func (t *Transfer) over(c Completion) bool {
	return t.State.Ended() && (c != TermSent || !t.termUnanswered())
}

// awaited returns what AWS's answer is awaited for; nil, without an error, when the transfer has ended meanwhile.
func (t *Transfer) awaited(c Completion) (*Creation, error) {
	if t.over(c) {
		return nil, nil
	}
	if made := t.Creation(c); made != nil && made.Asked {
		return made, nil
	}
	return nil, errs.New(errs.Precondition, ReasonStateRefuses, "no answer is awaited for what completes a step by %s", c)
}

// TransferARN returns AWS's ARN of the accepted transfer; "" before.
func (t *Transfer) TransferARN() string {
	if inv := t.accepted(); inv != nil {
		return inv.AWSTransferARN
	}
	return ""
}

// RelationshipID returns the id of the relationship in Partner Central; "" when there is none.
func (t *Transfer) RelationshipID() string {
	if t.Relationship == nil {
		return ""
	}
	return t.Relationship.ID
}

// creationTimers is what AWS must be asked to create, or whether it has created it.
func (t *Transfer) creationTimers() []timer {
	var lookUps, creates []timer
	for _, c := range creations() {
		s := t.work(c)
		if s == nil {
			continue
		}
		if made := t.Creation(c); made != nil && made.Asked {
			lookUps = append(lookUps, timer{at: immediately, kind: LookUpCreation, step: s})
			continue
		}
		creates = append(creates, t.workTimer(s, Create)...)
	}
	return append(lookUps, creates...)
}
