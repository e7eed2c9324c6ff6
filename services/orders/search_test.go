package orders_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// finds is what a caller is answered.
func (a *alone) finds(t *testing.T, caller context.Context, query string) *ordersv1.SearchResponse {
	t.Helper()
	resp, err := ordersv1.NewSearchServiceClient(a.Conn()).Search(caller, &ordersv1.SearchRequest{Query: query})
	if err != nil {
		t.Fatalf("search for %q: %v", query, err)
	}
	return resp
}

// hits are what was found, each "<id> by <what>", in the order of the answer.
func hits(resp *ordersv1.SearchResponse) (all []string) {
	for _, h := range resp.GetHits() {
		all = append(all, fmt.Sprintf("%s by %s", h.GetResourceId(), strings.TrimPrefix(h.GetMatchedBy().String(), "MATCHED_BY_")))
	}
	return all
}

// TestSearch: what Orders has is found by what a caller reads out, by whoever may read it, and by nobody else.
func TestSearch(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	a.moveTo(t, "ptn_1")
	foreign := a.otherCustomer(t)
	orderID := a.draftFor(t, "", "111122223333")
	read, err := a.orders.GetOrder(a.operator(t), &ordersv1.GetOrderRequest{OrderId: orderID})
	if err != nil {
		t.Fatal(err)
	}
	agreementID := read.GetOrder().GetAgreementId()
	subs, err := a.agreements.ListSubscriptions(a.operator(t), &ordersv1.ListSubscriptionsRequest{AgreementId: agreementID})
	if err != nil {
		t.Fatal(err)
	}
	subscription := subs.GetSubscriptions()[0].GetSubscriptionId()
	account := []string{orderID + " by ACCOUNT_ID", agreementID + " by ACCOUNT_ID"}
	outside := []string{"accounttransfer"}
	tests := map[string]struct {
		want, missing []string
	}{
		"1111-2222-3333":         {want: account, missing: []string{"accounttransfer", "support"}},
		"„1111 2222 3333“":       {want: account, missing: outside},
		"111122223333":           {want: account, missing: []string{"accounttransfer", "support", "billing"}}, // or a number of theirs
		"444455556666 ":          {missing: []string{"accounttransfer", "support", "billing"}},
		"mailto:PAT@Example.com": {want: []string{a.pat + " by MAIL_ADDRESS"}, missing: outside},
		"nobody@example.com":     {missing: outside},
		" example   cust":        {want: []string{a.customer + " by COMPANY_NAME"}},
		"ＥＸＡＭＰＬＥ Ｃ":              {want: []string{a.customer + " by COMPANY_NAME"}},
		"xample":                 {missing: []string{"support"}},
		strings.ToUpper(orderID): {want: []string{orderID + " by ID"}},
		"(" + subscription + ")": {want: []string{agreementID + " by ID"}},
		a.pat:                    {want: []string{a.pat + " by ID"}, missing: outside},
		id.New("trf"):            {missing: outside},
		"AWS-billing-transfer-essentials.": {
			want: []string{"aws-billing-transfer-essentials by PRODUCT_ID"}, missing: []string{"support"},
		},
	}
	support := a.As(t, auth.Principal{Subject: "reader-1", Role: auth.SupportReader})
	for query, tt := range tests {
		for who, caller := range map[string]context.Context{
			"an operator": a.operator(t), "support": support, "its partner": a.As(t, kittest.Partner("pia", "ptn_1")), "its customer": a.person(t),
		} {
			got := a.finds(t, caller, query)
			if !slices.Equal(hits(got), tt.want) || !slices.Equal(got.GetMissingServices(), tt.missing) || got.GetMore() {
				t.Errorf("%s finds %v without %v by %q", who, hits(got), got.GetMissingServices(), query)
			}
			if said := strings.ToLower(prototext.Format(got)); strings.Contains(said, "@") || strings.Contains(said, "pat") {
				t.Errorf("%s is told personal data: %s", who, said)
			}
		}
		for who, caller := range map[string]context.Context{
			"another partner": a.As(t, kittest.Partner("paul", "ptn_2")), "another customer": a.As(t, kittest.Customer("otto", foreign)),
		} {
			got := a.finds(t, caller, query)
			if strings.Contains(query, "billing") {
				continue // the catalogue is everybody's
			}
			if len(got.GetHits()) != 0 || !slices.Equal(got.GetMissingServices(), tt.missing) {
				t.Errorf("%s finds %v by %q", who, got, query)
			}
		}
	}
	a.leadsOn(t, orderID, agreementID)
}

// otherCustomer is one of no partner.
func (a *alone) otherCustomer(t *testing.T) string {
	t.Helper()
	resp, err := a.customers.CreateCustomer(a.operator(t), &ordersv1.CreateCustomerRequest{
		Customer: &ordersv1.Customer{SellerId: a.seller, DisplayName: "Foreign Company", CountryCode: "CH", ExternalId: "D-4712"},
		Contacts: []*ordersv1.NewContact{newPerson("Olga", primary)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp.GetCustomer().GetCustomerId()
}

// leadsOn: a hit says whose it is, where it stands, who must act, and where an agent goes on.
func (a *alone) leadsOn(t *testing.T, orderID, agreementID string) {
	t.Helper()
	for query, kind := range map[string]typev1.HitKind{
		"example": typev1.HitKind_HIT_KIND_CUSTOMER, "pat@example.com": typev1.HitKind_HIT_KIND_PERSON,
		orderID: typev1.HitKind_HIT_KIND_ORDER, agreementID: typev1.HitKind_HIT_KIND_AGREEMENT,
	} {
		got := a.finds(t, a.operator(t), query).GetHits()[0]
		if got.GetKind() != kind || got.GetCustomerId() != a.customer || got.GetCustomerName() != "Example Customer" ||
			got.GetOrderId() != orderID || got.GetAgreementId() != agreementID || got.GetService() != "orders" || got.GetCreateTime() == nil {
			t.Errorf("%q leads to %v", query, got)
		}
	}
	got := a.finds(t, a.operator(t), orderID).GetHits()[0]
	if got.GetState() != "DRAFT" || got.GetAccountId() != "111122223333" ||
		got.GetWaitingOwner() != typev1.Party_PARTY_RESELLER || got.GetTitle() == "" {
		t.Errorf("the order is shown as %v", got)
	}
	if got := a.finds(t, a.operator(t), "d-4712").GetHits(); len(got) != 1 || got[0].GetOrderId() != "" ||
		got[0].GetMatchedBy() != typev1.MatchedBy_MATCHED_BY_EXTERNAL_ID {
		t.Errorf("by its external id: %v", got)
	}
}

// TestSearchOfOneCustomer: a search can be bound to one customer, and only to one that the caller sees.
func TestSearchOfOneCustomer(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	foreign := a.otherCustomer(t)
	find := ordersv1.NewSearchServiceClient(a.Conn())
	for customer, want := range map[string]int{a.customer: 0, foreign: 1} {
		resp, err := find.Search(a.operator(t), &ordersv1.SearchRequest{Query: "foreign", CustomerId: customer})
		if err != nil || len(resp.GetHits()) != want {
			t.Errorf("of %s: %v, %v", customer, resp, err)
		}
	}
	_, err := find.Search(a.person(t), &ordersv1.SearchRequest{Query: "foreign", CustomerId: foreign})
	isRefused(t, err, codes.PermissionDenied, "CUSTOMER_DENIED")
	for _, short := range []string{"ab", "…", " 42"} {
		_, err = find.Search(a.operator(t), &ordersv1.SearchRequest{Query: short})
		isRefused(t, err, codes.InvalidArgument, "NAME_TOO_SHORT")
	}
}

// TestSearchAfterErasure: who was erased is not found by the address that is gone, and a changed address is found instead of the old one.
func TestSearchAfterErasure(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	if _, err := a.customers.UpdatePerson(a.operator(t), &ordersv1.UpdatePersonRequest{
		CustomerId: a.customer, PersonId: a.pat, Person: &ordersv1.Person{Email: "Patricia@Example.com"},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"email"}},
	}); err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]int{"pat@example.com": 0, "patricia@example.com": 1} {
		if got := a.finds(t, a.operator(t), address); len(got.GetHits()) != want {
			t.Errorf("by %s: %v", address, got)
		}
	}
	if _, err := a.customers.ErasePerson(a.operator(t), &ordersv1.ErasePersonRequest{
		CustomerId: a.customer, PersonId: a.pat, Reason: "Asked in writing.",
	}); err != nil {
		t.Fatal(err)
	}
	if got := a.finds(t, a.operator(t), "patricia@example.com"); len(got.GetHits()) != 0 {
		t.Errorf("erased: %v", got)
	}
}

// TestPlansOfSearch: whatever is searched for, the rows are read by an index.
func TestPlansOfSearch(t *testing.T) {
	t.Parallel()
	kittest.SearchesByIndex(t, startAlone(t).env, 11)
}
