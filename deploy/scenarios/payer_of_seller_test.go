package scenarios_test

import (
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestPayerOfSeller: an order goes to a payer of its own seller, and one that was refused is mended by an operator.
func TestPayerOfSeller(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.payerID
	t.Run("a payer that was used up is exchanged while the order waits", func(t *testing.T) {
		small := w.addPayer(t, "444455556666")
		c := w.newCustomer(t)
		o := c.submitted(t, func(o *ordersv1.Order) { o.PayerId = small })
		w.Settle(t)
		o = w.order(t, o.GetOrderId())
		inState(t, o, ordersv1.OrderState_ORDER_STATE_QUERYING)
		if o.GetWaiting().GetOwner() != typev1.Party_PARTY_RESELLER {
			t.Errorf("the order waits for %v", o.GetWaiting())
		}
		_, err := w.Orders.UpdateOrder(w.operator(t), &ordersv1.UpdateOrderRequest{
			OrderId:    o.GetOrderId(),
			Order:      &ordersv1.Order{PayerId: first},
			UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"payer_id"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		w.Settle(t)
		if got := w.transfer(t, o.GetTransferId()).GetPayerId(); got != first {
			t.Errorf("the transfer has payer %s, want %s", got, first)
		}
	})
	t.Run("another seller's payer is refused", func(t *testing.T) {
		seller, err := w.Sellers.CreateSeller(w.operator(t), &ordersv1.CreateSellerRequest{Seller: &ordersv1.Seller{
			DisplayName: "Other Reseller", LegalName: "Other Reseller AG", CountryCodes: []string{"CH"}, CurrencyCode: "EUR",
		}})
		if err != nil {
			t.Fatal(err)
		}
		w.sellerID = seller.GetSeller().GetSellerId()
		c := w.newCustomer(t)
		draft := c.draft(t, func(o *ordersv1.Order) { o.PayerId = first })
		_, err = c.submit(t, draft.GetOrderId())
		if e := refusal(t, err, codes.FailedPrecondition, "PAYER_MISSING"); e.Remedy == nil || e.Remedy.Who != "OPERATOR" {
			t.Errorf("refused with %+v", e)
		}
	})
}

// addPayer registers a payer of the seller that takes no transfers: its quota is none.
func (w *world) addPayer(t *testing.T, account string) string {
	t.Helper()
	resp, err := w.Payers.CreatePayer(w.operator(t), &accounttransferv1.CreatePayerRequest{Payer: &accounttransferv1.Payer{
		SellerId: w.sellerID, DisplayName: "Used up", AccountId: account, RoleArn: "arn:aws:iam::" + account + ":role/handover",
	}})
	if err != nil {
		t.Fatalf("create the payer: %v", err)
	}
	w.Settle(t)
	return resp.GetPayer().GetPayerId()
}
