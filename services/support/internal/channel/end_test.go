package channel

import (
	"testing"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/services/support/internal/cases"
)

// TestEnd: what serves is taken away by people, what nobody has set up ends at once, and what is over stays as it is.
func TestEnd(t *testing.T) {
	for _, c := range []struct {
		before, after State
		case_, fact   string
	}{
		{Ready, Ending, "cas_2", FactEnding},
		{SettingUp, Ended, "", FactEnded},
		{Failed, Failed, "", ""},
		{Replaced, Replaced, "", ""},
		{Ending, Ending, "", ""},
		{Ended, Ended, "", ""},
	} {
		t.Run(string(c.before), func(t *testing.T) {
			ch := &Channel{ID: "chn_1", CaseID: "cas_1", State: c.before}
			facts := ch.End("cas_2")
			if ch.State != c.after || ch.EndCaseID != c.case_ || (len(facts) == 0) != (c.fact == "") || len(facts) == 1 && facts[0].Name != c.fact {
				t.Errorf("it is %+v, by %v", ch, facts)
			}
		})
	}
}

// TestRemoval: a channel ends with its removal, and with no other case, resolved or cancelled.
func TestRemoval(t *testing.T) {
	for _, c := range []struct {
		kind     Kind
		replaced bool
		key      string
	}{
		{Resold, false, "channel_removal.resold"},
		{PartnerLed, false, "channel_removal.partner_led"},
		{PartnerLed, true, "channel_removal.replaced"},
	} {
		ch := &Channel{ID: "chn_1", CustomerID: "cus_1", OrderID: "ord_1", Kind: c.kind, State: Ready, CaseID: "cas_1", PortalURL: "https://p"}
		ch.End("cas_2")
		o, about := ch.Removal(c.replaced)
		k, _ := cases.OpenChannelRemoval(o, about, call.Actor{}, now())
		if about.Key != c.key || k.Kind != cases.ChannelRemoval || k.Audience != cases.ForOperations || k.ID != "cas_2" ||
			k.SubjectID != "chn_1" || k.Correlation != "ord_1" || k.CustomerID != "cus_1" {
			t.Errorf("the case is %+v about %v", k, about)
		}
		if facts, err := ch.Follow(k, "", now()); err != nil || len(facts) > 0 || ch.State != Ending || ch.PortalURL == "" {
			t.Errorf("while people work it is %+v, by %v, %v", ch, facts, err)
		}
		if facts, err := ch.Follow(&cases.Case{ID: "cas_1", State: cases.Cancelled}, "", now()); err != nil || len(facts) > 0 {
			t.Errorf("by its other case it is %+v, by %v, %v", ch, facts, err)
		}
		k.State = cases.Resolved
		if facts, err := ch.Follow(k, "", now().Add(time.Hour)); err != nil || len(facts) != 1 || ch.State != Ended || ch.PortalURL != "" {
			t.Errorf("resolved it is %+v, by %v, %v", ch, facts, err)
		}
	}
}
