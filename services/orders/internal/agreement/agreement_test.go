package agreement_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/services/orders/internal/agreement"
	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/party"
)

func now() time.Time { return time.Date(2026, time.February, 19, 10, 0, 0, 0, time.UTC) }

// placed is an order in a state, as far as an agreement looks at it.
func placed(s order.State) *order.Order {
	o := &order.Order{
		ID: "ord_1", AgreementID: "agr_1", CustomerID: "cus_1", SellerID: "sel_1", ProductID: "p", State: s,
		ManagementAccountID: "111122223333", SupportOption: catalogue.PartnerLed, CurrencyCode: "EUR",
	}
	if s != order.Draft && s != order.Deleted {
		submit(o)
	}
	return o
}

func submit(o *order.Order) {
	o.SubmittedAt, o.TransferID = now(), "trf_1"
	o.Terms = []order.TermAcceptance{{Kind: "MARKETPLACE", Version: "1", AcceptedAt: now()}}
}

// in is an agreement in a state, brought there by its order alone.
func in(t *testing.T, s agreement.State) *agreement.Agreement {
	t.Helper()
	a, _ := agreement.New(placed(order.Draft), "sub_1")
	orders := map[agreement.State][]order.State{
		agreement.Provisioning: {order.Processing}, agreement.Active: {order.Processing, order.Completed},
		agreement.Failed: {order.Processing, order.Failed}, agreement.Deleted: {order.Deleted},
		agreement.Terminated: {order.Processing, order.Completed},
	}
	for _, o := range orders[s] {
		a.Follow(placed(o), now())
	}
	if s == agreement.Terminated {
		a.ObserveConnection(over(), now())
	}
	if a.State != s {
		t.Fatalf("wanted an agreement in %s, got %s", s, a.State)
	}
	return a
}

func dump(t *testing.T, a *agreement.Agreement) string {
	t.Helper()
	b, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func names(facts []fact.Fact) (all []string) {
	for _, f := range facts {
		all = append(all, f.Name)
	}
	return all
}

// TestEveryStateAndOrder goes through all pairs of where the agreement and its order are.
func TestEveryStateAndOrder(t *testing.T) {
	type step struct {
		to    agreement.State
		facts []string
	}
	draft, under := agreement.Draft, agreement.Provisioning
	want := map[agreement.State]map[order.State]step{
		draft: {
			order.Draft: {draft, nil}, order.Deleted: {agreement.Deleted, []string{"deleted"}},
			order.Processing: {under, []string{"provisioned"}}, order.Querying: {under, []string{"provisioned"}},
			order.Completed: {agreement.Active, []string{"provisioned", "activated"}},
			order.Failed:    {agreement.Failed, []string{"provisioned", "failed"}},
		},
		under: {
			order.Draft: {under, nil}, order.Processing: {under, nil}, order.Querying: {under, nil},
			order.Completed: {agreement.Active, []string{"activated"}},
			order.Failed:    {agreement.Failed, []string{"failed"}}, order.Deleted: {agreement.Deleted, []string{"deleted"}},
		},
	}
	for _, s := range agreement.States() {
		for _, o := range order.States() {
			t.Run(string(s)+" with an order "+string(o), func(t *testing.T) {
				a := in(t, s)
				before := dump(t, a)
				facts := a.Follow(placed(o), now())
				w, known := want[s][o]
				if !known {
					w = step{s, nil}
				}
				if a.State != w.to || !slices.Equal(names(facts), w.facts) {
					t.Fatalf("got %s %v, want %s %v", a.State, names(facts), w.to, w.facts)
				}
				if len(facts) == 0 && dump(t, a) != before {
					t.Fatalf("changed and told nobody:\n%s\n%s", before, dump(t, a))
				}
				if a.State.Ended() == a.EndedAt.IsZero() || (a.State == agreement.Active || a.State == agreement.Terminated) == a.ActivatedAt.IsZero() {
					t.Fatalf("%s, ended %v, active since %v", a.State, a.EndedAt, a.ActivatedAt)
				}
				if again := a.Follow(placed(o), now()); again != nil {
					t.Fatalf("told again: %v", names(again))
				}
			})
		}
	}
}

// TestSubscription is in force exactly when its agreement is.
func TestSubscription(t *testing.T) {
	want := map[agreement.State]agreement.SubscriptionState{
		agreement.Draft: agreement.SubscriptionDraft, agreement.Provisioning: agreement.SubscriptionDraft,
		agreement.Active: agreement.SubscriptionActive,
		agreement.Failed: agreement.SubscriptionDeleted, agreement.Deleted: agreement.SubscriptionDeleted,
		agreement.Terminated: agreement.SubscriptionTerminated,
	}
	for _, s := range agreement.States() {
		subs := in(t, s).Subscriptions
		if len(subs) != 1 || subs[0].State != want[s] || subs[0].ID != "sub_1" || subs[0].VendorID != "111122223333" {
			t.Errorf("%s has %+v", s, subs)
		}
	}
}

// TestDraftFollows: the draft shows what the order's draft says; what was submitted stays.
func TestDraftFollows(t *testing.T) {
	a, o := in(t, agreement.Draft), placed(order.Draft)
	o.SupportOption, o.ManagementAccountID = catalogue.Resold, ""
	facts := a.Follow(o, now())
	if a.SupportOption != catalogue.Resold || a.Subscriptions[0].VendorID != "" ||
		!slices.Equal(names(facts), []string{"updated"}) || facts[0].Audience != fact.Internal {
		t.Fatalf("got %+v %v", a, facts)
	}
	o.State = order.Processing
	submit(o)
	a.Follow(o, now())
	o.SupportOption, o.SourceAccountID = catalogue.PartnerLed, "444455556666"
	facts = a.Follow(o, now())
	if a.SupportOption != catalogue.Resold || a.ManagementAccountID != "444455556666" ||
		a.Subscriptions[0].VendorID != "444455556666" || !slices.Equal(names(facts), []string{"updated"}) {
		t.Fatalf("once the new account is known: got %+v %v", a, names(facts))
	}
	if len(a.Terms) != 1 || a.TransferID != "trf_1" {
		t.Fatalf("got %+v", a)
	}
}

func TestRevise(t *testing.T) {
	seller := party.Seller{ID: "sel_1", CurrencyCode: "CHF"}
	for _, s := range agreement.States() {
		a := in(t, s)
		facts, err := a.Revise(agreement.Edit{CurrencyCode: new("CHF")}, seller, now())
		if s != agreement.Provisioning && s != agreement.Active {
			if errs.ReasonOf(err) != agreement.ReasonStateRefuses || a.CurrencyCode != "EUR" {
				t.Errorf("%s: got %v, %s", s, err, a.CurrencyCode)
			}
			continue
		}
		if err != nil || a.CurrencyCode != "CHF" || len(facts) != 1 || facts[0].Details["currency"] != "CHF" {
			t.Errorf("%s: got %v %v", s, facts, err)
		}
		if again, err := a.Revise(agreement.Edit{CurrencyCode: new("CHF")}, seller, now()); err != nil || again != nil {
			t.Errorf("%s: the same again: %v %v", s, again, err)
		}
		_, err = a.Revise(agreement.Edit{CurrencyCode: new("USD")}, seller, now())
		if e, _ := errs.As(err); e == nil || e.Reason != agreement.ReasonCurrencyNotServed || e.Remedy == nil || a.CurrencyCode != "CHF" {
			t.Errorf("%s: got %v, %s", s, err, a.CurrencyCode)
		}
		if a.Follow(placed(order.Querying), now()); a.CurrencyCode != "CHF" {
			t.Errorf("%s: the order took the currency back: %s", s, a.CurrencyCode)
		}
	}
}
