package billing

import (
	"fmt"

	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/money"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	"example.com/handover/services/billing/internal/pricebook"
)

func toPricebook(row store.Row[pricebook.Pricebook]) *billingv1.Pricebook {
	b := row.Doc
	if b == nil {
		return nil
	}
	out := &billingv1.Pricebook{
		PricebookId: row.ID, SellerId: b.SellerID, DisplayName: b.DisplayName, CurrencyCode: b.CurrencyCode, Standard: b.Standard,
		Etag: row.ETag(), CreateTime: wire.Time(row.CreatedAt), UpdateTime: wire.Time(row.UpdatedAt),
	}
	for _, r := range b.Rules {
		out.Rules = append(out.Rules, &billingv1.PriceRule{
			Category: wire.Value[billingv1.ChargeCategory](string(r.Category)), Percent: r.Percent.String(),
			Withheld: r.Withheld, FromMonth: wire.Month(r.From),
		})
	}
	for _, r := range b.Rates {
		out.ExchangeRates = append(out.ExchangeRates, &billingv1.ExchangeRate{
			SourceCurrencyCode: r.SourceCurrencyCode, Rate: r.Rate.String(), FromMonth: wire.Month(r.From), ReplacesVendorRate: r.ReplacesAWS,
		})
	}
	for _, d := range b.Discounts {
		out.Discounts = append(out.Discounts, &billingv1.VendorDiscount{
			RecordType: d.RecordType, Beneficiary: wire.Value[billingv1.DiscountBeneficiary](string(d.For)),
		})
	}
	return out
}

func fromPricebook(b *billingv1.Pricebook, id string) (pricebook.Pricebook, error) {
	rules, err := fromRules(b.GetRules())
	if err != nil {
		return pricebook.Pricebook{}, err
	}
	rates, err := fromRates(b.GetExchangeRates())
	return pricebook.Pricebook{
		ID: id, SellerID: b.GetSellerId(), DisplayName: b.GetDisplayName(), CurrencyCode: b.GetCurrencyCode(),
		Rules: rules, Rates: rates, Discounts: fromDiscounts(b.GetDiscounts()), Standard: b.GetStandard(),
	}, err
}

func pricebookEdit(b *billingv1.Pricebook, mask *fieldmaskpb.FieldMask) (e pricebook.Edit, err error) {
	paths, err := wire.Mask(mask, "display_name", "rules", "exchange_rates", "discounts", "standard")
	if err != nil {
		return e, err
	}
	next, err := fromPricebook(b, b.GetPricebookId())
	if err != nil {
		return e, err
	}
	for _, path := range paths {
		switch path {
		case "display_name":
			e.DisplayName = &next.DisplayName
		case "rules":
			e.Rules = &next.Rules
		case "exchange_rates":
			e.Rates = &next.Rates
		case "discounts":
			e.Discounts = &next.Discounts
		case "standard":
			e.Standard = &next.Standard
		}
	}
	return e, nil
}

func fromRules(rules []*billingv1.PriceRule) (out []pricebook.Rule, err error) {
	for i, r := range rules {
		rule := pricebook.Rule{
			Category: pricebook.Category(wire.Name(r.GetCategory())), Withheld: r.GetWithheld(), From: wire.FromMonth(r.GetFromMonth()),
		}
		if r.GetPercent() != "" {
			if rule.Percent, err = money.ParseRate(r.GetPercent()); err != nil {
				return nil, fmt.Errorf("rule %d: %w", i, err)
			}
		}
		out = append(out, rule)
	}
	return out, nil
}

func fromRates(rates []*billingv1.ExchangeRate) (out []pricebook.ExchangeRate, err error) {
	for i, r := range rates {
		rate := pricebook.ExchangeRate{
			SourceCurrencyCode: r.GetSourceCurrencyCode(), From: wire.FromMonth(r.GetFromMonth()), ReplacesAWS: r.GetReplacesVendorRate(),
		}
		if rate.Rate, err = money.ParseRate(r.GetRate()); err != nil {
			return nil, fmt.Errorf("rate %d: %w", i, err)
		}
		out = append(out, rate)
	}
	return out, nil
}

func fromDiscounts(all []*billingv1.VendorDiscount) (out []pricebook.VendorDiscount) {
	for _, d := range all {
		out = append(out, pricebook.VendorDiscount{RecordType: d.GetRecordType(), For: pricebook.Beneficiary(wire.Name(d.GetBeneficiary()))})
	}
	return out
}
