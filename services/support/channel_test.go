package support_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

func (a *alone) wanted(kind supportv1.ChannelKind) *supportv1.SetUpChannelRequest {
	return &supportv1.SetUpChannelRequest{ChannelId: id.New("chn"), CustomerId: a.customer, OrderId: id.New("ord"), Kind: kind}
}

// setUp asks for a channel and waits until ServiceNow has its case.
func (a *alone) setUp(t *testing.T, kind supportv1.ChannelKind) *supportv1.Channel {
	t.Helper()
	resp, err := a.channels.SetUpChannel(a.operator(t), a.wanted(kind))
	if err != nil {
		t.Fatal(err)
	}
	a.quiet(t)
	return resp.GetChannel()
}

// channel is what the customer sees of it.
func (a *alone) channel(t *testing.T, channelID string) *supportv1.Channel {
	t.Helper()
	resp, err := a.channels.GetChannel(a.person(t), &supportv1.GetChannelRequest{ChannelId: channelID})
	if err != nil {
		t.Fatal(err)
	}
	return resp.GetChannel()
}

func (a *alone) resolve(t *testing.T, caseID string) {
	t.Helper()
	if err := a.sim.Resolve(a.record(t, caseID).SysID, "", "It is open."); err != nil {
		t.Fatal(err)
	}
	a.pass(t)
}

const (
	partnerLed = supportv1.ChannelKind_CHANNEL_KIND_PARTNER_LED
	resold     = supportv1.ChannelKind_CHANNEL_KIND_RESOLD
)

func TestChannel(t *testing.T) {
	t.Parallel()
	a := startAlone(t, "")
	t.Run("a support channel is set up by people in ServiceNow", func(t *testing.T) {
		ch := a.setUp(t, resold)
		if ch.GetState() != supportv1.ChannelState_CHANNEL_STATE_SETTING_UP || ch.GetReadyTime() != nil {
			t.Errorf("asked for, it is %v", ch)
		}
		record := a.record(t, ch.GetCaseId())
		if record.Fields["correlation_display"] != ch.GetOrderId() || !strings.Contains(record.Fields["description"], a.customer) {
			t.Errorf("the record is %v", record.Fields)
		}
		account := strings.Repeat("a", 32)
		if err := a.sim.Update(record.SysID, map[string]string{"state": "10", "account": account}); err != nil {
			t.Fatal(err)
		}
		a.pass(t)
		a.resolve(t, ch.GetCaseId())
		got := a.channel(t, ch.GetChannelId())
		if got.GetState() != supportv1.ChannelState_CHANNEL_STATE_READY || got.GetAccountSysId() != account ||
			!got.GetReadyTime().AsTime().Equal(a.env.Business.Now()) {
			t.Errorf("resolved, it is %v", got)
		}
		for circle, want := range map[typev1.Audience][]string{
			typev1.Audience_AUDIENCE_CUSTOMER: {"case opened", "channel requested", "case resolved", "channel ready"},
			typev1.Audience_AUDIENCE_OPERATOR: {
				"case opened", "channel requested", "case submitted", "case progressed", "case resolved", "channel ready",
			},
		} {
			if diff := cmp.Diff(want, a.told(t, ch.GetOrderId(), circle)); diff != "" {
				t.Errorf("%s reads\n%s", circle, diff)
			}
		}
	})
	t.Run("SUP-006 customers whom the reseller supports get its portal, others none", func(t *testing.T) {
		for kind, want := range map[supportv1.ChannelKind]string{partnerLed: "https://portal.example.com", resold: ""} {
			ch := a.setUp(t, kind)
			if url := a.channel(t, ch.GetChannelId()).GetPortalUrl(); url != "" {
				t.Errorf("before it is ready, %s has the portal %q", kind, url)
			}
			a.resolve(t, ch.GetCaseId())
			if url := a.channel(t, ch.GetChannelId()).GetPortalUrl(); url != want {
				t.Errorf("%s has the portal %q, want %q", kind, url, want)
			}
		}
	})
}

// TestChannelIsReplaced: who supports has changed. The channel of before serves until people have set the new one up, and the case says
// what they have to end.
func TestChannelIsReplaced(t *testing.T) {
	t.Parallel()
	a := startAlone(t, "")
	before := a.setUp(t, partnerLed)
	a.resolve(t, before.GetCaseId())
	next := a.wanted(resold)
	next.OrderId = before.GetOrderId()
	resp, err := a.channels.SetUpChannel(a.operator(t), next)
	if err != nil {
		t.Fatal(err)
	}
	a.quiet(t)
	if record := a.record(t, resp.GetChannel().GetCaseId()); !strings.Contains(record.Fields["description"], "our support group") {
		t.Errorf("the record is %v", record.Fields)
	}
	ready := supportv1.ChannelState_CHANNEL_STATE_READY
	if got := a.channel(t, before.GetChannelId()); got.GetState() != ready || got.GetPortalUrl() == "" {
		t.Errorf("until then the channel of before is %v", got)
	}
	other := a.setUp(t, partnerLed) // of another order
	a.resolve(t, other.GetCaseId())
	a.resolve(t, resp.GetChannel().GetCaseId())
	for id, want := range map[string]supportv1.ChannelState{
		before.GetChannelId(): supportv1.ChannelState_CHANNEL_STATE_REPLACED,
		next.GetChannelId():   supportv1.ChannelState_CHANNEL_STATE_READY,
		other.GetChannelId():  supportv1.ChannelState_CHANNEL_STATE_READY,
	} {
		if got := a.channel(t, id); got.GetState() != want || (got.GetPortalUrl() != "") != (id == other.GetChannelId()) {
			t.Errorf("the channel is %v, want %s", got, want)
		}
	}
}

func TestChannelWithoutResolution(t *testing.T) {
	t.Parallel()
	a := startAlone(t, "")
	ch := a.setUp(t, partnerLed)
	if err := a.sim.Update(a.record(t, ch.GetCaseId()).SysID, map[string]string{"state": "3"}); err != nil {
		t.Fatal(err)
	}
	a.pass(t)
	if got := a.channel(t, ch.GetChannelId()); got.GetState() != supportv1.ChannelState_CHANNEL_STATE_FAILED || got.GetPortalUrl() != "" {
		t.Errorf("it is %v", got)
	}
	if next := a.read(t, ch.GetCaseId()); next.GetState() != supportv1.CaseState_CASE_STATE_CLOSED || next.GetEndTime() == nil {
		t.Errorf("its case is %v", next)
	}
}

func TestChannelIsAskedForOnce(t *testing.T) {
	t.Parallel()
	a := startAlone(t, "")
	req := a.wanted(resold)
	first, err := a.channels.SetUpChannel(a.operator(t), req)
	if err != nil {
		t.Fatal(err)
	}
	again, err := a.channels.SetUpChannel(a.operator(t), req)
	if err != nil || !proto.Equal(first.GetChannel(), again.GetChannel()) || len(again.GetEvents()) != 0 {
		t.Errorf("%v, %v; first %v", again, err, first)
	}
	other := a.wanted(partnerLed)
	other.ChannelId = req.GetChannelId()
	_, err = a.channels.SetUpChannel(a.operator(t), other)
	refused(t, err, codes.AlreadyExists, "ALREADY_EXISTS")
	_, err = a.channels.SetUpChannel(a.person(t), a.wanted(resold))
	refused(t, err, codes.PermissionDenied, "ROLE_DENIED")
	listed, err := a.channels.ListChannels(a.person(t), &supportv1.ListChannelsRequest{OrderId: req.GetOrderId()})
	if err != nil || len(listed.GetChannels()) != 1 {
		t.Errorf("%v, %v", listed, err)
	}
	_, err = a.channels.GetChannel(
		a.As(t, kittest.Customer("other", id.New("cus"))), &supportv1.GetChannelRequest{ChannelId: req.GetChannelId()},
	)
	refused(t, err, codes.NotFound, "NOT_FOUND")
	a.quiet(t)
	a.record(t, first.GetChannel().GetCaseId())
}
