package scenarios_test

import (
	"testing"
	"time"

	"example.com/handover/deploy/actors"
	"example.com/handover/pkg/id"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestSweep holds what AWS bills to the payer against what the suite knows, day by day.
func TestSweep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("what an order or an agreement stands behind is no finding", w.findsNothing)
	t.Run("an invitation that was made behind our back is found, told, and settled when it is gone", w.findsStranger)
	t.Run("an invitation that outlived its transfer is cancelled", w.cancelsLate)
	t.Run("an accepted transfer whose order has failed is found", w.findsOrphan)
	t.Run("a member whose agreement does not come into force is found", w.findsMember)
}

// nextSweep lets a day pass, so that the payer has been swept since.
func (w *world) nextSweep(t *testing.T) *accounttransferv1.Payer {
	t.Helper()
	before := w.Now(t)
	w.Advance(t, before.Add(25*time.Hour))
	resp, err := w.Payers.GetPayer(w.operator(t), &accounttransferv1.GetPayerRequest{PayerId: w.payerID})
	if err != nil {
		t.Fatalf("read the payer: %v", err)
	}
	if swept := resp.GetPayer().GetSweepTime(); swept == nil || swept.AsTime().Before(before) {
		t.Fatalf("last swept at %v", swept)
	}
	return resp.GetPayer()
}

// toldOfPayer are the payer's facts of that name about a transfer at AWS.
func (w *world) toldOfPayer(t *testing.T, name, awsTransferID string) (told []*typev1.Event) {
	t.Helper()
	resp, err := w.ops().ListEvents(w.operator(t), &opsv1.ListEventsRequest{Service: "accounttransfer", AggregateId: w.payerID, PageSize: 500})
	if err != nil {
		t.Fatalf("list events: %v", err)
	}
	for _, e := range resp.GetEvents() {
		if e.GetName() == name && e.GetDetails()["aws_transfer_id"] == awsTransferID {
			told = append(told, e)
		}
	}
	return told
}

func (w *world) findsNothing(t *testing.T) {
	under, done := w.newCustomer(t), w.newCustomer(t)
	under.invited(t)
	o := done.invited(t)
	done.accept(t)
	done.process(t, o.GetOrderId())
	done.acceptTerm(t)
	done.process(t, o.GetOrderId())
	done.finish(t, o)
	inState(t, w.order(t, o.GetOrderId()), ordersv1.OrderState_ORDER_STATE_COMPLETED)
	if found := w.nextSweep(t).GetUnclaimed(); len(found) != 0 {
		t.Errorf("found are %v", found)
	}
}

func (w *world) findsStranger(t *testing.T) {
	account := w.newOrganization(t)
	w.inviteElsewhere(t, "by-hand", account, time.Date(2026, time.April, 1, 0, 0, 0, 0, time.UTC))
	held := w.oneInvitation(t, account, "REQUESTED")
	for range 2 { // the second sweep finds nothing new
		found := w.nextSweep(t).GetUnclaimed()
		if len(found) != 1 || found[0].GetAwsTransferId() != held.GetAwsTransferId() || found[0].GetSourceAccountId() != account ||
			found[0].GetStatus() != "REQUESTED" || found[0].GetName() != held.GetName() || found[0].GetCaseId() == "" {
			t.Fatalf("found are %v", found)
		}
		told := w.toldOfPayer(t, "unclaimed_found", held.GetAwsTransferId())
		if len(told) != 1 || told[0].GetAudience() != typev1.Audience_AUDIENCE_OPERATOR {
			t.Errorf("told was %v", told)
		}
	}
	c := w.unclaimedCase(t)
	if !mentions(c.GetTitle()+c.GetDescription(), account, held.GetAwsTransferId(), actors.PayerAccount) || c.GetSubjectId() != w.payerID ||
		c.GetCustomerId() != "" {
		t.Errorf("the case is %v", c)
	}
	w.cancelElsewhere(t, account)
	if left := w.nextSweep(t).GetUnclaimed(); len(left) != 0 {
		t.Errorf("left are %v", left)
	}
	if told := w.toldOfPayer(t, "unclaimed_settled", held.GetAwsTransferId()); len(told) != 1 {
		t.Errorf("told was %v", told)
	}
	if c := w.unclaimedCase(t); c.GetState() != supportv1.CaseState_CASE_STATE_RESOLVED &&
		c.GetState() != supportv1.CaseState_CASE_STATE_CLOSED {
		t.Errorf("the case is %s", c.GetState())
	}
}

// unclaimedCase is the one case of an unclaimed relationship.
func (w *world) unclaimedCase(t *testing.T) *supportv1.Case {
	t.Helper()
	resp, err := w.Cases.ListCases(w.operator(t), &supportv1.ListCasesRequest{
		Kinds: []supportv1.CaseKind{supportv1.CaseKind_CASE_KIND_UNCLAIMED_RELATIONSHIP},
	})
	if err != nil || len(resp.GetCases()) != 1 {
		t.Fatalf("the cases are %v, %v", resp.GetCases(), err)
	}
	return resp.GetCases()[0]
}

// ended is an order that Operations has failed, with nothing left at AWS.
func (c customer) ended(t *testing.T) *ordersv1.Order {
	t.Helper()
	o := c.invited(t)
	c.w.fail(t, o.GetOrderId())
	c.w.Settle(t)
	c.w.rejected(t, c.w.order(t, o.GetOrderId()))
	return o
}

func (w *world) cancelsLate(t *testing.T) {
	c := w.newCustomer(t)
	o := c.ended(t)
	w.inviteElsewhere(t, o.GetTransferId()+"-7", c.account, time.Date(2026, time.April, 1, 0, 0, 0, 0, time.UTC))
	if left := w.nextSweep(t).GetUnclaimed(); len(left) != 0 {
		t.Errorf("left are %v", left)
	}
	for _, held := range w.atAWS(t, c.account) {
		if held.GetStatus() != "CANCELED" {
			t.Errorf("AWS holds %v", held)
		}
		if held.GetName() != o.GetTransferId()+"-7" { // as somebody in the payer's account named it
			continue
		}
		if told := w.toldOfPayer(t, "unclaimed_settled", held.GetAwsTransferId()); len(told) != 1 ||
			told[0].GetDetails()["transfer_id"] != o.GetTransferId() {
			t.Errorf("told was %v", told)
		}
	}
}

func (w *world) findsOrphan(t *testing.T) {
	c := w.newCustomer(t)
	o := c.ended(t)
	w.inviteElsewhere(t, o.GetTransferId()+"-7", c.account, time.Date(2026, time.April, 1, 0, 0, 0, 0, time.UTC))
	c.accept(t)
	found := w.nextSweep(t).GetUnclaimed()
	if len(found) != 1 || found[0].GetStatus() != "ACCEPTED" || found[0].GetCaseId() == "" {
		t.Fatalf("found are %v", found)
	}
	got, err := w.Cases.GetCase(w.operator(t), &supportv1.GetCaseRequest{CaseId: found[0].GetCaseId()})
	if err != nil || got.GetCase().GetCustomerId() != c.id || got.GetCase().GetCorrelation() != o.GetOrderId() {
		t.Errorf("the case is %v, %v", got.GetCase(), err)
	}
	w.withdrawElsewhere(t, c.account)
	if left := w.nextSweep(t).GetUnclaimed(); len(left) != 0 {
		t.Errorf("left are %v", left)
	}
}

// findsMember: the agreement's id stands on the connection, and no agreement behind it.
func (w *world) findsMember(t *testing.T) {
	c := w.newCustomer(t)
	m := legacy{customer: c, linked: w.newAccount(t), payerID: w.payerID}
	m.account = w.newAccount(t)
	req := transferOf(&ordersv1.Order{OrderId: id.New("ord"), AgreementId: id.New("agr")}, c.id, w)
	req.SourceAccountId, req.LinkedAccountIds = m.account, []string{m.linked}
	if _, err := w.Transfers.CreateTransfer(w.asOrders(t), req); err != nil {
		t.Fatalf("create the transfer: %v", err)
	}
	w.Settle(t)
	m.transferID = req.GetTransferId()
	if err := w.op(t).SkipStep(t.Context(), m.transferID, "set-up-support-channel", "There is one."); err != nil {
		t.Fatal(err)
	}
	m.joins(t) // they are handed over with the organization that they are in
	for _, r := range spamUsed() {
		if r.key != "request-consent" && r.key != "set-up-support-channel" {
			m.performs(t, r)
		}
	}
	if found := w.nextSweep(t).GetUnclaimed(); len(found) > 2 {
		t.Errorf("found at once are %v", found)
	}
	found := w.nextSweep(t).GetUnclaimed()
	if len(found) != 2 {
		t.Fatalf("found are %v", found)
	}
	for i, account := range []string{m.account, m.linked} {
		if found[i].GetSourceAccountId() != account || found[i].GetStatus() != "MEMBER" || found[i].GetCaseId() == "" {
			t.Errorf("found is %v", found[i])
		}
	}
}
