package billing_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	"example.com/handover/services/billing"
)

const (
	effective = accounttransferv1.ConnectionState_CONNECTION_STATE_EFFECTIVE
	ending    = accounttransferv1.ConnectionState_CONNECTION_STATE_ENDING
	ended     = accounttransferv1.ConnectionState_CONNECTION_STATE_ENDED
)

// first is the first instant of a month of 2026.
func first(m time.Month) *timestamppb.Timestamp {
	return timestamppb.New(time.Date(2026, m, 1, 0, 0, 0, 0, time.UTC))
}

// connected is a connection that binds from March on.
func connected() *accounttransferv1.Connection {
	return &accounttransferv1.Connection{
		Members:      []*accounttransferv1.Member{{AccountId: "123456789012", StartTime: first(time.March)}},
		ConnectionId: id.New("con"), TransferId: id.New("trf"), OrderId: id.New("ord"), CustomerId: id.New("cus"), PayerId: id.New("pay"),
		AccountId: "123456789012", Basis: accounttransferv1.ConnectionBasis_CONNECTION_BASIS_MEMBERSHIP, State: effective,
		StartTime: first(time.March),
	}
}

func (a *alone) hearConnection(t *testing.T, c *accounttransferv1.Connection) {
	t.Helper()
	if err := billing.HearConnection(t.Context(), a.env.DB, c); err != nil {
		t.Fatal(err)
	}
}

func (a *alone) ofConnection(t *testing.T, c *accounttransferv1.Connection) []*billingv1.Relationship {
	t.Helper()
	resp, err := a.billing.ListRelationships(a.operator(t), &billingv1.ListRelationshipsRequest{ConnectionId: c.GetConnectionId()})
	if err != nil {
		t.Fatal(err)
	}
	return resp.GetRelationships()
}

// states are a relationship's periods by month.
func (a *alone) states(t *testing.T, relationshipID string) map[time.Month]billingv1.PeriodState {
	t.Helper()
	out := map[time.Month]billingv1.PeriodState{}
	for _, p := range a.periods(t, relationshipID) {
		out[time.Month(p.GetMonth().GetMonth())] = p.GetState()
	}
	return out
}

// TestOneRelationshipPerConnection: a connection that binds is billed once, however often it is told of; one that never
// bound is not.
func TestOneRelationshipPerConnection(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	proposed, never := connected(), connected()
	proposed.State, proposed.StartTime = accounttransferv1.ConnectionState_CONNECTION_STATE_PROPOSED, nil
	never.State, never.EndTime = ended, never.GetStartTime()
	for _, c := range []*accounttransferv1.Connection{proposed, never} {
		a.hearConnection(t, c)
		if n := len(a.ofConnection(t, c)); n != 0 {
			t.Errorf("%d relationships of a connection in state %s", n, c.GetState())
		}
	}
	c := connected()
	c.ChargesPaidBy = accounttransferv1.ChargesPayer_CHARGES_PAYER_RESELLER
	a.hearConnection(t, c)
	a.hearConnection(t, c)
	found := a.ofConnection(t, c)
	if len(found) != 1 {
		t.Fatalf("%d relationships", len(found))
	}
	r := found[0]
	if r.GetRelationshipId()[3:] != c.GetConnectionId()[3:] || r.GetBasis() != billingv1.RelationshipBasis_RELATIONSHIP_BASIS_MEMBERSHIP ||
		r.GetAccountId() != c.GetAccountId() || r.GetPayerId() != c.GetPayerId() || r.GetTransferId() != c.GetTransferId() ||
		r.GetChargesPaidBy() != billingv1.ChargesPayer_CHARGES_PAYER_RESELLER || !r.GetStartTime().AsTime().Equal(c.GetStartTime().AsTime()) {
		t.Errorf("it is %v", r)
	}
}

// TestStartMoves: AWS may move the start until it has come.
func TestStartMoves(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	c := connected()
	a.hearConnection(t, c)
	c.StartTime = first(time.April)
	a.hearConnection(t, c)
	r := a.ofConnection(t, c)[0]
	if r.GetNextMonth().GetMonth() != 4 || !r.GetStartTime().AsTime().Equal(c.GetStartTime().AsTime()) {
		t.Fatalf("it is %v", r)
	}
	a.pass(t, first(time.April).AsTime())
	kittest.Until(t, "April", func() bool { return len(a.periods(t, r.GetRelationshipId())) == 1 })
	c.StartTime = first(time.March)
	a.hearConnection(t, c)
	if r := a.ofConnection(t, c)[0]; r.GetStartTime().AsTime().Month() != time.April {
		t.Errorf("its start has moved after it had come: %v", r)
	}
}

// TestEndKnownEarly: the month before the end is final, and no month opens after it.
func TestEndKnownEarly(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	c := connected()
	a.hearConnection(t, c)
	a.pass(t, first(time.March).AsTime())
	relationshipID := a.ofConnection(t, c)[0].GetRelationshipId()
	kittest.Until(t, "March", func() bool { return len(a.periods(t, relationshipID)) == 1 })
	c.State, c.EndTime = ending, first(time.May)
	a.hearConnection(t, c)
	a.pass(t, first(time.July).AsTime())
	kittest.Until(t, "it has ended", func() bool {
		return a.ofConnection(t, c)[0].GetState() == billingv1.RelationshipState_RELATIONSHIP_STATE_ENDED
	})
	for _, p := range a.periods(t, relationshipID) {
		if p.GetIsFinal() != (p.GetMonth().GetMonth() == 4) {
			t.Errorf("final: %v", p)
		}
	}
	if months := a.states(t, relationshipID); len(months) != 2 {
		t.Errorf("its months are %v", months)
	}
}

// TestEndKnownLate: months that opened after the end are voided, held ones too, and the last one is final.
func TestEndKnownLate(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	c := connected()
	a.hearConnection(t, c)
	a.pass(t, first(time.June).AsTime())
	relationshipID := a.ofConnection(t, c)[0].GetRelationshipId()
	kittest.Until(t, "June", func() bool { return len(a.periods(t, relationshipID)) == 4 })
	for _, p := range a.periods(t, relationshipID) {
		if p.GetMonth().GetMonth() == 5 {
			_, err := a.billing.HoldPeriod(a.operator(t), &billingv1.HoldPeriodRequest{PeriodId: p.GetPeriodId(), Reason: "a dispute"})
			must(t, err)
		}
	}
	c.State, c.EndTime = ended, first(time.May)
	a.hearConnection(t, c)
	kittest.Until(t, "it has ended", func() bool {
		return a.ofConnection(t, c)[0].GetState() == billingv1.RelationshipState_RELATIONSHIP_STATE_ENDED
	})
	const voided = billingv1.PeriodState_PERIOD_STATE_VOIDED
	months := a.states(t, relationshipID)
	if months[time.May] != voided || months[time.June] != voided || months[time.March] == voided || months[time.April] == voided {
		t.Errorf("its months are %v", months)
	}
	for _, p := range a.periods(t, relationshipID) {
		if p.GetIsFinal() != (p.GetMonth().GetMonth() == 4) || p.GetState() == voided && p.GetHold() != nil {
			t.Errorf("%v", p)
		}
	}
}
