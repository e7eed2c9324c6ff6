package catalogue

import (
	"slices"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Validity is since when and until when a rule is in force, as Operations has set it (ORD-013). A rule that nobody has set
// one for keeps its own dates.
type Validity struct {
	ID     string     `json:"id"`
	Rule   string     `json:"rule"`           // Rule.Key
	From   time.Time  `json:"from,omitzero"`  // zero: always was
	Until  time.Time  `json:"until,omitzero"` // zero: no end
	Reason string     `json:"reason"`         // why it was set
	SetBy  call.Actor `json:"set_by"`
}

// Set sets since when and until when the rule is in force; without a beginning, the one that it has stays. What was decided
// stays decided: a rule that is in force keeps its beginning, and one that has ended begins again from now on at the earliest.
// Refused with FIELD_REQUIRED, VALIDITY_EMPTY and VALIDITY_PAST.
func (v *Validity) Set(next Validity, now time.Time) ([]fact.Fact, error) {
	if next.Reason == "" {
		return nil, required("reason", "say why", "remedy.give_reason")
	}
	if err := inForce().moves(span{v.From, v.Until}, &next.From, &next.Until, now); err != nil {
		return nil, err
	}
	if next.From.Equal(v.From) && next.Until.Equal(v.Until) && next.Reason == v.Reason {
		return nil, nil
	}
	v.From, v.Until, v.Reason, v.SetBy = next.From, next.Until, next.Reason, next.SetBy
	return []fact.Fact{fact.Fact{Name: FactValiditySet, Audience: fact.Operator}.With("rule", v.Rule)}, nil
}

func required(field, what, remedy string) error {
	return errs.InvalidField(field, ReasonFieldRequired, "%s", what).WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New(remedy)})
}

// Since returns the rules with the time in which each is in force: as set, or its own.
func Since(rules []Rule, set []*Validity) []Rule {
	out := slices.Clone(rules)
	for i := range out {
		if n := slices.IndexFunc(set, func(v *Validity) bool { return v.Rule == out[i].Key }); n >= 0 {
			out[i].From, out[i].Until = set[n].From, set[n].Until
		}
	}
	return out
}

// FindRule returns a standard rule, or RULE_UNKNOWN.
func FindRule(key string) (Rule, error) {
	rules := StandardRules()
	if i := slices.IndexFunc(rules, func(r Rule) bool { return r.Key == key }); i >= 0 {
		return rules[i], nil
	}
	return Rule{}, errs.New(errs.NotFound, ReasonRuleUnknown, "there is no rule %q", key).
		WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.look_up_rule")})
}

// Switchable returns nil when Operations may set since when and until when the rule is in force, or RULE_FIXED.
func (r Rule) Switchable() error {
	if !r.Fixed {
		return nil
	}
	return errs.New(errs.Precondition, ReasonRuleFixed, "rule %s is always in force: invoices depend on it", r.Key).
		WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.rule_stays")})
}

// Exceptional returns nil when a customer may be let off the rule, or RULE_WITHOUT_EXCEPTIONS.
func (r Rule) Exceptional() error {
	if r.Exceptions {
		return nil
	}
	return errs.New(errs.Precondition, ReasonRuleWithoutExceptions, "nobody can be let off rule %s", r.Key).
		WithRemedy(errs.Remedy{Who: r.Who, Text: r.Instruct()})
}
