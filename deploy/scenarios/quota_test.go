package scenarios_test

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/types/known/fieldmaskpb"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestQuotaOfPayer: before a payer is full Operations hears of it: by a fact, a case, and its list of what is to be done.
func TestQuotaOfPayer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.quota(t, 3)
	w.newCustomer(t).invited(t)
	if w.nearsQuota(t) {
		t.Fatal("one of three is no news")
	}
	w.newCustomer(t).invited(t)
	t.Run("the payer has one case, and is in the list of what is to be done", func(t *testing.T) {
		if !w.nearsQuota(t) || len(w.quotaCases(t)) != 1 {
			t.Fatalf("near %v, cases %v", w.nearsQuota(t), w.quotaCases(t))
		}
		resp, err := w.Actions.ListActions(w.operator(t), &ordersv1.ListActionsRequest{
			Kinds: []typev1.ActionKind{typev1.ActionKind_ACTION_KIND_PAYER},
		})
		if err != nil || len(resp.GetActions()) != 1 || resp.GetActions()[0].GetResourceId() != w.payerID ||
			!mentions(resp.GetActions()[0].GetWaiting().GetWhat(), "quota") {
			t.Errorf("to be done are %v, %v", resp, err)
		}
	})
	t.Run("it is told once, however often the payer is compared with AWS", func(t *testing.T) {
		w.nextSweep(t)
		w.newCustomer(t).invited(t)
		w.nextSweep(t)
		if told := w.toldOfPayer(t, "quota_near", ""); len(told) != 1 || told[0].GetDetails()["used"] != "2" || len(w.quotaCases(t)) != 1 {
			t.Errorf("told %v, cases %v", told, w.quotaCases(t))
		}
	})
	t.Run("a full payer takes no order, and a quota that was raised ends the case", func(t *testing.T) {
		o := w.newCustomer(t).submitted(t)
		w.Settle(t)
		inState(t, w.order(t, o.GetOrderId()), ordersv1.OrderState_ORDER_STATE_QUERYING)
		w.quota(t, 1000)
		if cases := w.quotaCases(t); w.nearsQuota(t) || len(cases) != 1 || cases[0].GetResolution() == nil {
			t.Errorf("near %v, cases %v", w.nearsQuota(t), cases)
		}
	})
}

// quota enters what AWS grants the payer.
func (w *world) quota(t *testing.T, quota int32) {
	t.Helper()
	_, err := w.Payers.UpdatePayer(w.operator(t), &accounttransferv1.UpdatePayerRequest{
		PayerId: w.payerID, Payer: &accounttransferv1.Payer{InboundQuota: quota},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"inbound_quota"}},
	})
	if err != nil {
		t.Fatalf("enter the quota: %v", err)
	}
	w.Settle(t)
}

func (w *world) nearsQuota(t *testing.T) bool {
	t.Helper()
	resp, err := w.Payers.GetPayer(w.operator(t), &accounttransferv1.GetPayerRequest{PayerId: w.payerID})
	if err != nil {
		t.Fatal(err)
	}
	return resp.GetPayer().GetNearQuotaTime() != nil
}

func (w *world) quotaCases(t *testing.T) []*supportv1.Case {
	t.Helper()
	resp, err := w.Cases.ListCases(w.operator(t), &supportv1.ListCasesRequest{
		Kinds: []supportv1.CaseKind{supportv1.CaseKind_CASE_KIND_BILLING_PROBLEM},
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(resp.GetCases(), func(k *supportv1.Case) bool { return !mentions(k.GetTitle(), "nears its quota") })
}
