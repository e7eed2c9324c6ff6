package orders

import (
	"context"
	"time"

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

// saleOf finds what was set for a product.
func saleOf(product string) store.Query {
	return store.Query{Where: []store.Cond{store.Eq("product", product)}, Size: 1}
}

// windowOf is the window of a product, by a list of what was set.
func windowOf(product string, list func(store.Query) (store.Page[catalogue.Window], error)) (catalogue.Window, error) {
	set, err := list(saleOf(product))
	return catalogue.WindowOf(product, windowsOf(set)), err
}

func windowsOf(set store.Page[catalogue.Window]) []*catalogue.Window {
	return wire.Rows(set.Rows, func(r store.Row[catalogue.Window]) *catalogue.Window { return r.Doc })
}

// windowTx is the window of a product as a transaction sees it.
func (t *tables) windowTx(tx *store.Tx, product string) (catalogue.Window, error) {
	return windowOf(product, func(q store.Query) (store.Page[catalogue.Window], error) { return t.windows.ListTx(tx, anyWindow(), q) })
}

// sales are what was set for the products of this release: fewer than a page holds.
func (t *tables) sales(ctx context.Context) (store.Page[catalogue.Window], error) {
	return t.windows.List(ctx, anyWindow(), store.Query{Size: 100})
}

// ListSaleWindows answers in one page: the catalogue is short.
func (s *catalogServer) ListSaleWindows(
	ctx context.Context, _ *ordersv1.ListSaleWindowsRequest,
) (*ordersv1.ListSaleWindowsResponse, error) {
	set, err := s.tables.sales(ctx)
	if err != nil {
		return nil, err
	}
	etags := map[string]string{}
	for _, row := range set.Rows {
		etags[row.Doc.Product] = row.ETag()
	}
	resp := &ordersv1.ListSaleWindowsResponse{}
	for _, p := range catalogue.Products() {
		resp.Windows = append(resp.Windows, toSale(catalogue.WindowOf(p.ID, windowsOf(set)), etags[p.ID], s.now()))
	}
	return resp, nil
}

func (s *catalogServer) SetSaleWindow(ctx context.Context, req *ordersv1.SetSaleWindowRequest) (*ordersv1.SetSaleWindowResponse, error) {
	product, err := catalogue.Find(req.GetProductId())
	if err != nil {
		return nil, err
	}
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*ordersv1.SetSaleWindowResponse, error) {
		row, err := s.setWindow(tx, catalogue.Window{
			Product: product.ID, From: wire.FromTime(req.GetSaleStartTime()), Until: wire.FromTime(req.GetSaleEndTime()),
			Countries: req.GetSellerCountryCodes(), Partitions: fromPartitions(req.GetPartitions()),
			Reason: req.GetReason(), SetBy: tx.Call().Actor,
		}, req.GetEtag())
		if err != nil {
			return nil, err
		}
		return &ordersv1.SetSaleWindowResponse{Window: toSale(*row.Doc, row.ETag(), tx.Now())}, nil
	})
}

// setWindow changes the row of a product, or makes the first.
func (s *catalogServer) setWindow(tx *store.Tx, next catalogue.Window, etag string) (row store.Row[catalogue.Window], err error) {
	page, err := s.tables.windows.ListTx(tx, anyWindow(), saleOf(next.Product))
	if err != nil {
		return row, err
	}
	if len(page.Rows) > 0 {
		set := func(w *catalogue.Window) ([]fact.Fact, error) { return w.Set(next, tx.Now()) }
		return s.tables.windows.Update(tx, anyWindow(), page.Rows[0].ID, etag, set)
	}
	if etag != "" {
		return row, errs.New(errs.Conflict, "ETAG_MISMATCH", "the product's sale was never changed: send no etag")
	}
	first := catalogue.WindowOf(next.Product, nil)
	first.ID = id.New(prefixWindow)
	facts, err := first.Set(next, tx.Now())
	if err != nil {
		return row, err
	}
	return s.tables.windows.Create(tx, first.ID, &first, facts...)
}

// toSale shows when and where a product is sold, and whether it is now.
func toSale(w catalogue.Window, etag string, now time.Time) *ordersv1.SaleWindow {
	out := toWindow(w, etag)
	out.OnSale = w.Open(now)
	return out
}

func toWindow(w catalogue.Window, etag string) *ordersv1.SaleWindow {
	return &ordersv1.SaleWindow{
		ProductId: w.Product, SaleStartTime: wire.Time(w.From), SaleEndTime: wire.Time(w.Until), SellerCountryCodes: w.Countries,
		Partitions: toPartitions(w.Partitions), ChangeReason: w.Reason, Etag: etag,
	}
}

func toPartitions(ps []catalogue.Partition) (out []ordersv1.AwsPartition) {
	for _, p := range ps {
		out = append(out, wire.Value[ordersv1.AwsPartition](string(p)))
	}
	return out
}

func fromPartitions(ps []ordersv1.AwsPartition) (out []catalogue.Partition) {
	for _, p := range ps {
		out = append(out, catalogue.Partition(wire.Name(p)))
	}
	return out
}
