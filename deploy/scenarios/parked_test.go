package scenarios_test

import (
	"strings"
	"testing"
	"time"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

// TestBrokenPayerRole lets AWS refuse the way into the payer's account for more tries than a transfer may fail. It is
// the payer's matter and mended there: no transfer is parked, and all go on by themselves within an hour.
func TestBrokenPayerRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "platform:\n  work:\n    max_attempts: 2\n")
	c := w.newCustomer(t)
	o := c.invited(t)
	w.setExternalID(t, "wrong")
	c.accept(t)
	if err := c.hands(t).ProcessOrder(t.Context(), o.GetOrderId()); err != nil {
		t.Fatalf("process: %v", err)
	}
	const tries = 3 // more than max_attempts
	eventually(t, "AWS has refused often", func() bool { return w.deniedEntries(t) >= tries })
	if parked := w.parked(t, "accounttransfer"); len(parked) > 0 {
		t.Errorf("parked are %v", parked)
	}
	t.Run("the payer says so, and has one case", func(t *testing.T) {
		eventually(t, "a case", func() bool { return w.shutOutCases(t) == 1 })
	})
	w.setExternalID(t, "handover-sandbox")
	w.Advance(t, w.Now(t).Add(2*time.Hour))
	goesOn(t, w.order(t, o.GetOrderId()))
	if open := w.shutOutCases(t); open != 0 {
		t.Errorf("AWS lets us in, and %d cases are open", open)
	}
}

// shutOutCases counts the cases about a payer that AWS does not let the suite into and that nobody has resolved.
func (w *world) shutOutCases(t *testing.T) (n int) {
	t.Helper()
	resp, err := w.Cases.ListCases(w.operator(t), &supportv1.ListCasesRequest{
		Kinds: []supportv1.CaseKind{supportv1.CaseKind_CASE_KIND_BILLING_PROBLEM},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range resp.GetCases() {
		if strings.Contains(k.GetTitle(), "does not let the suite into payer") && k.GetResolution() == nil {
			n++
		}
	}
	return n
}

// deniedEntries counts how often AWS let nobody into an account.
func (w *world) deniedEntries(t *testing.T) (n int) {
	t.Helper()
	for _, call := range w.calls(t, "AssumeRole") {
		if call.GetOutcome() == "AccessDenied" {
			n++
		}
	}
	return n
}

// TestOutage lets AWS be busy for more tries than a transfer may fail: nothing is parked, and it goes on by itself.
func TestOutage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "platform:\n  work:\n    max_attempts: 2\n")
	w.setFault(t, &sandboxv1.Fault{Operation: opInvite, Kind: sandboxv1.FaultKind_FAULT_KIND_THROTTLE, Times: 3 * sdkTries})
	c := w.newCustomer(t)
	c.invited(t)
	w.oneInvitation(t, c.account, "REQUESTED")
	if parked := w.parked(t, "accounttransfer"); len(parked) > 0 {
		t.Errorf("parked are %v", parked)
	}
}

// setExternalID changes what the payer's role asks of whoever assumes it, as we know it.
func (w *world) setExternalID(t *testing.T, externalID string) {
	t.Helper()
	err := w.op(t).UpdatePayer(t.Context(), w.payerID, &accounttransferv1.Payer{ExternalId: externalID}, "external_id")
	if err != nil {
		t.Fatalf("change the payer: %v", err)
	}
}

func (w *world) parked(t *testing.T, service string) []*opsv1.Parked {
	t.Helper()
	resp, err := w.Operations(service).ListParked(w.operator(t), &opsv1.ListParkedRequest{Service: service})
	if err != nil {
		t.Fatalf("list parked: %v", err)
	}
	return resp.GetParked()
}
