package party

import (
	"slices"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Exception lets a customer order although it does not meet an eligibility rule.
type Exception struct {
	Rule      string     `json:"rule"`   // key of the rule
	Reason    string     `json:"reason"` // the customer may read it
	ExpiresAt time.Time  `json:"expires_at,omitzero"`
	GrantedBy call.Actor `json:"granted_by"`
	GrantedAt time.Time  `json:"granted_at"`
}

// Grant lets the customer off a rule. Refused with FIELD_REQUIRED without a reason, and with VALIDITY_PAST.
func (c *Customer) Grant(e Exception, now time.Time) ([]fact.Fact, error) {
	switch {
	case e.Reason == "":
		return nil, errs.InvalidField("reason", ReasonFieldRequired, "say why").
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.give_reason")})
	case !e.ExpiresAt.IsZero() && !now.Before(e.ExpiresAt):
		return nil, errs.InvalidField("expire_time", ReasonValidityPast, "it is %s", now.Format(time.RFC3339)).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.give_later_time")})
	}
	e.GrantedAt = now
	i := c.exception(e.Rule)
	if i >= 0 && c.Exceptions[i].Reason == e.Reason && c.Exceptions[i].ExpiresAt.Equal(e.ExpiresAt) {
		return nil, nil
	}
	c.Exceptions = slices.Clone(c.Exceptions)
	if i >= 0 {
		c.Exceptions[i] = e
	} else {
		c.Exceptions = append(c.Exceptions, e)
	}
	return []fact.Fact{fact.Fact{Name: FactExceptionGranted, Audience: fact.Customer}.With("rule", e.Rule)}, nil
}

// Revoke has the customer meet the rule again, or refuses with EXCEPTION_MISSING.
func (c *Customer) Revoke(rule string) ([]fact.Fact, error) {
	i := c.exception(rule)
	if i < 0 {
		return nil, errs.New(errs.Precondition, ReasonExceptionMissing, "the customer has no exception from rule %s", rule).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.look_up_exceptions")})
	}
	c.Exceptions = slices.Delete(slices.Clone(c.Exceptions), i, i+1)
	return []fact.Fact{fact.Fact{Name: FactExceptionRevoked, Audience: fact.Customer}.With("rule", rule)}, nil
}

// Excepted returns the rules that the customer need not meet now.
func (c Customer) Excepted(now time.Time) (rules []string) {
	for _, e := range c.Exceptions {
		if e.ExpiresAt.IsZero() || now.Before(e.ExpiresAt) {
			rules = append(rules, e.Rule)
		}
	}
	return rules
}

// exception returns where the exception from a rule is, or -1.
func (c Customer) exception(rule string) int {
	return slices.IndexFunc(c.Exceptions, func(e Exception) bool { return e.Rule == rule })
}
