package scenarios_test

import (
	"testing"

	"google.golang.org/grpc/codes"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/kit/kittest"
	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// TestSubmit is who may submit a prepared draft, and with what.
func TestSubmit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("ORD-022 only a person of the customer submits a draft that Operations prepared", w.onlyTheCustomer)
	t.Run("ORD-023 the terms of the Marketplace and those of the Services are both accepted at submission", w.bothTermsAccepted)
}

// anybody is a person of no customer in particular.
func (w *world) anybody() auth.Principal { return kittest.Customer("anybody") }

func (w *world) onlyTheCustomer(t *testing.T) {
	c, stranger := w.newCustomer(t), w.newCustomer(t)
	draft := c.draft(t)
	if by := draft.GetPreparedBy(); by.GetSubject() != "operator-1" || by.GetRole() != optionsv1.Role_ROLE_OPERATOR {
		t.Errorf("prepared by %v", by)
	}
	partner := kittest.Partner("partner-1", "par-1")
	c.moveTo(t, "par-1")
	for _, try := range []struct {
		who    string
		p      auth.Principal
		code   codes.Code
		reason string
	}{
		{"the operator who prepared it", kittest.Operator("operator-1"), codes.PermissionDenied, "SUBMITTER_IS_PREPARER"},
		{"the preparer with a customer's token", kittest.Customer("operator-1", c.id), codes.PermissionDenied, "SUBMITTER_IS_PREPARER"},
		{"another operator", kittest.Operator("operator-2"), codes.PermissionDenied, "SUBMITTER_NOT_CUSTOMER"},
		{"a partner that sees the customer", partner, codes.PermissionDenied, "SUBMITTER_NOT_CUSTOMER"},
		{"another customer", kittest.Customer(stranger.subject, stranger.id), codes.NotFound, "NOT_FOUND"},
		{"a reader of support", auth.Principal{Subject: "support-1", Role: auth.SupportReader}, codes.PermissionDenied, "ROLE_DENIED"},
	} {
		w.unchanged(t, draft.GetOrderId(), func() {
			_, err := w.Orders.SubmitOrder(w.As(t, try.p), &ordersv1.SubmitOrderRequest{OrderId: draft.GetOrderId(), Terms: actors.BothTerms()})
			t.Log(try.who)
			refused(t, err, try.code, try.reason)
		})
	}
	o, err := c.submit(t, draft.GetOrderId())
	if err != nil {
		t.Fatalf("the customer itself: %v", err)
	}
	if o.GetSubmittedBy().GetSubject() != c.subject || o.GetSubmitTime() == nil {
		t.Errorf("submitted by %v at %v", o.GetSubmittedBy(), o.GetSubmitTime())
	}
}

func (w *world) bothTermsAccepted(t *testing.T) {
	c := w.newCustomer(t)
	draft := c.draft(t)
	stale := []*ordersv1.AcceptedTerm{actors.BothTerms()[0], {Kind: ordersv1.TermKind_TERM_KIND_SERVICES, Version: "2025-01"}}
	for what, terms := range map[string][]*ordersv1.AcceptedTerm{
		"none": nil, "Marketplace alone": actors.BothTerms()[:1], "Services alone": actors.BothTerms()[1:], "an old version": stale,
	} {
		w.unchanged(t, draft.GetOrderId(), func() {
			_, err := w.Orders.SubmitOrder(c.person(t), &ordersv1.SubmitOrderRequest{OrderId: draft.GetOrderId(), Terms: terms})
			t.Log(what)
			if e := refusal(t, err, codes.FailedPrecondition, "TERMS_NOT_ACCEPTED"); !violated(e, "terms") {
				t.Errorf("refused with %+v", e)
			}
		})
	}
	o, err := c.submit(t, draft.GetOrderId())
	if err != nil {
		t.Fatal(err)
	}
	kept := map[ordersv1.TermKind]bool{}
	for _, term := range o.GetTerms() {
		kept[term.GetKind()] = term.GetVersion() == "2026-02" && term.GetAcceptedBy().GetSubject() == c.subject && term.GetAcceptTime() != nil
	}
	if len(kept) != 2 || !kept[ordersv1.TermKind_TERM_KIND_MARKETPLACE] || !kept[ordersv1.TermKind_TERM_KIND_SERVICES] {
		t.Errorf("kept are %v", o.GetTerms())
	}
}
