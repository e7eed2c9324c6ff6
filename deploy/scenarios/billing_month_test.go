package scenarios_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/calendar"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// bill is a customer's first two months, from the acceptance to the invoices.
type bill struct {
	customer
	order *ordersv1.Order
}

// TestFirstMonth is the seeds' worked example: accepted on 19 February, live on 1 March, invoiced by AWS on 1 April, and
// by the reseller when AWS's bill is final; and the month after it.
func TestFirstMonth(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.standardPrices(t)
	b := bill{customer: w.newCustomer(t)}
	b.order = b.invited(t)
	w.Advance(t, time.Date(2026, time.February, 19, 10, 0, 0, 0, time.UTC))
	b.accept(t)
	b.process(t, b.order.GetOrderId())
	w.Advance(t, time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC))
	t.Run("BIL-001 the first billed day is AWS's start", b.begins)
	w.Advance(t, time.Date(2026, time.March, 20, 0, 0, 0, 0, time.UTC))
	b.uses(t)
	w.Advance(t, time.Date(2026, time.April, 4, 23, 0, 0, 0, time.UTC))
	t.Run("BIL-009 after a full month its charges are collected, priced and compared with AWS's invoices", b.agrees)
	w.Advance(t, time.Date(2026, time.April, 5, 0, 0, 0, 0, time.UTC))
	t.Run("BIL-011 the month is invoiced shortly after AWS's invoice, once", b.invoiced)
	t.Run("BIL-004 BIL-005 the invoice has a line for each kind of charge, and the discounts that are given", b.lines)
	t.Run("BIL-012 the customer finds the invoice and its document", b.document)
	t.Run("GW-004 the customer's invoices are listed at the gateway", b.listed)
	b.usesInApril(t)
	w.Advance(t, time.Date(2026, time.May, 4, 23, 0, 0, 0, time.UTC))
	b.invoice(t) // still the only one: the gate is closed
	w.Advance(t, time.Date(2026, time.May, 5, 0, 0, 0, 0, time.UTC))
	t.Run("BIL-003 BIL-010 the customer is invoiced month by month, each month once", b.monthly)
}

// standardPrices gives the seller a pricebook: two percent off the usage, the partner's discount withheld.
func (w *world) standardPrices(t *testing.T) {
	t.Helper()
	err := w.op(t).CreatePricebook(t.Context(), w.sellerID, actors.Prices{Usage: "-2", Rate: "0.5"})
	if err != nil {
		t.Fatalf("create the pricebook: %v", err)
	}
}

// uses has the organization use something of every kind in March.
func (b bill) uses(t *testing.T) {
	t.Helper()
	err := b.w.aws(t).RecordUsage(t.Context(), b.account, calendar.Month{Year: 2026, Month: 3},
		&sandboxv1.UsageLine{Service: "Amazon Elastic Compute Cloud - Compute", Amount: "1000.002"},
		&sandboxv1.UsageLine{Service: "Amazon Elastic Compute Cloud - Compute", RecordType: "Recurring", Amount: "300"},
		&sandboxv1.UsageLine{Service: "Amazon Elastic Compute Cloud - Compute", RecordType: "Bundled Discount", Amount: "-10"},
		&sandboxv1.UsageLine{Service: "Amazon Elastic Compute Cloud - Compute", RecordType: "Solution Provider Program Discount", Amount: "-40"},
		&sandboxv1.UsageLine{Service: "Example Scanner", BillingEntity: "AWS Marketplace", Amount: "80"},
		&sandboxv1.UsageLine{Service: "Amazon Registrar", RecordType: "Fee", Amount: "12"},
	)
	if err != nil {
		t.Fatalf("record the usage: %v", err)
	}
}

// usesInApril has the organization use less in its second month.
func (b bill) usesInApril(t *testing.T) {
	t.Helper()
	err := b.w.aws(t).RecordUsage(t.Context(), b.account, calendar.Month{Year: 2026, Month: 4},
		&sandboxv1.UsageLine{Service: "Amazon Elastic Compute Cloud - Compute", Amount: "200"})
	if err != nil {
		t.Fatalf("record the usage: %v", err)
	}
}

func (b bill) begins(t *testing.T) {
	found, err := b.w.Billing.ListRelationships(b.person(t), &billingv1.ListRelationshipsRequest{OrderId: b.order.GetOrderId()})
	if err != nil || len(found.GetRelationships()) != 1 {
		t.Fatalf("relationships %v, %v", found, err)
	}
	r := found.GetRelationships()[0]
	if start := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC); r.GetState() != billingv1.RelationshipState_RELATIONSHIP_STATE_ACTIVE ||
		!r.GetStartTime().AsTime().Equal(start) {
		t.Errorf("the relationship is %v", r)
	}
	if p := b.march(t); p.GetState() != billingv1.PeriodState_PERIOD_STATE_OPEN {
		t.Errorf("March is %v", p)
	}
}

// march is the first period as Operations sees it.
func (b bill) march(t *testing.T) *billingv1.Period {
	t.Helper()
	resp, err := b.w.Billing.ListPeriods(
		b.w.operator(t), &billingv1.ListPeriodsRequest{CustomerId: b.id, OrderBy: typev1.SortOrder_SORT_ORDER_CREATE_TIME},
	)
	if err != nil || len(resp.GetPeriods()) == 0 {
		t.Fatalf("periods %v, %v", resp, err)
	}
	return resp.GetPeriods()[0]
}

func (b bill) agrees(t *testing.T) {
	p := b.march(t)
	if p.GetState() != billingv1.PeriodState_PERIOD_STATE_RECONCILED || p.GetVendorTotal().GetAmount() != "1342.00" || p.GetMargin() == nil {
		t.Errorf("March is %v", p)
	}
	r, err := b.w.Reports.GetReconciliation(b.w.operator(t), &billingv1.GetReconciliationRequest{PeriodId: p.GetPeriodId()})
	if err != nil || r.GetReconciliation().GetDifference().GetAmount() != "0.00" {
		t.Errorf("compared: %v, %v", r, err)
	}
	shown, err := b.w.Billing.GetPeriod(b.person(t), &billingv1.GetPeriodRequest{PeriodId: p.GetPeriodId()})
	if err != nil || shown.GetPeriod().GetMargin() != nil || shown.GetPeriod().GetVendorTotal() != nil {
		t.Errorf("the customer sees %v, %v", shown, err)
	}
}

// invoice is the customer's only one.
func (b bill) invoice(t *testing.T) *billingv1.Invoice {
	t.Helper()
	resp, err := b.w.Invoices.ListInvoices(b.person(t), &billingv1.ListInvoicesRequest{})
	if err != nil || len(resp.GetInvoices()) != 1 {
		t.Fatalf("invoices %v, %v", resp, err)
	}
	return resp.GetInvoices()[0]
}

func (b bill) invoiced(t *testing.T) {
	i := b.invoice(t)
	if i.GetNumber() != "2026-000001" || i.GetMonth().GetMonth() != 3 || !i.GetFirst() ||
		i.GetState() != billingv1.InvoiceState_INVOICE_STATE_SENT ||
		!i.GetIssueTime().AsTime().Equal(b.w.Now(t)) || i.GetIssuer().GetName() != "Example Reseller AG" ||
		i.GetBillTo().GetName() != "Example Customer" {
		t.Errorf("the invoice is %v", i)
	}
	issued := b.march(t).GetVendorInvoices()
	if len(issued) != 2 || issued[0].GetIssueTime().AsTime().Day() != 1 {
		t.Errorf("AWS's invoices are %v", issued)
	}
}

func (b bill) monthly(t *testing.T) {
	resp, err := b.w.Invoices.ListInvoices(b.person(t), &billingv1.ListInvoicesRequest{OrderBy: typev1.SortOrder_SORT_ORDER_CREATE_TIME})
	if err != nil || len(resp.GetInvoices()) != 2 {
		t.Fatalf("invoices %v, %v", resp, err)
	}
	first, second := resp.GetInvoices()[0], resp.GetInvoices()[1]
	if first.GetNumber() != "2026-000001" || first.GetMonth().GetMonth() != 3 || !first.GetFirst() {
		t.Errorf("the first is %v", first)
	}
	if second.GetNumber() != "2026-000002" || second.GetMonth().GetMonth() != 4 || second.GetFirst() ||
		!second.GetIssueTime().AsTime().Equal(b.w.Now(t)) {
		t.Errorf("the second is %v", second)
	}
	if total := second.GetTotal(); total.GetAmount() != "180.61" { // 200 less 2 %, by AWS's 0.9215
		t.Errorf("its total is %v", total)
	}
}

func (b bill) lines(t *testing.T) {
	var lines []string
	for _, l := range b.invoice(t).GetLines() {
		lines = append(lines, l.GetCategory().String()[len("CHARGE_CATEGORY_"):]+" "+l.GetAmount().GetAmount())
	}
	// AWS's own conversion, 0.9215, comes before the pricebook's rate.
	want := []string{"USAGE 903.07", "COMMITMENT 276.45", "MARKETPLACE 73.72", "OTHER 11.06", "DISCOUNT -9.22"}
	if total := b.invoice(t).GetTotal(); !slices.Equal(lines, want) || total.GetAmount() != "1255.08" || total.GetCurrencyCode() != "EUR" {
		t.Errorf("lines %v, total %v", lines, total)
	}
	if x := b.invoice(t).GetExchange(); x.GetSource() != billingv1.ExchangeSource_EXCHANGE_SOURCE_AWS || x.GetRate() != "0.9215" {
		t.Errorf("converted by %v", x)
	}
}

func (b bill) document(t *testing.T) {
	i := b.invoice(t)
	doc, err := b.w.Invoices.GetInvoiceDocument(b.person(t), &billingv1.GetInvoiceDocumentRequest{InvoiceId: i.GetInvoiceId()})
	if err != nil || !bytes.HasPrefix(doc.GetContent(), []byte("%PDF-")) || doc.GetSha256() != i.GetDocumentSha256() {
		t.Errorf("the document: %s %s, %v", doc.GetFileName(), doc.GetSha256(), err)
	}
	if mails := b.w.mailed(t, &sandboxv1.ListMailRequest{To: "pat@example.com", Subject: i.GetNumber()}); len(mails) != 1 {
		t.Errorf("the mails with the invoice: %v", mails)
	}
}

func (b bill) listed(t *testing.T) {
	want := b.invoice(t)
	all, _ := b.w.must(t, b.principal(), "GET", "/v1/invoices?customerId="+b.id, "").body["invoices"].([]any)
	if len(all) != 1 {
		t.Fatalf("the gateway lists %v", all)
	}
	if first, _ := all[0].(map[string]any); first["number"] != want.GetNumber() || first["dueTime"] == nil {
		t.Errorf("the gateway shows %v", first)
	}
	stranger := b.w.newCustomer(t)
	if theirs, _ := b.w.must(t, stranger.principal(), "GET", "/v1/invoices", "").body["invoices"].([]any); len(theirs) != 0 {
		t.Errorf("a stranger sees %v", theirs)
	}
}
