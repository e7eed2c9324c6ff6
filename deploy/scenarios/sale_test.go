package scenarios_test

import (
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/deploy/actors"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// startOfSale is the first instant at which the billing transfer is sold.
const startOfSale = "2026-02-19T00:00:00Z"

// beforeSale is when the billing transfer is not sold yet, and the legacy product to everybody.
func beforeSale(t *testing.T) time.Time {
	t.Helper()
	return at(t, "2026-02-16T09:00:00Z")
}

// TestSale: what is sold is what Operations says, from the day on that it says, and where.
func TestSale(t *testing.T) {
	t.Parallel()
	w := newWorldAt(t, beforeSale(t))
	t.Run("ORD-005 from 19 Feb 2026 on a new customer takes the billing transfer, and not before", w.saleBegins)
	t.Run("ORD-003 a product is sold only in the countries that Operations has opened", w.countriesOpened)
	t.Run("ORD-009 a partition of AWS is served from the day on that Operations opens it", w.partitionOpened)
	t.Run("the sale is set by Operations alone, with a reason, and not in the past", w.saleIsGuarded)
}

func (w *world) saleBegins(t *testing.T) {
	c, early := w.newCustomer(t), w.newCustomer(t)
	left := early.draft(t)
	p := w.offered(t)
	if p.GetOnSale() || !p.GetSaleStartTime().AsTime().Equal(at(t, startOfSale)) || p.GetSaleEndTime() != nil {
		t.Errorf("before that day the catalogue shows %v", p)
	}
	if resp := c.check(t, managedService, nil); verdict(resp, "NEW_AGREEMENT") == failedVerdict {
		t.Errorf("before that day a new customer may not take the legacy product: %v", resp.GetChecks())
	}
	if resp := c.check(t, actors.Product, c.order().GetDeclared()); resp.GetEligible() || verdict(resp, "SALE_BEGUN") != failedVerdict {
		t.Errorf("before that day: %v", resp.GetChecks())
	}
	w.unchanged(t, left.GetOrderId(), func() {
		_, err := early.submit(t, left.GetOrderId())
		e := refusal(t, err, codes.FailedPrecondition, "SALE_NOT_BEGUN")
		if e.Meta["sale_start_time"] != startOfSale || e.Remedy == nil || e.Remedy.Who != "CUSTOMER" ||
			!mentions(e.Remedy.Text.Params["what"], "19 February 2026") {
			t.Errorf("refused with %+v", e)
		}
	})
	w.Advance(t, at(t, startOfSale))
	if p := w.offered(t); !p.GetOnSale() {
		t.Errorf("from that day on the catalogue shows %v", p)
	}
	if resp := c.check(t, managedService, nil); resp.GetEligible() || verdict(resp, "NEW_AGREEMENT") != failedVerdict {
		t.Errorf("from that day on a new customer may take the legacy product: %v", resp.GetChecks())
	}
	o := c.order()
	o.ProductId = managedService
	_, err := w.Orders.CreateOrder(c.person(t), &ordersv1.CreateOrderRequest{Order: o})
	refused(t, err, codes.FailedPrecondition, "NOT_ELIGIBLE")
	if _, err := early.submit(t, left.GetOrderId()); err != nil {
		t.Errorf("the draft of before is refused from that day on: %v", err)
	}
}

// sale is what Operations has set for a product.
func (w *world) sale(t *testing.T, productID string) *ordersv1.SaleWindow {
	t.Helper()
	resp, err := w.Catalog.ListSaleWindows(w.operator(t), &ordersv1.ListSaleWindowsRequest{})
	if err != nil {
		t.Fatalf("list the sale windows: %v", err)
	}
	i := slices.IndexFunc(resp.GetWindows(), func(s *ordersv1.SaleWindow) bool { return s.GetProductId() == productID })
	if i < 0 {
		t.Fatalf("%s is not among %v", productID, resp.GetWindows())
	}
	return resp.GetWindows()[i]
}

// sells sets when and where a product is sold.
func (w *world) sells(t *testing.T, productID string, turn func(*ordersv1.SetSaleWindowRequest)) *ordersv1.SaleWindow {
	t.Helper()
	is := w.sale(t, productID)
	req := &ordersv1.SetSaleWindowRequest{
		ProductId: productID, SaleEndTime: is.GetSaleEndTime(), SellerCountryCodes: is.GetSellerCountryCodes(), Partitions: is.GetPartitions(),
		Reason: "It was decided so.", Etag: is.GetEtag(),
	}
	turn(req)
	resp, err := w.Catalog.SetSaleWindow(w.operator(t), req)
	if err != nil {
		t.Fatalf("set the sale window: %v", err)
	}
	return resp.GetWindow()
}

func (w *world) countriesOpened(t *testing.T) {
	c := w.newCustomer(t)
	o := c.draft(t)
	w.sells(t, actors.Product, func(r *ordersv1.SetSaleWindowRequest) { r.SellerCountryCodes = []string{"DE"} })
	_, err := c.submit(t, o.GetOrderId())
	if e := refusal(t, err, codes.FailedPrecondition, "COUNTRY_NOT_SERVED"); e.Remedy == nil {
		t.Errorf("refused with %+v", e)
	}
	if p := w.offered(t); !slices.Equal(p.GetSellerCountryCodes(), []string{"DE"}) {
		t.Errorf("the catalogue shows %v", p)
	}
	w.sells(t, actors.Product, func(r *ordersv1.SetSaleWindowRequest) { r.SellerCountryCodes = nil })
	if _, err := c.submit(t, o.GetOrderId()); err != nil {
		t.Errorf("in every country in which the seller is present: %v", err)
	}
}

func (w *world) partitionOpened(t *testing.T) {
	const gov = ordersv1.AwsPartition_AWS_PARTITION_AWS_US_GOV
	w.excluded(t, "PARTITION", func(d *ordersv1.DeclaredFacts) { d.Partition = gov })
	w.sells(t, actors.Product, func(r *ordersv1.SetSaleWindowRequest) { r.Partitions = append(r.Partitions, gov) })
	c := w.newCustomer(t)
	c.submitted(t, func(o *ordersv1.Order) { o.Declared.Partition = gov })
}

func (w *world) saleIsGuarded(t *testing.T) {
	c := w.newCustomer(t)
	is := w.sale(t, actors.Product)
	fresh := func(turn func(*ordersv1.SetSaleWindowRequest)) *ordersv1.SetSaleWindowRequest {
		r := &ordersv1.SetSaleWindowRequest{ProductId: actors.Product, Partitions: is.GetPartitions(), Reason: "r"}
		turn(r)
		return r
	}
	_, err := w.Catalog.SetSaleWindow(c.person(t), fresh(func(*ordersv1.SetSaleWindowRequest) {}))
	refused(t, err, codes.PermissionDenied, "ROLE_DENIED")
	for reason, turn := range map[string]func(*ordersv1.SetSaleWindowRequest){
		"FIELD_REQUIRED":  func(r *ordersv1.SetSaleWindowRequest) { r.Reason = "" },
		"PRODUCT_UNKNOWN": func(r *ordersv1.SetSaleWindowRequest) { r.ProductId = "nothing" },
		"VALIDITY_PAST":   func(r *ordersv1.SetSaleWindowRequest) { r.SaleEndTime = timestamppb.New(w.Now(t).Add(-time.Hour)) },
		"ETAG_MISMATCH":   func(r *ordersv1.SetSaleWindowRequest) { r.Etag = "99" },
	} {
		if _, err := w.Catalog.SetSaleWindow(w.operator(t), fresh(turn)); refusedWith(err) != reason {
			t.Errorf("%v, want %s", err, reason)
		}
	}
	if still := w.sale(t, actors.Product); still.GetEtag() != is.GetEtag() {
		t.Errorf("refused, and yet changed: %v", still)
	}
}

// saleEnds ends the sale of the legacy product for a customer that has it, and begins it again.
func (m *legacy) saleEnds(t *testing.T) {
	day := m.w.Now(t).Add(48 * time.Hour).Truncate(24 * time.Hour)
	other := m.customer
	other.account = m.w.newAccount(t)
	left, err := other.orderOf(t)
	if err != nil {
		t.Fatal(err)
	}
	set := m.w.sells(t, managedService, func(r *ordersv1.SetSaleWindowRequest) { r.SaleEndTime = timestamppb.New(day) })
	if !set.GetOnSale() || !slices.Contains(m.offers(t), managedService) {
		t.Errorf("before that day it is not sold: %v", set)
	}
	m.w.Advance(t, day)
	for what, of := range map[string]struct {
		ordered func() error
		path    string
	}{
		"a new order":           {func() error { _, err := other.orderOf(t); return err }, "order.product_id"},
		"the draft from before": {func() error { _, err := other.submit(t, left.GetOrderId()); return err }, "product_id"},
	} {
		e := refusal(t, of.ordered(), codes.FailedPrecondition, "SALE_ENDED")
		if e.Meta["sale_end_time"] != day.Format(time.RFC3339) || e.Remedy == nil || e.Remedy.Who != "CUSTOMER" || !violated(e, of.path) {
			t.Errorf("%s is refused with %+v", what, e)
		}
	}
	if resp := m.check(t, managedService, nil); resp.GetEligible() || verdict(resp, "SALE_OPEN") != failedVerdict {
		t.Errorf("it is told %v", resp.GetChecks())
	}
	if ids := m.offers(t); slices.Contains(ids, managedService) {
		t.Errorf("the customer is offered %v", ids)
	}
	a := m.agreementOf(t, m.order)
	if a.GetState() != ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE {
		t.Errorf("the agreement is %v", a)
	}
	_, err = m.w.Changes.RequestChange(m.person(t), &ordersv1.RequestChangeRequest{
		AgreementId: a.GetAgreementId(), Kind: ordersv1.ChangeKind_CHANGE_KIND_SUPPORT_OPTION, Reason: "We want the reseller to support us.",
		SupportOption: ordersv1.SupportOption_SUPPORT_OPTION_PARTNER_LED, ValidateOnly: true,
	})
	if err != nil {
		t.Errorf("the agreement cannot be changed any more: %v", err)
	}
	m.w.sells(t, managedService, func(r *ordersv1.SetSaleWindowRequest) {
		r.SaleStartTime, r.SaleEndTime = timestamppb.New(m.w.Now(t)), nil
	})
	if ids := m.offers(t); !slices.Contains(ids, managedService) {
		t.Errorf("it is sold again, and the customer is offered %v", ids)
	}
}
