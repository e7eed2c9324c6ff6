package aws_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/invoicing"
	"github.com/aws/aws-sdk-go-v2/service/invoicing/types"
	"github.com/google/go-cmp/cmp"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/sim/aws/state"
)

// asked are the invoices of the payer's month.
func asked(month calendar.Month) *invoicing.ListInvoiceSummariesInput {
	return &invoicing.ListInvoiceSummariesInput{
		Selector: &types.InvoiceSummariesSelector{ResourceType: types.ListInvoiceSummariesResourceTypeAccountId, Value: aws.String(payer)},
		Filter: &types.InvoiceSummariesFilter{BillingPeriod: &types.BillingPeriod{
			Month: aws.Int32(int32(month.Month)), Year: aws.Int32(int32(month.Year)),
		}},
	}
}

func (r *rig) summaries(in *invoicing.ListInvoiceSummariesInput) (all []types.InvoiceSummary, pages int) {
	r.t.Helper()
	list := invoicing.NewListInvoiceSummariesPaginator(r.invoicing(payer), in)
	for list.HasMorePages() {
		page, err := list.NextPage(r.t.Context())
		if err != nil {
			r.t.Fatal(err)
		}
		all, pages = append(all, page.InvoiceSummaries...), pages+1
	}
	return all, pages
}

func TestMonthClosesByItself(t *testing.T) {
	r := newRig(t, kept(t))
	customer, _ := r.agreed()
	r.use(customer, decemberMonth,
		state.Usage{Amount: "100.004"}, state.Usage{Amount: "50.004", RecordType: "Support"},
		state.Usage{Amount: "-7.125", RecordType: "Solution Provider Program Discount"},
		state.Usage{Amount: "27.147", RecordType: "Tax"},
		state.Usage{Amount: "20", BillingEntity: state.BilledByMarketplace})
	if err := r.sim.SetPaymentCurrency(t.Context(), payer, "EUR", "0.9"); err != nil {
		t.Fatal(err)
	}
	closes := january.Add(6 * time.Hour)
	r.at(closes.Add(-time.Second))
	if found, _ := r.summaries(asked(decemberMonth)); len(found) != 0 {
		t.Errorf("of an open month: %+v", found)
	}
	r.at(closes.Add(100 * time.Hour)) // nobody has asked in between
	if err := r.sim.SetPaymentCurrency(t.Context(), payer, "CHF", "2"); err != nil {
		t.Fatal(err)
	}
	r.restart()
	found, _ := r.summaries(asked(decemberMonth))
	if len(found) != 2 {
		t.Fatalf("of a closed month: %+v", found)
	}
	if found[0].Entity.BillingEntity != types.BillingEntityAws {
		found[0], found[1] = found[1], found[0]
	}
	text := func(s string) *string { return &s }
	want := types.InvoiceSummary{
		AccountId: text(payer), BillSourceAccounts: []string{customer}, BillSourceAccountsTotalCount: aws.Int32(1),
		InvoiceId: found[0].InvoiceId, InvoiceType: "INVOICE", BillType: "ANNIVERSARY", ReceiverRole: "RESELLER",
		BillingPeriod: &types.BillingPeriod{Month: aws.Int32(12), Year: aws.Int32(2026)},
		Entity:        &types.Entity{BillingEntity: "AWS", InvoicingEntity: text("Amazon Web Services, Inc.")},
		IssuedDate:    &closes, DueDate: aws.Time(closes.AddDate(0, 0, 30)),
		BaseCurrencyAmount: &types.InvoiceCurrencyAmount{
			CurrencyCode: text("USD"), TotalAmount: text("170.03"), TotalAmountBeforeTax: text("142.88"),
			AmountBreakdown: &types.AmountBreakdown{
				SubTotalAmount: text("150.01"),
				Discounts: &types.DiscountsBreakdown{TotalAmount: text("-7.13"), Breakdown: []types.DiscountsBreakdownAmount{
					{Description: text("Solution Provider Program Discount"), Amount: text("-7.13")},
				}},
				Taxes: &types.TaxesBreakdown{TotalAmount: text("27.15"), Breakdown: []types.TaxesBreakdownAmount{
					{Description: text("Tax"), Amount: text("27.15")},
				}},
			},
		},
		PaymentCurrencyAmount: &types.InvoiceCurrencyAmount{
			CurrencyCode: text("EUR"), TotalAmount: text("153.03"), TotalAmountBeforeTax: text("128.59"),
			CurrencyExchangeDetails: &types.CurrencyExchangeDetails{
				Rate: text("0.9"), SourceCurrencyCode: text("USD"), TargetCurrencyCode: text("EUR"),
			},
			AmountBreakdown: &types.AmountBreakdown{
				SubTotalAmount: text("135.01"),
				Discounts: &types.DiscountsBreakdown{TotalAmount: text("-6.42"), Breakdown: []types.DiscountsBreakdownAmount{
					{Description: text("Solution Provider Program Discount"), Amount: text("-6.42")},
				}},
				Taxes: &types.TaxesBreakdown{TotalAmount: text("24.44"), Breakdown: []types.TaxesBreakdownAmount{
					{Description: text("Tax"), Amount: text("24.44")},
				}},
			},
		},
	}
	if diff := cmp.Diff(want, found[0], ignoreSDK()); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
	if found[1].Entity.BillingEntity != types.BillingEntityAwsMarketplace || *found[1].BaseCurrencyAmount.TotalAmount != "20.00" {
		t.Errorf("of the marketplace: %+v", found[1])
	}
}

func TestMonthIsClosedOnce(t *testing.T) {
	r := newRig(t, kept(t))
	customer, _ := r.agreed()
	r.use(customer, decemberMonth, state.Usage{Amount: "1", ID: "line-1"})
	r.use(customer, decemberMonth, state.Usage{Amount: "1", ID: "line-1"}) // recorded already
	r.at(january.Add(-time.Millisecond))
	_, err := r.sim.CloseMonth(t.Context(), payer, decemberMonth)
	reason(t, err, "MONTH_NOT_OVER")
	r.at(january.Add(time.Hour))
	r.use(customer, decemberMonth, state.Usage{Amount: "2"}) // late, but the month is open
	first, err := r.sim.CloseMonth(t.Context(), payer, decemberMonth)
	if err != nil || len(first) != 1 || first[0].Base.Total.Amount() != "3.00" || first[0].Source != customer ||
		!first[0].IssuedAt.Equal(january.Add(time.Hour)) {
		t.Fatalf("%+v, %v", first, err)
	}
	_, err = r.sim.RecordUsage(t.Context(), state.Usage{Account: customer, Month: decemberMonth, Service: "Late", Amount: "1"})
	reason(t, err, "MONTH_CLOSED")
	if errs.KindOf(err) != errs.Precondition {
		t.Error(err)
	}
	r.at(january.AddDate(0, 0, 5))
	r.restart()
	again, err := r.sim.CloseMonth(t.Context(), payer, decemberMonth)
	if err != nil || len(again) != 1 || again[0].ID != first[0].ID || !again[0].IssuedAt.Equal(first[0].IssuedAt) {
		t.Errorf("%+v, %v", again, err)
	}
	if lines := r.sim.Usage(customer, decemberMonth); len(lines) != 2 {
		t.Errorf("lines are %+v", lines)
	}
}

func TestInvoicesGoToWhoeverPaysForTheMonth(t *testing.T) {
	r := newRig(t)
	customer, transfer := r.agreed()
	januaryMonth := decemberMonth.Next()
	for _, m := range []calendar.Month{novemberMonth, decemberMonth, januaryMonth} {
		r.use(customer, m, state.Usage{Amount: "1"})
		r.use(payer, m, state.Usage{Amount: "2"})
	}
	r.at(december)
	if _, err := r.terminate(payer, transfer, nil); err != nil {
		t.Fatal(err)
	}
	r.at(january.AddDate(0, 1, 3))
	for _, c := range []struct {
		month                 calendar.Month
		payerHas, customerHas int
	}{{novemberMonth, 1, 1}, {decemberMonth, 2, 0}, {januaryMonth, 1, 1}} {
		ofPayer, err1 := r.sim.Invoices(payer, c.month)
		ofCustomer, err2 := r.sim.Invoices(customer, c.month)
		if err1 != nil || err2 != nil || len(ofPayer) != c.payerHas || len(ofCustomer) != c.customerHas {
			t.Errorf("%s: %d and %d invoices, %v, %v", c.month, len(ofPayer), len(ofCustomer), err1, err2)
		}
	}
	in := asked(decemberMonth)
	in.Filter.ReceiverRole = types.ReceiverRoleBuyer
	own, _ := r.summaries(in)
	if len(own) != 1 || len(own[0].BillSourceAccounts) != 0 || *own[0].BaseCurrencyAmount.TotalAmount != "2.00" {
		t.Errorf("the payer's own: %+v", own)
	}
}

func TestInvoicesPageByPage(t *testing.T) {
	r := newRig(t, small)
	for range 7 {
		customer, _ := r.agreed()
		r.use(customer, decemberMonth, state.Usage{Amount: "1"})
	}
	r.at(january.AddDate(0, 0, 1))
	all, pages := r.summaries(asked(decemberMonth))
	ids := map[string]bool{}
	for _, s := range all {
		ids[*s.InvoiceId] = true
	}
	if len(ids) != 7 || len(all) != 7 || pages != 3 {
		t.Errorf("%d invoices on %d pages", len(all), pages)
	}
	unfiltered := asked(decemberMonth)
	unfiltered.Filter = nil
	if all, _ := r.summaries(unfiltered); len(all) != 7 {
		t.Errorf("%d invoices without a filter", len(all))
	}
	one := &invoicing.ListInvoiceSummariesInput{Selector: &types.InvoiceSummariesSelector{
		ResourceType: types.ListInvoiceSummariesResourceTypeInvoiceId, Value: all[0].InvoiceId,
	}}
	if found, _ := r.summaries(one); len(found) != 1 {
		t.Errorf("by id: %+v", found)
	}
}

func TestInvoicesAreRefused(t *testing.T) {
	r := newRig(t)
	customer, _ := r.agreed()
	for name, c := range map[string]struct {
		change func(*invoicing.ListInvoiceSummariesInput)
		want   check
	}{
		"somebody else's": {func(in *invoicing.ListInvoiceSummariesInput) { in.Selector.Value = &customer }, is[*types.AccessDeniedException]},
		"no account": {
			func(in *invoicing.ListInvoiceSummariesInput) { in.Selector.Value = aws.String("x") }, invoiceInvalid("fieldValidationFailed"),
		},
		"a month 13": {
			func(in *invoicing.ListInvoiceSummariesInput) { in.Filter.BillingPeriod.Month = aws.Int32(13) }, invoiceInvalid("invalidInput"),
		},
		"a strange token": {func(in *invoicing.ListInvoiceSummariesInput) { in.NextToken = aws.String("x") }, invoiceInvalid("invalidNextToken")},
		"two periods": {func(in *invoicing.ListInvoiceSummariesInput) {
			in.Filter.TimeInterval = &types.DateInterval{StartDate: &december, EndDate: &january}
		}, invoiceInvalid("mutualExclusionError")},
		"a long interval": {func(in *invoicing.ListInvoiceSummariesInput) {
			in.Filter.BillingPeriod, in.Filter.TimeInterval = nil, &types.DateInterval{StartDate: &now, EndDate: &january}
		}, invoiceInvalid("invalidInput")},
	} {
		in := asked(decemberMonth)
		c.change(in)
		_, err := r.invoicing(payer).ListInvoiceSummaries(t.Context(), in)
		if err == nil || !c.want(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func invoiceInvalid(reason types.ValidationExceptionReason) check {
	return func(err error) bool {
		e, ok := errors.AsType[*types.ValidationException](err)
		return ok && e.Reason == reason && len(e.FieldList) == 1
	}
}

func TestInvoiceIsAdjustedAndHasADocument(t *testing.T) {
	r := newRig(t, kept(t))
	customer, _ := r.agreed()
	r.use(customer, decemberMonth, state.Usage{Amount: "10"}, state.Usage{Amount: "1.9", RecordType: "Tax"})
	r.at(january)
	_, err := r.invoicing(payer).GetInvoicePDF(t.Context(), &invoicing.GetInvoicePDFInput{InvoiceId: aws.String("1")})
	refused(t, err, is[*types.ResourceNotFoundException])
	reason(t, r.sim.AdjustInvoice(t.Context(), "1", "5"), "INVOICE_NOT_FOUND")
	invoices, err := r.sim.CloseMonth(t.Context(), payer, decemberMonth)
	if err != nil || len(invoices) != 1 {
		t.Fatalf("%+v, %v", invoices, err)
	}
	id := invoices[0].ID
	reason(t, r.sim.AdjustInvoice(t.Context(), id, "1,5"), "AMOUNT_INVALID")
	if err := r.sim.AdjustInvoice(t.Context(), id, "12"); err != nil {
		t.Fatal(err)
	}
	r.restart()
	found, _ := r.summaries(asked(decemberMonth))
	if a := found[0].BaseCurrencyAmount; *a.TotalAmount != "12.00" || *a.TotalAmountBeforeTax != "10.10" ||
		*a.AmountBreakdown.Taxes.TotalAmount != "1.90" {
		t.Errorf("adjusted: %+v", a)
	}
	out, err := r.invoicing(payer).GetInvoicePDF(t.Context(), &invoicing.GetInvoicePDFInput{InvoiceId: &id})
	if err != nil || *out.InvoicePDF.InvoiceId != id || aws.ToString(out.InvoicePDF.DocumentUrl) == "" {
		t.Errorf("%+v, %v", out, err)
	}
	_, err = r.invoicing(customer).GetInvoicePDF(t.Context(), &invoicing.GetInvoicePDFInput{InvoiceId: &id})
	refused(t, err, is[*types.ResourceNotFoundException])
}

func TestUsageThatMakesNoSenseIsRefused(t *testing.T) {
	r := newRig(t)
	customer := r.customer()
	for want, change := range map[string]func(*state.Usage){
		"ACCOUNT_NOT_FOUND":      func(u *state.Usage) { u.Account = "999999999999" },
		"MONTH_MISSING":          func(u *state.Usage) { u.Month = calendar.Month{} },
		"DAY_INVALID":            func(u *state.Usage) { u.Day = 32 },
		"SERVICE_MISSING":        func(u *state.Usage) { u.Service = "" },
		"AMOUNT_INVALID":         func(u *state.Usage) { u.Amount = "1e3" },
		"CURRENCY_INVALID":       func(u *state.Usage) { u.Currency = "EUR" },
		"BILLING_ENTITY_UNKNOWN": func(u *state.Usage) { u.BillingEntity = "AWS_MARKETPLACE" },
	} {
		right := state.Usage{Account: customer, Month: decemberMonth, Service: "A", Amount: "1"}
		wrong := right
		change(&wrong)
		_, err := r.sim.RecordUsage(t.Context(), right, wrong)
		reason(t, err, want)
	}
	if lines := r.sim.Usage(customer, decemberMonth); len(lines) != 0 {
		t.Errorf("recorded were %+v", lines)
	}
}
