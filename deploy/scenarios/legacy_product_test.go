package scenarios_test

import (
	"slices"
	"testing"

	"google.golang.org/grpc/codes"

	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// managedService is the legacy product.
const managedService = "aws-managed-service"

// TestLegacyProduct: the legacy product stays usable for the customers that have an active agreement for it, and for nobody else.
func TestLegacyProduct(t *testing.T) {
	t.Parallel()
	w := newWorldAt(t, beforeSale(t))
	m := w.legacyAccounts(t, "spam-unused")
	m.product = managedService
	m.orders(t, "spam-unused") // before 19 February 2026, when anybody could
	early := w.newCustomer(t)
	left, err := early.orderOf(t)
	if err != nil {
		t.Fatalf("order the legacy product before 19 February: %v", err)
	}
	w.Advance(t, at(t, "2026-02-19T00:00:00Z"))
	t.Run("ORD-004 a customer whose agreement is not active yet cannot order it again", func(t *testing.T) {
		m.lacksLegacy(t)
	})
	m.isDone(t, spamUnused())
	m.isComplete(t)
	if a := m.agreementOf(t, m.order); a.GetProductId() != managedService {
		t.Fatalf("the agreement is %v", a)
	}
	t.Run("ORD-004 a customer with an active agreement for it is offered it and orders it again", m.usesLegacy)
	t.Run("ORD-004 a customer without one is not offered it, and its draft of before is refused", func(t *testing.T) {
		early.lacksLegacy(t)
		_, err := early.submit(t, left.GetOrderId())
		isNotForIt(t, err)
	})
	t.Run("ORD-011 the sale of the legacy way ends on the day that Operations sets, and what customers have of it goes on", m.saleEnds)
	m.leaves(t)
	t.Run("ORD-004 a customer whose agreement has ended cannot order it any more", func(t *testing.T) {
		if a := m.agreementOf(t, m.order); a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_TERMINATED {
			t.Fatalf("the agreement is %v", a)
		}
		m.lacksLegacy(t)
	})
}

// orderOf has the customer draft an order of the legacy product for its account, which Operations carries out by a template.
func (c customer) orderOf(t *testing.T) (*ordersv1.Order, error) {
	t.Helper()
	o := c.order()
	o.ProductId, o.TemplateKey = managedService, "spam-unused"
	return c.w.op(t).CreateDraft(t.Context(), o)
}

// offers are the products that a customer may order.
func (c customer) offers(t *testing.T) (ids []string) {
	t.Helper()
	resp, err := c.w.Catalog.ListProducts(c.person(t), &ordersv1.ListProductsRequest{CustomerId: c.id})
	if err != nil {
		t.Fatalf("list the products: %v", err)
	}
	for _, p := range resp.GetProducts() {
		ids = append(ids, p.GetProductId())
	}
	return ids
}

// lacksLegacy holds that the legacy product is not for the customer: not listed, not eligible, not to be drafted.
func (c customer) lacksLegacy(t *testing.T) {
	t.Helper()
	if ids := c.offers(t); slices.Contains(ids, managedService) {
		t.Errorf("the customer is offered %v", ids)
	}
	if resp := c.check(t, managedService, nil); resp.GetEligible() || verdict(resp, "NEW_AGREEMENT") != failedVerdict {
		t.Errorf("it is told %v", resp.GetChecks())
	}
	_, err := c.orderOf(t)
	isNotForIt(t, err)
}

// isNotForIt holds that an order was refused because the product is not for the customer.
func isNotForIt(t *testing.T, err error) {
	t.Helper()
	e := refusal(t, err, codes.FailedPrecondition, "NOT_ELIGIBLE")
	if !violated(e, "product_id") && !violated(e, "order.product_id") || e.Remedy == nil || e.Remedy.Who != "CUSTOMER" {
		t.Errorf("refused with %+v", e)
	}
}

// usesLegacy has a customer order the legacy product once more, for another account.
func (m *legacy) usesLegacy(t *testing.T) {
	if ids := m.offers(t); !slices.Contains(ids, managedService) {
		t.Errorf("the customer is offered %v", ids)
	}
	if resp := m.check(t, managedService, nil); !resp.GetEligible() {
		t.Errorf("it is told %v", resp.GetChecks())
	}
	more := &legacy{customer: m.customer, linked: m.w.newAccount(t), payerID: m.w.payerID, product: managedService}
	more.account = m.w.newAccount(t)
	undirected := more.draft(t, func(o *ordersv1.Order) { o.ProductId = managedService })
	_, err := more.submit(t, undirected.GetOrderId())
	if e := refusal(t, err, codes.FailedPrecondition, "FIELD_REQUIRED"); !violated(e, "template_key") || e.Remedy.Who != "OPERATOR" {
		t.Errorf("without a template it is refused with %+v", e)
	}
	more.orders(t, "ecam-unused")
	o := m.w.order(t, more.order.GetOrderId())
	if tr := m.w.transfer(t, o.GetTransferId()); tr.GetTemplate().GetKey() != "ecam-unused" || o.GetProductId() != managedService {
		t.Errorf("order %v is carried out by %v", o, tr.GetTemplate())
	}
	if err := m.w.op(t).FailOrder(t.Context(), o.GetOrderId(), "It is enough to have begun."); err != nil {
		t.Fatal(err)
	}
	m.w.Settle(t)
}
