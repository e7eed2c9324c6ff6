package costs_test

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/money"
	"example.com/handover/pkg/sim/aws/state"
	"example.com/handover/services/billing/internal/costs"
	"example.com/handover/services/billing/internal/statement"
	"example.com/handover/services/billing/internal/vendorinvoices"
)

const (
	customer  = "123456789012"
	neighbour = "210987654321"
)

// TestMonth reads a month as AWS shows it: nothing final before it is closed, and then all of it, page by page, of this
// organization alone, and in agreement with its invoices.
func TestMonth(t *testing.T) {
	r := newRig(t)
	r.transferred(customer)
	r.transferred(neighbour)
	r.at(time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC))
	const market = "AWS Marketplace"
	r.use(customer,
		state.Usage{Service: "Amazon EC2", Amount: "100.123456789"}, state.Usage{Service: "Amazon EC2", Amount: "0.000000001"},
		state.Usage{Service: "Amazon S3", Amount: "7.1"}, state.Usage{Service: "AWS Lambda", Amount: "0"},
		state.Usage{Service: "Amazon EC2", RecordType: "Recurring", Amount: "40"},
		state.Usage{Service: "AWS Support (Business)", RecordType: "Support", Amount: "14.72"},
		state.Usage{Service: "Amazon EC2", RecordType: "Solution Provider Program Discount", Amount: "-4.2"},
		state.Usage{Service: "Tax", RecordType: "Tax", Amount: "12.11"},
		state.Usage{Service: "Scanner", BillingEntity: market, Amount: "50"},
		state.Usage{Service: "Scanner", RecordType: "Tax", BillingEntity: market, Amount: "3.85"},
	)
	r.use(neighbour, state.Usage{Service: "Amazon EC2", Amount: "999"})
	reads, invoices := costs.New(r.clients), vendorinvoices.New(r.clients)

	view, err := reads.View(t.Context(), r.payer(), customer, march)
	if err != nil || view == "" {
		t.Fatalf("view %q, %v", view, err)
	}
	if none, err := reads.View(t.Context(), r.payer(), "444455556666", march); none != "" || err != nil {
		t.Errorf("a view of a stranger: %q, %v", none, err)
	}
	r.at(march.Next().Start())
	if early, err := reads.Read(t.Context(), r.payer(), costs.Scope{ViewARN: view}, march); err != nil || early.Final ||
		len(early.Charges) > 0 {
		t.Errorf("before the month is closed: %+v, %v", early, err)
	}
	if early, err := invoices.List(t.Context(), r.payer(), customer, march); err != nil || len(early.Invoices) > 0 {
		t.Errorf("before the month is closed: %+v, %v", early, err)
	}
	_, err = r.CloseMonth(t.Context(), payer, march)
	r.ok(err)

	found, err := reads.Read(t.Context(), r.payer(), costs.Scope{ViewARN: view}, march)
	if err != nil || !found.Final {
		t.Fatalf("final %t, %v", found.Final, err)
	}
	if len(found.Pages) < 5 {
		t.Errorf("%d pages are kept", len(found.Pages))
	}
	want := map[statement.Charge]string{
		{Account: customer, Service: "Amazon EC2", RecordType: "Usage", Entity: statement.AWS}:                              "100.12345679",
		{Account: customer, Service: "Amazon S3", RecordType: "Usage", Entity: statement.AWS}:                               "7.1",
		{Account: customer, Service: "Amazon EC2", RecordType: "Recurring", Entity: statement.AWS}:                          "40",
		{Account: customer, Service: "AWS Support (Business)", RecordType: "Support", Entity: statement.AWS}:                "14.72",
		{Account: customer, Service: "Amazon EC2", RecordType: "Solution Provider Program Discount", Entity: statement.AWS}: "-4.2",
		{Account: customer, Service: "Tax", RecordType: "Tax", Entity: statement.AWS}:                                       "12.11",
		{Account: customer, Service: "Scanner", RecordType: "Usage", Entity: statement.Marketplace}:                         "50",
		{Account: customer, Service: "Scanner", RecordType: "Tax", Entity: statement.Marketplace}:                           "3.85",
	}
	for _, c := range found.Charges {
		amount := c.Amount
		c.Amount = money.Money{}
		if expected, err := money.Parse("USD", want[c]); err != nil || !amount.Equal(expected) {
			t.Errorf("%+v is %s, want %s", c, amount, want[c])
		}
		delete(want, c)
	}
	if len(want) > 0 {
		t.Errorf("not read: %v", want)
	}
}

// TestRounding: AWS may round each group by itself; half a cent is no rounding any more.
func TestRounding(t *testing.T) {
	for rest, want := range map[string]bool{"0": true, "0.0000000003": true, "-0.0049": true, "0.005": false, "-0.005": false, "12": false} {
		m, err := money.Parse("USD", rest)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := costs.Settled(m); got != want || err != nil {
			t.Errorf("%s left: %t, %v", rest, got, err)
		}
	}
}

// TestInvoices reads the invoices of one organization among others', with AWS's own conversion.
func TestInvoices(t *testing.T) {
	r := newRig(t)
	r.transferred(customer)
	r.transferred(neighbour)
	r.at(time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC))
	for _, account := range []string{customer, neighbour} {
		r.use(account, state.Usage{Service: "Amazon EC2", Amount: "100"}, state.Usage{Service: "Tax", RecordType: "Tax", Amount: "7.7"},
			state.Usage{Service: "Scanner", BillingEntity: "AWS Marketplace", Amount: "50"})
	}
	r.ok(r.SetPaymentCurrency(t.Context(), payer, "EUR", "0.92"))
	r.at(march.Next().Start())
	_, err := r.CloseMonth(t.Context(), payer, march)
	r.ok(err)

	found, err := vendorinvoices.New(r.clients).List(t.Context(), r.payer(), customer, march)
	if err != nil || len(found.Invoices) != 2 {
		t.Fatalf("%+v, %v", found.Invoices, err)
	}
	var read []string
	for _, v := range found.Invoices {
		if v.Quote == nil || v.Quote.To != "EUR" || v.Quote.Rate.String() != "0.92" || !v.IssuedAt.Equal(march.Next().Start()) {
			t.Errorf("invoice %+v", v)
		}
		read = append(read, string(v.Entity)+" "+v.Total.String()+" "+v.Tax.String())
	}
	slices.Sort(read)
	if !slices.Equal(read, []string{"AWS 100.00 USD 7.70 USD", "AWS_MARKETPLACE 50.00 USD 0.00 USD"}) {
		t.Errorf("read %v", read)
	}

	stranger := r.payer()
	stranger.ExternalID = "guessed"
	if _, err := vendorinvoices.New(r.clients).List(t.Context(), stranger, customer, march); aws.Classify(err).Class != aws.Denied {
		t.Errorf("with a wrong external id: %v", err)
	}
}
