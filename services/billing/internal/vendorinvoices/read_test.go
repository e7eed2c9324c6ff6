package vendorinvoices_test

import (
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/invoicing/types"

	"example.com/handover/services/billing/internal/statement"
	"example.com/handover/services/billing/internal/vendorinvoices"
)

const (
	payer    = "111122223333"
	customer = "123456789012"
)

func summary(kind types.InvoiceType, beforeTax, total string) types.InvoiceSummary {
	return types.InvoiceSummary{
		InvoiceId: sdk.String("1"), InvoiceType: kind, Entity: &types.Entity{BillingEntity: types.BillingEntityAws},
		BaseCurrencyAmount: &types.InvoiceCurrencyAmount{
			CurrencyCode: sdk.String("USD"), TotalAmount: sdk.String(total), TotalAmountBeforeTax: sdk.String(beforeTax),
		},
	}
}

// TestAmounts: tax is the difference of the totals, and a credit memo gives back whichever sign AWS shows.
func TestAmounts(t *testing.T) {
	for name, tt := range map[string]struct {
		in         types.InvoiceSummary
		total, tax string
	}{
		"an invoice":              {summary(types.InvoiceTypeInvoice, "100.00", "107.70"), "100.00", "7.70"},
		"without tax":             {summary(types.InvoiceTypeInvoice, "100.00", "100.00"), "100.00", "0.00"},
		"an invoice that refunds": {summary(types.InvoiceTypeInvoice, "-5.00", "-5.39"), "-5.00", "-0.39"},
		"a credit memo":           {summary(types.InvoiceTypeCreditMemo, "5.00", "5.39"), "-5.00", "-0.39"},
		"a negative credit memo":  {summary(types.InvoiceTypeCreditMemo, "-5.00", "-5.39"), "-5.00", "-0.39"},
		"of nothing":              {summary(types.InvoiceTypeInvoice, "0", "0"), "0", "0"},
	} {
		v, err := vendorinvoices.InvoiceOf(tt.in)
		if err != nil || v.Total.Amount() != tt.total || v.Tax.Amount() != tt.tax || v.Entity != statement.AWS {
			t.Errorf("%s: %+v, %v", name, v, err)
		}
	}
}

// TestUnreadable: an invoice without amounts, or with nonsense in their place, is an error and not an invoice of nothing.
func TestUnreadable(t *testing.T) {
	without := summary(types.InvoiceTypeInvoice, "1", "1")
	without.BaseCurrencyAmount = nil
	noCurrency := summary(types.InvoiceTypeInvoice, "1", "1")
	noCurrency.BaseCurrencyAmount.CurrencyCode = nil
	for name, in := range map[string]types.InvoiceSummary{
		"without amounts": without, "without a currency": noCurrency,
		"nonsense": summary(types.InvoiceTypeInvoice, "1", "one"), "nonsense before tax": summary(types.InvoiceTypeInvoice, "", "1"),
	} {
		if v, err := vendorinvoices.InvoiceOf(in); err == nil {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

// TestSellers: the marketplace is a seller of its own; what names none is AWS's.
func TestSellers(t *testing.T) {
	for entity, want := range map[types.BillingEntity]statement.Entity{
		types.BillingEntityAws: statement.AWS, types.BillingEntityAwsMarketplace: statement.Marketplace, "": statement.AWS,
	} {
		in := summary(types.InvoiceTypeInvoice, "1", "1")
		in.Entity = &types.Entity{BillingEntity: entity}
		if entity == "" {
			in.Entity = nil
		}
		if v, err := vendorinvoices.InvoiceOf(in); err != nil || v.Entity != want {
			t.Errorf("%q is %s, %v", entity, v.Entity, err)
		}
	}
}

func exchange(rate, to string) *types.CurrencyExchangeDetails {
	return &types.CurrencyExchangeDetails{Rate: &rate, SourceCurrencyCode: sdk.String("USD"), TargetCurrencyCode: &to}
}

// TestQuotes: AWS's conversion counts when it is one, into another currency and with a rate.
func TestQuotes(t *testing.T) {
	for name, tt := range map[string]struct {
		details *types.CurrencyExchangeDetails
		want    string
	}{
		"into another": {exchange("0.92", "EUR"), "EUR 0.92"},
		"into itself":  {exchange("1", "USD"), ""},
		"without rate": {exchange("", "EUR"), "EUR 0"},
		"nonsense":     {exchange("n/a", "EUR"), "EUR 0"},
		"none":         {nil, ""},
	} {
		in := summary(types.InvoiceTypeInvoice, "1", "1")
		in.PaymentCurrencyAmount = &types.InvoiceCurrencyAmount{CurrencyExchangeDetails: tt.details}
		v, err := vendorinvoices.InvoiceOf(in)
		got := ""
		if v.Quote != nil {
			got = v.Quote.To + " " + v.Quote.Rate.String()
		}
		if err != nil || got != tt.want {
			t.Errorf("%s: %q, want %q (%v)", name, got, tt.want, err)
		}
	}
}

// TestWhoseInvoice: an invoice over a transferred organization is never one over the payer's own, and the other way round.
func TestWhoseInvoice(t *testing.T) {
	own, transferred := types.InvoiceSummary{}, types.InvoiceSummary{BillSourceAccounts: []string{customer, "210987654321"}}
	named := types.InvoiceSummary{BillSourceAccounts: []string{payer}}
	for _, tt := range []struct {
		in      types.InvoiceSummary
		account string
		want    bool
	}{
		{own, payer, true},
		{own, customer, false},
		{named, payer, true},
		{named, customer, false},
		{transferred, customer, true},
		{transferred, payer, false},
		{transferred, "444455556666", false},
	} {
		if got := vendorinvoices.IsOver(tt.in, payer, tt.account); got != tt.want {
			t.Errorf("%v is over %s: %t", tt.in.BillSourceAccounts, tt.account, got)
		}
	}
}
