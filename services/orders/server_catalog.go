package orders

import (
	"context"
	"time"

	"example.com/handover/pkg/accountid"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/orders/internal/catalogue"
)

type catalogServer struct {
	ordersv1.UnimplementedCatalogServiceServer
	tables *tables
	now    func() time.Time // business time
	words  func(context.Context) text.Words
}

// ListProducts answers in one page: the catalogue is short.
func (s *catalogServer) ListProducts(context.Context, *ordersv1.ListProductsRequest) (*ordersv1.ListProductsResponse, error) {
	resp := &ordersv1.ListProductsResponse{}
	for _, p := range catalogue.Offered() {
		resp.Products = append(resp.Products, toProduct(p))
	}
	return resp, nil
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
	now := s.now()
	checks := catalogue.Eligibility(rulesSince(set.Rows), catalogue.Question{
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

func toProduct(p catalogue.Product) *ordersv1.Product {
	out := &ordersv1.Product{
		ProductId: p.ID, DisplayName: p.DisplayName, Description: p.Description,
		Generation: wire.Value[ordersv1.ProductGeneration](string(p.Generation)),
	}
	for _, g := range p.Guidance {
		out.GuidanceLinks = append(out.GuidanceLinks, &ordersv1.GuidanceLink{Title: g.Title, Uri: g.URI})
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
