package aws_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/sim/aws/state"
)

// TestCustomerWithdrawsAYearLater: the payer is billed to the end of the month and for nothing after it, and what was
// transferred stays readable.
func TestCustomerWithdrawsAYearLater(t *testing.T) {
	r := newRig(t)
	customer, transfer := r.agreed()
	r.at(time.Date(2027, 12, 14, 9, 0, 0, 0, time.UTC))
	last, after := calendar.Month{Year: 2027, Month: time.December}, calendar.Month{Year: 2028, Month: time.January}
	r.use(customer, last, state.Usage{Amount: "70"})

	got, err := r.sim.WithdrawBillingTransfer(t.Context(), customer, false, time.Time{})
	if err != nil || got.ID != transfer || got.Status != types.ResponsibilityTransferStatusWithdrawn || !got.EndsAt.Equal(*endOf(2027, 12)) {
		t.Fatalf("withdrawn: %+v, %v", got, err)
	}
	_, err = r.sim.WithdrawBillingTransfer(t.Context(), customer, false, time.Time{})
	refused(t, err, is[*types.ResponsibilityTransferAlreadyInStatusException])

	r.at(time.Date(2028, 1, 20, 9, 0, 0, 0, time.UTC))
	r.use(customer, after, state.Usage{Amount: "80"})
	r.at(time.Date(2028, 2, 20, 9, 0, 0, 0, time.UTC))
	for month, payers := range map[calendar.Month]map[string]int{last: {payer: 1, customer: 0}, after: {payer: 0, customer: 1}} {
		for who, want := range payers {
			if issued, err := r.sim.Invoices(who, month); err != nil || len(issued) != want {
				t.Errorf("%s: %s has the invoices %+v, %v, want %d", month, who, issued, err, want)
			}
		}
	}
	if v := r.view(customer); v == "" {
		t.Error("the payer's view is gone")
	}
}

func TestEitherSideWithdraws(t *testing.T) {
	r := newRig(t)
	customer := r.customer()
	_, err := r.sim.WithdrawBillingTransfer(t.Context(), customer, true, time.Time{})
	reason(t, err, "NO_TRANSFER")
	_, err = r.sim.WithdrawBillingTransfer(t.Context(), "999999999999", true, time.Time{})
	reason(t, err, "ACCOUNT_NOT_FOUND")
	h, transfer := r.invite(customer)
	_, err = r.sim.WithdrawBillingTransfer(t.Context(), customer, false, time.Time{})
	reason(t, err, "NO_TRANSFER") // an invitation is cancelled or declined
	if err := r.accept(customer, h); err != nil {
		t.Fatal(err)
	}
	if err := r.sim.SetServicePeriod(t.Context(), transfer, *endOf(2026, 12)); err != nil {
		t.Fatal(err)
	}
	_, err = r.sim.WithdrawBillingTransfer(t.Context(), customer, true, *endOf(2026, 11))
	refused(t, err, invalid("INVALID_END_DATE"))
	got, err := r.sim.WithdrawBillingTransfer(t.Context(), customer, true, *endOf(2026, 12))
	if err != nil || got.Status != types.ResponsibilityTransferStatusWithdrawn || !got.EndsAt.Equal(*endOf(2026, 12)) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestInvitationsOfOthers(t *testing.T) {
	r := newRig(t)
	customer := r.customer()
	_, err := r.sim.CancelBillingTransfer(t.Context(), customer)
	reason(t, err, "NO_INVITATION")
	_, err = r.sim.InviteBillingTransfer(t.Context(), payer, customer, "by hand", december.Add(time.Hour))
	refused(t, err, invalid("START_DATE_NOT_BEGINNING_OF_DAY"))
	sent, err := r.sim.InviteBillingTransfer(t.Context(), payer, customer, "by hand", december)
	if err != nil || sent.Name != "by hand" || sent.Target != payer || sent.Source != customer ||
		sent.Status != types.ResponsibilityTransferStatusRequested {
		t.Fatalf("%+v, %v", sent, err)
	}
	if got, err := r.sim.CancelBillingTransfer(t.Context(), customer); err != nil || got.ID != sent.ID ||
		got.Status != types.ResponsibilityTransferStatusCanceled {
		t.Errorf("%+v, %v", got, err)
	}
}
