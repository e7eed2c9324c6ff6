package invoicing

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/invoicing/types"

	"example.com/handover/pkg/money"
	"example.com/handover/pkg/sim/aws/bill"
	"example.com/handover/pkg/sim/aws/state"
)

// summary is an invoice as the SDK shows it.
func summary(i bill.Invoice) (types.InvoiceSummary, error) {
	s := types.InvoiceSummary{
		InvoiceId: aws.String(i.ID), AccountId: aws.String(i.Payer),
		InvoiceType: types.InvoiceTypeInvoice, BillType: types.BillTypeAnniversary,
		BillingPeriod: &types.BillingPeriod{Month: aws.Int32(int32(i.Month.Month)), Year: aws.Int32(int32(i.Month.Year))},
		Entity:        &types.Entity{BillingEntity: entityOf(i), InvoicingEntity: aws.String(bill.InvoicingEntity)},
		IssuedDate:    aws.Time(i.IssuedAt), DueDate: aws.Time(i.DueAt), ReceiverRole: roleOf(i),
	}
	if i.Source != i.Payer {
		s.BillSourceAccounts = []string{i.Source}
		s.BillSourceAccountsTotalCount = aws.Int32(1)
	}
	var err error
	if s.BaseCurrencyAmount, err = amount(i.Base); err != nil {
		return s, err
	}
	if s.PaymentCurrencyAmount, err = amount(i.Payment); err != nil {
		return s, err
	}
	s.PaymentCurrencyAmount.CurrencyExchangeDetails = &types.CurrencyExchangeDetails{
		Rate:               aws.String(i.Rate),
		SourceCurrencyCode: aws.String(i.Base.Total.Currency()),
		TargetCurrencyCode: aws.String(i.Payment.Total.Currency()),
	}
	return s, nil
}

// entityOf is this service's word for what Cost Explorer calls the billing entity.
func entityOf(i bill.Invoice) types.BillingEntity {
	if i.Entity == state.BilledByMarketplace {
		return types.BillingEntityAwsMarketplace
	}
	return types.BillingEntityAws
}

// roleOf is what the receiver is to AWS: one who pays for others resells.
func roleOf(i bill.Invoice) types.ReceiverRole {
	if i.Source != i.Payer {
		return types.ReceiverRoleReseller
	}
	return types.ReceiverRoleBuyer
}

func amount(a bill.Amounts) (*types.InvoiceCurrencyAmount, error) {
	currency := a.Total.Currency()
	discounts, err := bill.Sum(currency, a.Discounts)
	if err != nil {
		return nil, err
	}
	taxes, err := bill.Sum(currency, a.Taxes)
	if err != nil {
		return nil, err
	}
	breakdown := &types.AmountBreakdown{SubTotalAmount: text(a.SubTotal)}
	if len(a.Discounts) > 0 {
		breakdown.Discounts = &types.DiscountsBreakdown{TotalAmount: text(discounts)}
		for _, p := range a.Discounts {
			part := types.DiscountsBreakdownAmount{Description: aws.String(p.Description), Amount: text(p.Amount)}
			breakdown.Discounts.Breakdown = append(breakdown.Discounts.Breakdown, part)
		}
	}
	if len(a.Taxes) > 0 {
		breakdown.Taxes = &types.TaxesBreakdown{TotalAmount: text(taxes)}
		for _, p := range a.Taxes {
			part := types.TaxesBreakdownAmount{Description: aws.String(p.Description), Amount: text(p.Amount)}
			breakdown.Taxes.Breakdown = append(breakdown.Taxes.Breakdown, part)
		}
	}
	return &types.InvoiceCurrencyAmount{
		CurrencyCode: aws.String(currency), TotalAmount: text(a.Total), TotalAmountBeforeTax: text(a.BeforeTax),
		AmountBreakdown: breakdown,
	}, nil
}

func text(m money.Money) *string { return aws.String(m.Amount()) }
