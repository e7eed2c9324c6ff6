package orders

import (
	"context"
	"slices"
	"time"

	"example.com/handover/pkg/accountid"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/guidance"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/orders/internal/agreement"
	"example.com/handover/services/orders/internal/catalogue"
)

type catalogServer struct {
	ordersv1.UnimplementedCatalogServiceServer
	tables *tables
	now    func() time.Time // business time
	words  func(context.Context) text.Words
}

// ListProducts answers in one page: the catalogue is short. What only some customers may order is listed for those.
func (s *catalogServer) ListProducts(ctx context.Context, req *ordersv1.ListProductsRequest) (*ordersv1.ListProductsResponse, error) {
	sales, err := s.tables.sales(ctx)
	if err != nil {
		return nil, err
	}
	resp, now := &ordersv1.ListProductsResponse{}, s.now()
	for _, p := range catalogue.Offered(windowsOf(sales), now) {
		resp.Products = append(resp.Products, toProduct(p, catalogue.WindowOf(p.ID, windowsOf(sales)), now))
	}
	if req.GetCustomerId() != "" {
		err = s.offeredTo(ctx, req.GetCustomerId(), windowsOf(sales), resp)
	}
	if err != nil {
		return nil, err
	}
	pages, err := s.tables.pages(ctx)
	for _, p := range resp.GetProducts() {
		p.GuidanceLinks = links(ctx, pages, guidance.Place{ProductID: p.GetProductId()}, now)
	}
	return resp, err
}

// offeredTo adds what one customer may order besides.
func (s *catalogServer) offeredTo(
	ctx context.Context, customerID string, sales []*catalogue.Window, resp *ordersv1.ListProductsResponse,
) error {
	customer, err := s.tables.customers.Get(ctx, call.From(ctx).Scope, customerID)
	if err != nil {
		return err
	}
	set, err := s.tables.validities.List(ctx, anyRule(), everyRule())
	if err != nil {
		return err
	}
	q := catalogue.Question{Excepted: customer.Doc.Excepted(s.now())}
	if q.LegacyAgreement, err = s.holdsLegacy(ctx, customer.ID); err != nil {
		return err
	}
	for _, q.Product = range catalogue.Products() {
		q.Window = catalogue.WindowOf(q.Product.ID, sales)
		legacy := q.Product.Generation == catalogue.Legacy
		if legacy && catalogue.Admit(rulesSince(set.Rows), q, s.now()) == nil {
			resp.Products = append(resp.Products, toProduct(q.Product, q.Window, s.now()))
		}
	}
	return nil
}

// holdsLegacy reports whether a customer that the caller sees has an active agreement for a legacy product.
func (s *catalogServer) holdsLegacy(ctx context.Context, customerID string) (bool, error) {
	return legacyAmong(customerID, func(q store.Query) (store.Page[agreement.Agreement], error) {
		return s.tables.agreements.List(ctx, call.From(ctx).Scope, q)
	})
}

// legacyAmong reports whether one of a customer's active agreements is for a legacy product.
func legacyAmong(customerID string, list func(store.Query) (store.Page[agreement.Agreement], error)) (bool, error) {
	q := store.Query{Size: 100, Where: []store.Cond{store.Eq("customer", customerID), store.In("state", agreement.InForce()...)}}
	for {
		page, err := list(q)
		if err != nil || slices.ContainsFunc(page.Rows, func(r store.Row[agreement.Agreement]) bool { return r.Doc.ForLegacy() }) {
			return err == nil, err
		}
		if q.Token = page.Next; q.Token == "" {
			return false, nil
		}
	}
}

func (s *catalogServer) CheckEligibility(
	ctx context.Context, req *ordersv1.CheckEligibilityRequest,
) (*ordersv1.CheckEligibilityResponse, error) {
	product, err := catalogue.Find(req.GetProductId())
	if err != nil {
		return nil, err
	}
	customer, err := s.tables.customers.Get(ctx, call.From(ctx).Scope, req.GetCustomerId())
	if err != nil {
		return nil, err
	}
	seller, err := s.tables.sellers.Get(ctx, anySeller(), customer.Doc.SellerID)
	if err != nil {
		return nil, err
	}
	set, err := s.tables.validities.List(ctx, anyRule(), everyRule())
	if err != nil {
		return nil, err
	}
	legacy := false
	if product.Generation == catalogue.Legacy {
		if legacy, err = s.holdsLegacy(ctx, customer.ID); err != nil {
			return nil, err
		}
	}
	window, err := windowOf(product.ID, func(q store.Query) (store.Page[catalogue.Window], error) {
		return s.tables.windows.List(ctx, anyWindow(), q)
	})
	if err != nil {
		return nil, err
	}
	now := s.now()
	checks := catalogue.Eligibility(rulesSince(set.Rows), catalogue.Question{
		LegacyAgreement: legacy, Window: window,
		Product: product, CustomerCountry: customer.Doc.CountryCode, SellerCountries: seller.Doc.CountryCodes,
		CurrencyCode: req.GetCurrencyCode(), SellerCurrency: seller.Doc.CurrencyCode,
		AccountOption:       catalogue.AccountOption(wire.Name(req.GetAccountOption())),
		ManagementAccountID: accountid.Read(req.GetManagementAccountId()), Declared: fromDeclared(req.GetDeclared()),
		Excepted: customer.Doc.Excepted(now),
	}, now)
	resp := &ordersv1.CheckEligibilityResponse{Eligible: catalogue.Eligible(checks)}
	words := s.words(ctx)
	for _, c := range checks {
		resp.Checks = append(resp.Checks, &ordersv1.EligibilityCheck{
			Rule: c.Key, Result: wire.Value[ordersv1.EligibilityResult](string(c.Result)), Requirement: words.Say(c.Requirement()),
			Remedy: first(words.Instruct(c.Instruct())),
		})
	}
	return resp, nil
}

func first(what, _ string) string { return what }

func toProduct(p catalogue.Product, w catalogue.Window, now time.Time) *ordersv1.Product {
	out := &ordersv1.Product{
		ProductId: p.ID, DisplayName: p.DisplayName, Description: p.Description,
		Generation: wire.Value[ordersv1.ProductGeneration](string(p.Generation)), OnSale: w.Open(now),
		SaleStartTime: wire.Time(w.From), SaleEndTime: wire.Time(w.Until), SellerCountryCodes: w.Countries,
		Partitions: toPartitions(w.Partitions),
	}
	for _, o := range p.AccountOptions {
		out.AccountOptions = append(out.AccountOptions, wire.Value[ordersv1.AccountOption](string(o)))
	}
	for _, o := range p.SupportOptions {
		out.SupportOptions = append(out.SupportOptions, wire.Value[ordersv1.SupportOption](string(o)))
	}
	for _, t := range p.Terms {
		out.Terms = append(out.Terms, &ordersv1.Term{Kind: wire.Value[ordersv1.TermKind](string(t.Kind)), Version: t.Version, Uri: t.URI})
	}
	return out
}
