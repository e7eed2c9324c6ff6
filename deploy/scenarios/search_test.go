package scenarios_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/prototext"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/kit/kittest"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

// TestSearch: one life is found by each thing that its customer may read out on the phone, by whoever may read it.
func TestSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.standardPrices(t)
	c := w.newCustomer(t)
	c.moveTo(t, "par-1")
	other := w.newCustomer(t)
	other.moveTo(t, "par-2")
	request := c.requestsAccount(t)
	o := c.completed(t, time.Date(2026, time.February, 19, 10, 0, 0, 0, time.UTC))
	w.Advance(t, time.Date(2026, time.March, 20, 0, 0, 0, 0, time.UTC))
	bill{customer: c}.uses(t)
	w.Advance(t, time.Date(2026, time.April, 7, 0, 0, 0, 0, time.UTC))
	l := life{customer: c, order: o, connection: c.connection(t), request: request, invoice: c.invoices(t)[0]}
	l.opensCase(t)
	w.Settle(t)
	for _, said := range l.said(t) {
		t.Run("it is found by "+said.as, func(t *testing.T) { l.found(t, said, other) })
	}
	t.Run("AWS's invoices are found by the reseller's people alone", l.foundByVendorInvoice)
	t.Run("it is found over HTTP, with the address in the body", func(t *testing.T) {
		answer := w.must(t, c.principal(), "POST", "/v1/search", `{"query": "mailto:pat@example.com"}`)
		if hits, _ := answer.body["hits"].([]any); len(hits) != 1 {
			t.Errorf("the answer is %v", answer.body)
		}
	})
}

// life is a customer's, from its order to its first invoice.
type life struct {
	customer
	order      *ordersv1.Order
	connection *accounttransferv1.Connection
	request    *acr
	invoice    *billingv1.Invoice
	ticket     *supportv1.Case
}

func (l *life) opensCase(t *testing.T) {
	t.Helper()
	opened, err := l.w.Cases.OpenCase(l.person(t), &supportv1.OpenCaseRequest{
		CustomerId: l.id, Kind: supportv1.CaseKind_CASE_KIND_QUESTION, Title: "Which invoice is it?", Description: "We look for it.",
	})
	if err != nil {
		t.Fatal(err)
	}
	l.w.Settle(t)
	read, err := l.w.Cases.GetCase(l.person(t), &supportv1.GetCaseRequest{CaseId: opened.GetCase().GetCaseId()})
	if err != nil || read.GetCase().GetRecord().GetNumber() == "" {
		t.Fatalf("the case is %v, %v", read, err)
	}
	l.ticket = read.GetCase()
}

// spoken is what somebody reads out, and the ids that it must lead to, among others.
type spoken struct {
	as, query string
	finds     []string
}

func (l *life) said(t *testing.T) []spoken {
	t.Helper()
	inv := l.connection.GetInvitations()[0]
	box, err := l.w.Requests.GetAccountRequest(
		l.w.operator(t), &accounttransferv1.GetAccountRequestRequest{AccountRequestId: l.request.GetAccountRequestId()},
	)
	if err != nil {
		t.Fatal(err)
	}
	account, connection := l.account, l.connection.GetConnectionId()
	whole := []string{l.order.GetOrderId(), l.order.GetAgreementId(), l.order.GetTransferId(), connection}
	term := l.connection.GetServiceTerms()[0].GetHandshakeId()
	return []spoken{
		{"its account", account, whole},
		{"its account with dashes", account[:4] + "-" + account[4:8] + "-" + account[8:], whole},
		{"its account with wide spaces", "Konto " + account[:4] + "\u3000" + account[4:8] + "\u00a0" + account[8:], whole},
		{"AWS's transfer", strings.ToUpper(inv.GetAwsTransferId()), []string{connection}},
		{"AWS's handshake", "<" + inv.GetAwsHandshakeId() + ">", []string{connection}},
		{"the handshake of its service term", term, []string{connection}},
		{"the number of its case", strings.ToLower(l.ticket.GetRecord().GetNumber()), []string{l.ticket.GetCaseId()}},
		{"ServiceNow's id of its case", l.ticket.GetRecord().GetSysId(), []string{l.ticket.GetCaseId()}},
		{"its invoice", "Invoice No. " + l.invoice.GetNumber(), []string{l.invoice.GetInvoiceId()}},
		{"its root address", "mailto:" + strings.ToUpper(box.GetMailbox().GetRootEmail()), []string{l.request.GetAccountRequestId()}},
		{"an id of the suite", "see " + l.order.GetTransferId() + ".", []string{l.order.GetTransferId()}},
	}
}

func (l *life) search(t *testing.T, caller context.Context, query string) *ordersv1.SearchResponse {
	t.Helper()
	resp, err := ordersv1.NewSearchServiceClient(l.w.Conn()).Search(caller, &ordersv1.SearchRequest{Query: query})
	if err != nil || len(resp.GetMissingServices()) > 0 {
		t.Fatalf("search for %q: %v, %v", query, resp, err)
	}
	return resp
}

func (l *life) found(t *testing.T, said spoken, other customer) {
	for who, caller := range map[string]context.Context{
		"an operator": l.w.operator(t), "support": l.w.As(t, auth.Principal{Subject: "reader-1", Role: auth.SupportReader}),
		"its partner": l.w.As(t, kittest.Partner("pia", "par-1")), "its customer": l.person(t),
	} {
		got := l.search(t, caller, said.query)
		var ids []string
		for _, h := range got.GetHits() {
			ids = append(ids, h.GetResourceId())
			if h.GetCustomerId() != l.id || h.GetCustomerName() == "" || h.GetState() == "" || h.GetService() == "" {
				t.Errorf("%s is told %v", who, h)
			}
			if h.GetAccountId() == l.account && h.GetOrderId() != l.order.GetOrderId() {
				t.Errorf("%s is not led to the order by %v", who, h)
			}
		}
		slices.Sort(ids)
		want := slices.Sorted(slices.Values(said.finds))
		if !slices.Equal(ids, want) {
			t.Errorf("%s finds %v by %q, want %v: %v", who, ids, said.query, want, got)
		}
		if strings.Contains(prototext.Format(got), "@") {
			t.Errorf("%s is told an address: %v", who, got)
		}
	}
	for who, caller := range map[string]context.Context{
		"a foreign partner": l.w.As(t, kittest.Partner("paul", "par-2")), "a foreign customer": other.person(t),
	} {
		if got := l.search(t, caller, said.query); len(got.GetHits()) != 0 || got.GetMore() {
			t.Errorf("%s finds %v by %q", who, got, said.query)
		}
	}
}

func (l *life) foundByVendorInvoice(t *testing.T) {
	read, err := l.w.Billing.GetPeriod(l.w.operator(t), &billingv1.GetPeriodRequest{PeriodId: l.invoice.GetPeriodId()})
	if err != nil || len(read.GetPeriod().GetVendorInvoices()) == 0 {
		t.Fatalf("the period is %v, %v", read, err)
	}
	number := read.GetPeriod().GetVendorInvoices()[0].GetVendorInvoiceId()
	ours := l.search(t, l.w.operator(t), number).GetHits()
	if len(ours) != 1 || ours[0].GetResourceId() != l.invoice.GetPeriodId() || ours[0].GetOrderId() != l.order.GetOrderId() {
		t.Errorf("an operator finds %v by %s", ours, number)
	}
	for _, caller := range []context.Context{l.person(t), l.w.As(t, kittest.Partner("pia", "par-1"))} {
		if theirs := l.search(t, caller, number).GetHits(); len(theirs) != 0 {
			t.Errorf("outside the reseller, %v is found by %s", theirs, number)
		}
	}
}
