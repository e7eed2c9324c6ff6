package support_test

import (
	"strings"
	"testing"

	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	"example.com/handover/services/support"
)

const (
	ready  = supportv1.ChannelState_CHANNEL_STATE_READY
	ending = supportv1.ChannelState_CHANNEL_STATE_ENDING
	ended  = supportv1.ChannelState_CHANNEL_STATE_ENDED

	terminated = ordersv1.AgreementState_AGREEMENT_STATE_TERMINATED
)

// hears tells the service of the agreement of a channel's order, twice, and lets it act.
func (a *alone) hears(t *testing.T, ch *supportv1.Channel, state ordersv1.AgreementState, replacement string) *supportv1.Channel {
	t.Helper()
	for range 2 {
		if err := support.HearAgreement(t.Context(), a.env, &ordersv1.Agreement{
			OrderId: ch.GetOrderId(), CustomerId: a.customer, State: state, ReplacementOrderId: replacement,
		}); err != nil {
			t.Fatal(err)
		}
	}
	a.quiet(t)
	return a.channel(t, ch.GetChannelId())
}

// casesOf are all cases of a channel's order but that in which it was set up.
func (a *alone) casesOf(t *testing.T, ch *supportv1.Channel) (others []*supportv1.Case) {
	t.Helper()
	resp, err := a.cases.ListCases(a.operator(t), &supportv1.ListCasesRequest{CustomerId: a.customer})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range resp.GetCases() {
		if k.GetCorrelation() == ch.GetOrderId() && k.GetCaseId() != ch.GetCaseId() {
			others = append(others, k)
		}
	}
	return others
}

// TestChannelEnds: when the agreement of its order is over, a channel is taken away by people, who are asked for it once.
func TestChannelEnds(t *testing.T) {
	t.Parallel()
	a := startAlone(t, "")
	t.Run("one that serves is taken away in a case of Operations, and can be used until then", func(t *testing.T) {
		ch := a.setUp(t, partnerLed)
		a.resolve(t, ch.GetCaseId())
		if got := a.hears(t, ch, ordersv1.AgreementState_AGREEMENT_STATE_ACTIVE, ""); got.GetState() != ready {
			t.Fatalf("in force it is %v", got)
		}
		got, open := a.hears(t, ch, terminated, ""), a.casesOf(t, ch)
		if got.GetState() != ending || got.GetPortalUrl() == "" || len(open) != 1 || open[0].GetCaseId() != got.GetEndCaseId() {
			t.Fatalf("it is %v, the cases are %v", got, open)
		}
		if k := open[0]; k.GetKind() != supportv1.CaseKind_CASE_KIND_CHANNEL_REMOVAL ||
			k.GetAudience() != supportv1.CaseAudience_CASE_AUDIENCE_OPERATIONS || k.GetWaiting() == nil ||
			!strings.Contains(a.record(t, k.GetCaseId()).Fields["description"], "services portal") {
			t.Errorf("the case is %v", k)
		}
		a.resolve(t, got.GetEndCaseId())
		if got := a.channel(t, ch.GetChannelId()); got.GetState() != ended || got.GetPortalUrl() != "" {
			t.Errorf("taken away it is %v", got)
		}
		a.hears(t, ch, terminated, "")
		if len(a.casesOf(t, ch)) != 1 {
			t.Error("a channel that has ended gets another case")
		}
	})
	t.Run("one that nobody has set up ends at once, and its case is resolved", func(t *testing.T) {
		ch := a.setUp(t, resold)
		got := a.hears(t, ch, ordersv1.AgreementState_AGREEMENT_STATE_FAILED, "")
		if got.GetState() != ended || got.GetReadyTime() != nil || len(a.casesOf(t, ch)) != 0 {
			t.Errorf("it is %v, the cases are %v", got, a.casesOf(t, ch))
		}
		a.pass(t)
		setup := a.read(t, ch.GetCaseId())
		if setup.GetState() != supportv1.CaseState_CASE_STATE_RESOLVED ||
			!strings.Contains(setup.GetResolution().GetNotes(), "before the channel was set up") ||
			a.channel(t, ch.GetChannelId()).GetState() != ended {
			t.Errorf("its case is %v", setup)
		}
	})
	t.Run("of an agreement that was replaced people take away what only the old one gave", func(t *testing.T) {
		ch := a.setUp(t, resold)
		a.resolve(t, ch.GetCaseId())
		got := a.hears(t, ch, terminated, "ord_06h2sehbj5vdd5bqphakvf23g8")
		if text := a.record(t, got.GetEndCaseId()).Fields["description"]; !strings.Contains(text, "has a support channel of its own") {
			t.Errorf("people read %q", text)
		}
	})
}
