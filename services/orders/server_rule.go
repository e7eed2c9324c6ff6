package orders

import (
	"context"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/orders/internal/catalogue"
)

// everyRule finds what was set for the rules that this release knows: fewer than a page holds.
func everyRule() store.Query {
	rules := catalogue.StandardRules()
	keys := make([]string, len(rules))
	for i, r := range rules {
		keys[i] = r.Key
	}
	return store.Query{Where: []store.Cond{store.In("rule", keys...)}, Size: 100}
}

// rulesSince are the rules, each with the time in which it is in force.
func rulesSince(rows []store.Row[catalogue.Validity]) []catalogue.Rule {
	set := make([]*catalogue.Validity, len(rows))
	for i, r := range rows {
		set[i] = r.Doc
	}
	return catalogue.Since(catalogue.StandardRules(), set)
}

// ListEligibilityRules answers in one page: there are few rules.
func (s *catalogServer) ListEligibilityRules(
	ctx context.Context, _ *ordersv1.ListEligibilityRulesRequest,
) (*ordersv1.ListEligibilityRulesResponse, error) {
	set, err := s.tables.validities.List(ctx, anyRule(), everyRule())
	if err != nil {
		return nil, err
	}
	byKey := map[string]store.Row[catalogue.Validity]{}
	for _, row := range set.Rows {
		byKey[row.Doc.Rule] = row
	}
	resp := &ordersv1.ListEligibilityRulesResponse{}
	for _, r := range rulesSince(set.Rows) {
		resp.Rules = append(resp.Rules, s.toRule(ctx, r, byKey[r.Key]))
	}
	return resp, nil
}

func (s *catalogServer) SetRuleValidity(
	ctx context.Context, req *ordersv1.SetRuleValidityRequest,
) (*ordersv1.SetRuleValidityResponse, error) {
	rule, err := catalogue.FindRule(req.GetRule())
	if err == nil {
		err = rule.Switchable()
	}
	if err != nil {
		return nil, err
	}
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.SetRuleValidityResponse, error) {
		next := catalogue.Validity{
			Rule: rule.Key, From: wire.FromTime(req.GetValidFromTime()), Until: wire.FromTime(req.GetValidUntilTime()),
			Reason: req.GetReason(), SetBy: tx.Call().Actor,
		}
		row, err := s.setValidity(tx, rule, next, req.GetEtag())
		if err != nil {
			return nil, err
		}
		rule.From, rule.Until = row.Doc.From, row.Doc.Until
		return &ordersv1.SetRuleValidityResponse{Rule: s.toRule(ctx, rule, row)}, nil
	})
}

// setValidity changes the row of a rule, or makes the first.
func (s *catalogServer) setValidity(
	tx *store.Tx, rule catalogue.Rule, next catalogue.Validity, etag string,
) (row store.Row[catalogue.Validity], err error) {
	page, err := s.tables.validities.ListTx(tx, anyRule(), store.Query{Where: []store.Cond{store.Eq("rule", rule.Key)}, Size: 1})
	if err != nil {
		return row, err
	}
	if len(page.Rows) > 0 {
		set := func(v *catalogue.Validity) ([]fact.Fact, error) { return v.Set(next, tx.Now()) }
		return s.tables.validities.Update(tx, anyRule(), page.Rows[0].ID, etag, set)
	}
	if etag != "" {
		return row, errs.New(errs.Conflict, "ETAG_MISMATCH", "the rule's time was never changed: send no etag")
	}
	first := &catalogue.Validity{ID: id.New(prefixRule), Rule: rule.Key, From: rule.From, Until: rule.Until}
	facts, err := first.Set(next, tx.Now())
	if err != nil {
		return row, err
	}
	return s.tables.validities.Create(tx, first.ID, first, facts...)
}

// toRule shows a rule, and what was set for it if anything was.
func (s *catalogServer) toRule(ctx context.Context, r catalogue.Rule, set store.Row[catalogue.Validity]) *ordersv1.EligibilityRule {
	words := s.words(ctx)
	out := toValidity(set)
	out.Rule, out.Generation = r.Key, wire.Value[ordersv1.ProductGeneration](string(r.Generation))
	out.Requirement, out.Remedy = words.Say(r.Requirement()), first(words.Instruct(r.Instruct()))
	out.ValidFromTime, out.ValidUntilTime = wire.Time(r.From), wire.Time(r.Until)
	out.InForce = r.InForce(r.Generation, s.now())
	return out
}

// toValidity is what a row says of its rule.
func toValidity(set store.Row[catalogue.Validity]) *ordersv1.EligibilityRule {
	if set.Doc == nil {
		return &ordersv1.EligibilityRule{}
	}
	return &ordersv1.EligibilityRule{
		Rule: set.Doc.Rule, ValidFromTime: wire.Time(set.Doc.From), ValidUntilTime: wire.Time(set.Doc.Until),
		ChangeReason: set.Doc.Reason, Etag: set.ETag(),
	}
}
