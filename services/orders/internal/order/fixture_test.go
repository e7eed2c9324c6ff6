package order_test

import (
	"encoding/json"
	"testing"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/party"
)

// What all tests start from: Operations prepares for a customer, whose person then submits.
func now() time.Time       { return time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC) }
func operator() call.Actor { return call.Actor{Subject: "op-1", Role: "OPERATOR"} }
func person() call.Actor   { return call.Actor{Subject: "cu-1", Role: "CUSTOMER"} }

func seller() party.Seller {
	return party.Seller{ID: "sel_1", CountryCodes: []string{"CH"}, CurrencyCode: "CHF"}
}

func customer() party.Customer {
	return party.Customer{
		ID: "cus_1", SellerID: "sel_1", CountryCode: "CH", CurrencyCode: "CHF",
		Contacts: []party.Contact{{PersonID: "per_1", Roles: []party.ContactRole{party.Technical}}, {PersonID: "per_2"}},
	}
}

func product(t testing.TB) catalogue.Product {
	t.Helper()
	p, err := catalogue.Find(catalogue.BillingTransferEssentials)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func ptr[T any](v T) *T { return &v }

func complete() order.Edit {
	return order.Edit{
		AccountOption: ptr(catalogue.TransferExisting), ManagementAccountID: ptr("111122223333"),
		SupportOption: ptr(catalogue.PartnerLed), Partition: ptr(catalogue.PartitionAWS), PermissionsConfirmed: ptr(true),
	}
}

func submission(t testing.TB) order.Submission {
	t.Helper()
	s := order.Submission{
		By: person(), Binds: []string{"cus_1"}, Product: product(t), Customer: customer(), Seller: seller(),
		Window: catalogue.WindowOf(catalogue.BillingTransferEssentials, nil), Rules: catalogue.StandardRules(), TransferID: "trf_1",
	}
	for _, term := range s.Product.Terms {
		s.Terms = append(s.Terms, order.AcceptedTerm{Kind: term.Kind, Version: term.Version})
	}
	return s
}

const linkLife = 14 * 24 * time.Hour

func draft(t testing.TB) *order.Order {
	t.Helper()
	o, facts, err := order.New("ord_1", "agr_1", catalogue.BillingTransferEssentials, customer(), complete(), operator(), now())
	if err != nil || len(facts) != 1 {
		t.Fatalf("draft: %v %v", facts, err)
	}
	return o
}

// in returns an order in a state, brought there by its verbs alone.
func in(t testing.TB, s order.State) *order.Order {
	t.Helper()
	o := draft(t)
	switch s {
	case order.Draft:
		return o
	case order.Deleted:
		must(t)(o.Delete(now()))
		return o
	}
	must(t)(o.Submit(submission(t), now()))
	if s == order.Processing {
		return o
	}
	must(t)(o.RecordTransferRequested())
	v := order.TransferView{TransferID: "trf_1", Revision: 1, State: "IN_PROGRESS"}
	switch s {
	case order.Querying:
		v.Waiting = &order.Waiting{Owner: order.Customer, Text: text.Said("Accept.", ""), StepKey: "accept-invitation"}
	case order.Completed:
		v.State = "COMPLETED"
	case order.Failed:
		v.State, v.Failure = "FAILED", &order.Failure{Code: "INVITATION_DECLINED"}
	}
	must(t)(o.ObserveTransfer(v, now()))
	if o.State != s {
		t.Fatalf("wanted an order in %s, got %s", s, o.State)
	}
	return o
}

func must(t testing.TB) func([]fact.Fact, error) []fact.Fact {
	return func(facts []fact.Fact, err error) []fact.Fact {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return facts
	}
}

func refused(t testing.TB, err error, reason string) *errs.Error {
	t.Helper()
	if errs.ReasonOf(err) != reason {
		t.Fatalf("got %v, want %s", err, reason)
	}
	e, _ := errs.As(err)
	return e
}

func names(facts []fact.Fact) []string {
	var all []string
	for _, f := range facts {
		all = append(all, f.Name)
	}
	return all
}

func dump(t testing.TB, o *order.Order) string {
	t.Helper()
	b, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// wants is what an order wants of AccountTransfer first; empty: nothing.
func wants(o *order.Order) string {
	switch {
	case len(o.WantsCancel()) > 0:
		return "cancel"
	case len(o.WantsTransfer()) > 0:
		return "request"
	case len(o.WantsCheck()) > 0:
		return "check"
	}
	return ""
}

// what is to be done while the order waits.
func what(o *order.Order) string {
	words, _, _ := o.Waiting.Text.Literal()
	return words
}

// asks saves the intent of a request, as the driver does before the call.
func asks(o *order.Order) { o.Intents.Begin(order.RequestEffect, "", o.TransferID) }
