package consent

import (
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
)

// Agreement is the assignment agreement between the customer and the assignee (XFR-CTA-06, XFR-CTA-07).
type Agreement struct {
	Clauses
	Sent       Statement   `json:"sent"`
	Signatures []Signature `json:"signatures,omitempty"`
	ExecutedAt time.Time   `json:"executed_at,omitzero"` // when the last side signed
	Executed   *Statement  `json:"executed,omitempty"`
	Attached   []string    `json:"attached,omitempty"` // ids of the files of the signed agreement
}

// Clauses are what an assignment agreement must say.
type Clauses struct {
	Scope           string `json:"scope"`
	Fees            string `json:"fees"`
	Warranties      string `json:"warranties"`
	Representations string `json:"representations"`
}

func (s Clauses) missing() (paths []string) {
	for _, f := range []struct{ path, value string }{
		{"scope", s.Scope}, {"fees", s.Fees}, {"warranties", s.Warranties}, {"representations", s.Representations},
	} {
		if f.value == "" {
			paths = append(paths, f.path)
		}
	}
	return paths
}

// Signature is the signature of one side.
type Signature struct {
	Side     Side      `json:"side"`
	PersonID string    `json:"person_id"`
	At       time.Time `json:"at"`
}

// signed reports whether a side has signed; a nil agreement is signed by nobody.
func (a *Agreement) signed(s Side) bool {
	return a != nil && slices.ContainsFunc(a.Signatures, func(g Signature) bool { return g.Side == s })
}

// SendAgreement records that the assignment agreement was sent for signature. Another version must be signed anew. Refused with
// STATE_REFUSES, FIELD_REQUIRED and EVIDENCE_REQUIRED.
func (c *Consent) SendAgreement(s Clauses, evidence string, by call.Actor, now time.Time) ([]fact.Fact, error) {
	if err := c.accepts("sent for signature", Granted, AgreementPending); err != nil {
		return nil, err
	}
	if err := required(s.missing()); err != nil {
		return nil, err
	}
	if err := proven(evidence, by); err != nil {
		return nil, err
	}
	c.supersede(&Agreement{Clauses: s, Sent: Statement{evidence, by, now}})
	c.enter(AgreementPending, now)
	return []fact.Fact{tell(FactAgreementSent)}, nil
}

// Execute records who has signed. When both sides have, the assignee is bound, also when that becomes known after the consent has
// expired: the dates of the signatures count. What proves it is said, or attached. Refused with STATE_REFUSES, FIELD_REQUIRED,
// EVIDENCE_REQUIRED and REQUEST_INVALID.
func (c *Consent) Execute(
	signed map[Side]time.Time, evidence string, by call.Actor, now time.Time, attached ...string,
) ([]fact.Fact, error) {
	if err := c.accepts("executed", AgreementPending, Expired); err != nil {
		return nil, err
	}
	if c.Agreement == nil {
		return nil, errs.New(errs.Precondition, ReasonStateRefuses, "the consent expired before an agreement was sent for signature")
	}
	if len(attached) == 0 {
		if err := proven(evidence, by); err != nil {
			return nil, err
		}
	}
	next := *c.Agreement
	next.Signatures, next.Attached = slices.Clone(next.Signatures), slices.Concat(next.Attached, attached)
	var facts []fact.Fact
	for _, s := range []Side{Assignor, Assignee} {
		at, given := signed[s]
		switch p := c.party(s); {
		case !given || next.signed(s):
			continue
		case p.Signatory == "" || p.Erased:
			return nil, required([]string{strings.ToLower(string(s)) + ".signatory_id"})
		}
		if err := c.dated(at, now); err != nil {
			return nil, err
		}
		next.Signatures = append(next.Signatures, Signature{s, c.party(s).Signatory, at})
		facts = append(facts, tell(FactSigned, "side", string(s), "person_id", c.party(s).Signatory))
	}
	turn := c.turn()
	c.Agreement = &next
	if !next.signed(Assignor) || !next.signed(Assignee) {
		if c.turn() != turn {
			c.Since = now
		}
		return facts, nil
	}
	for _, g := range next.Signatures {
		if g.At.After(next.ExecutedAt) {
			next.ExecutedAt = g.At
		}
	}
	next.Executed = &Statement{evidence, by, now}
	c.enter(Executed, now)
	c.EndedAt, c.ExpiresAt, c.FailsAt = now, time.Time{}, time.Time{}
	return append(facts, tell(FactExecuted)), nil
}

// supersede puts another agreement, or none, in the place of one that is not executed, whose files stay disposable.
func (c *Consent) supersede(next *Agreement) {
	if c.Agreement != nil {
		c.Superseded = slices.Concat(c.Superseded, c.Agreement.Attached)
	}
	c.Agreement = next
}

// Disposable are the files that go with the personal data of somebody who signs: those of agreements that are not executed.
func (c *Consent) Disposable() []string {
	switch {
	case c.Agreement == nil:
		return c.Superseded
	case c.State != Executed:
		return slices.Concat(c.Superseded, c.Agreement.Attached)
	}
	executed := func(file string) bool { return slices.Contains(c.Agreement.Attached, file) }
	return slices.DeleteFunc(slices.Clone(c.Superseded), executed)
}

// dated refuses a signature that was not given between AWS's consent and its end.
func (c *Consent) dated(signed, now time.Time) error {
	switch {
	case signed.After(now):
		return errs.InvalidField("signatures", reasonInvalid, "nobody can have signed in the future")
	case c.Decision != nil && signed.Before(c.Decision.At):
		return errs.InvalidField(
			"signatures", reasonInvalid, "nobody can have signed before AWS consented at %s", c.Decision.At.Format(time.RFC3339),
		)
	case c.State == Expired && !signed.Before(c.Since):
		return errs.InvalidField("signatures", reasonInvalid, "the consent had expired at %s", c.Since.Format(time.RFC3339))
	}
	return nil
}
