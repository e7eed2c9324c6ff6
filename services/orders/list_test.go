package orders_test

import (
	"slices"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestListOrders: filters are combined, pages neither repeat nor skip, and deleted drafts show only when asked for.
func TestListOrders(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	var made []string
	for _, account := range []string{"800000000001", "800000000002", "800000000003"} {
		made = append(made, a.draftFor(t, "", account))
	}
	if _, err := a.orders.DeleteOrder(a.operator(t), &ordersv1.DeleteOrderRequest{OrderId: made[2]}); err != nil {
		t.Fatal(err)
	}
	ids := func(req *ordersv1.ListOrdersRequest) (found []string) {
		t.Helper()
		for {
			page, err := a.orders.ListOrders(a.person(t), req)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range page.GetOrders() {
				found = append(found, o.GetOrderId())
			}
			if req.PageToken = page.GetNextPageToken(); req.GetPageToken() == "" {
				return found
			}
		}
	}
	oldestFirst, deleted := typev1.SortOrder_SORT_ORDER_CREATE_TIME, []ordersv1.OrderState{ordersv1.OrderState_ORDER_STATE_DELETED}
	for name, tt := range map[string]struct {
		req  *ordersv1.ListOrdersRequest
		want []string
	}{
		"all but the deleted, one by one": {&ordersv1.ListOrdersRequest{PageSize: 1, OrderBy: oldestFirst}, made[:2]},
		"newest first":                    {&ordersv1.ListOrdersRequest{}, []string{made[1], made[0]}},
		"of an account":                   {&ordersv1.ListOrdersRequest{ManagementAccountId: "800000000002"}, made[1:2]},
		"of another seller":               {&ordersv1.ListOrdersRequest{SellerId: id.New("sel")}, nil},
		"the deleted":                     {&ordersv1.ListOrdersRequest{States: deleted}, made[2:]},
		"of an account and deleted":       {&ordersv1.ListOrdersRequest{States: deleted, ManagementAccountId: "800000000001"}, nil},
		"that wait for AWS":               {&ordersv1.ListOrdersRequest{WaitingOwners: []typev1.Party{typev1.Party_PARTY_AWS}}, nil},
		"that wait for Operations": {&ordersv1.ListOrdersRequest{
			WaitingOwners: []typev1.Party{typev1.Party_PARTY_RESELLER},
			OrderBy:       oldestFirst,
		}, made[:2]},
	} {
		if got := ids(tt.req); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
	_, err := a.orders.ListOrders(a.person(t), &ordersv1.ListOrdersRequest{Parked: true})
	isRefused(t, err, codes.PermissionDenied, "FILTER_DENIED")
	first, err := a.orders.ListOrders(a.person(t), &ordersv1.ListOrdersRequest{PageSize: 1})
	if err != nil || first.GetNextPageToken() == "" {
		t.Fatalf("the first page: %v, %v", first, err)
	}
	for name, req := range map[string]*ordersv1.ListOrdersRequest{
		"another filter": {PageSize: 1, ManagementAccountId: "800000000001"},
		"another order":  {PageSize: 1, OrderBy: oldestFirst},
	} {
		req.PageToken = first.GetNextPageToken()
		_, err := a.orders.ListOrders(a.person(t), req)
		t.Log(name)
		isRefused(t, err, codes.InvalidArgument, "PAGE_TOKEN_INVALID")
	}
}

// TestListAgreements by order and state.
func TestListAgreements(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	one, two := a.draftFor(t, "", "810000000001"), a.draftFor(t, "", "810000000002")
	if _, err := a.orders.DeleteOrder(a.operator(t), &ordersv1.DeleteOrderRequest{OrderId: two}); err != nil {
		t.Fatal(err)
	}
	deleted := []ordersv1.AgreementState{ordersv1.AgreementState_AGREEMENT_STATE_DELETED}
	for name, tt := range map[string]struct {
		req  *ordersv1.ListAgreementsRequest
		want []string
	}{
		"of an order": {&ordersv1.ListAgreementsRequest{OrderId: one}, []string{one}},
		"deleted":     {&ordersv1.ListAgreementsRequest{States: deleted}, []string{two}},
		"all": {
			&ordersv1.ListAgreementsRequest{CustomerId: a.customer, OrderBy: typev1.SortOrder_SORT_ORDER_CREATE_TIME},
			[]string{one, two},
		},
	} {
		page, err := a.agreements.ListAgreements(a.person(t), tt.req)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, agreement := range page.GetAgreements() {
			got = append(got, agreement.GetOrderId())
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: of orders %v, want %v", name, got, tt.want)
		}
	}
	stranger := a.As(t, kittest.Customer("customer-2", id.New("cus")))
	if page, err := a.agreements.ListAgreements(stranger, &ordersv1.ListAgreementsRequest{}); err != nil || len(page.GetAgreements()) > 0 {
		t.Errorf("a stranger sees %v, %v", page, err)
	}
}

// TestSellersAndCustomers: where a seller is present and what it sells in bounds whom it may have as a customer.
func TestSellersAndCustomers(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	sellers := ordersv1.NewSellerServiceClient(a.Conn())
	create := func(country, currency string) error {
		_, err := a.customers.CreateCustomer(a.operator(t), &ordersv1.CreateCustomerRequest{
			Customer: &ordersv1.Customer{SellerId: a.seller, DisplayName: "Example Customer", CountryCode: country, CurrencyCode: currency},
			Contacts: []*ordersv1.NewContact{newPerson("Olga", primary)},
		})
		return err
	}
	t.Run("ORD-003 a customer where the seller is not present", func(t *testing.T) {
		isRefused(t, create("BR", ""), codes.InvalidArgument, "COUNTRY_NOT_SERVED")
	})
	t.Run("BIL-016 a currency that the seller does not sell in", func(t *testing.T) {
		isRefused(t, create("CH", "USD"), codes.InvalidArgument, "CURRENCY_NOT_SERVED")
	})
	_, err := sellers.UpdateSeller(a.operator(t), &ordersv1.UpdateSellerRequest{
		SellerId: a.seller, Seller: &ordersv1.Seller{CurrencyCode: "USD"}, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"currency_code"}},
	})
	isRefused(t, err, codes.FailedPrecondition, "CURRENCY_IN_USE")
	wider, err := sellers.UpdateSeller(a.operator(t), &ordersv1.UpdateSellerRequest{
		SellerId: a.seller, Seller: &ordersv1.Seller{CountryCodes: []string{"CH", "LI"}},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"country_codes"}},
	})
	if err != nil || len(wider.GetEvents()) != 1 || create("LI", "") != nil {
		t.Errorf("present in one country more: %v, %v", wider, err)
	}
	for country, want := range map[string]int{"LI": 1, "DE": 0} {
		found, err := sellers.ListSellers(a.operator(t), &ordersv1.ListSellersRequest{CountryCode: country})
		if err != nil || len(found.GetSellers()) != want {
			t.Errorf("in %s there are %v, %v", country, found, err)
		}
	}
}

// TestCheckEligibility shows each rule with what must be so and what to do when it is not.
func TestCheckEligibility(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	catalog := ordersv1.NewCatalogServiceClient(a.Conn())
	resp, err := catalog.CheckEligibility(a.person(t), &ordersv1.CheckEligibilityRequest{
		CustomerId: a.customer, ProductId: "aws-billing-transfer-essentials", Declared: &ordersv1.DeclaredFacts{PrivatePricing: true},
	})
	if err != nil || resp.GetEligible() || len(resp.GetChecks()) == 0 {
		t.Fatalf("got %v, %v", resp, err)
	}
	for _, c := range resp.GetChecks() {
		if c.GetRequirement() == "" || c.GetRemedy() == "" || c.GetResult() == ordersv1.EligibilityResult_ELIGIBILITY_RESULT_UNSPECIFIED {
			t.Errorf("%s says %v", c.GetRule(), c)
		}
		failed := c.GetResult() == ordersv1.EligibilityResult_ELIGIBILITY_RESULT_FAILED
		if failed != (c.GetRule() == "PRIVATE_PRICING") {
			t.Errorf("%s came to %s", c.GetRule(), c.GetResult())
		}
	}
}
