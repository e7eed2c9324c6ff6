package channel

import (
	"testing"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/support/internal/cases"
)

const portal = "https://portal.example.com"

func now() time.Time { return time.Date(2026, 2, 20, 10, 0, 0, 0, time.UTC) }

func wanted(kind Kind) Wanted {
	return Wanted{ID: "chn_1", CustomerID: "cus_1", OrderID: "ord_1", Kind: kind}
}

func asked(t *testing.T, kind Kind) *Channel {
	t.Helper()
	c, facts, err := New(wanted(kind), "cas_1", false)
	if err != nil || len(facts) != 1 || facts[0].Audience != fact.Customer || !c.AskedAs(wanted(kind)) {
		t.Fatalf("%+v, %v, %v", c, facts, err)
	}
	return c
}

// TestChannelFollowsItsCase holds every kind against every state of the case, with and without a resolution.
func TestChannelFollowsItsCase(t *testing.T) {
	for _, kind := range []Kind{PartnerLed, Resold} {
		for _, state := range cases.States() {
			for _, resolution := range []*cases.Resolution{nil, {Code: "Solution provided"}} {
				c, want := asked(t, kind), SettingUp
				switch {
				case resolution != nil && (state == cases.Resolved || state == cases.Closed):
					want = Ready
				case state.Ended():
					want = Failed
				}
				k := &cases.Case{ID: "cas_1", State: state, Resolution: resolution, Record: &cases.Record{AccountSysID: "acct"}}
				facts, err := c.Follow(k, portal, now())
				if err != nil || c.State != want || (len(facts) == 1) != (want != SettingUp) {
					t.Errorf("%s, case %s, %v: %s with %v, want %s; %v", kind, state, resolution, c.State, facts, want, err)
				}
				if hasPortal := c.PortalURL == portal; hasPortal != (want == Ready && kind == PartnerLed) {
					t.Errorf("%s %s has the portal %q", kind, want, c.PortalURL)
				}
				if want == Ready && (c.AccountSysID != "acct" || !c.ReadyAt.Equal(now())) {
					t.Errorf("%+v", c)
				}
			}
		}
	}
}

func TestEndedChannelStays(t *testing.T) {
	c := asked(t, Resold)
	done := &cases.Case{ID: "cas_1", State: cases.Resolved, Resolution: &cases.Resolution{}}
	if _, err := c.Follow(done, portal, now()); err != nil {
		t.Fatal(err)
	}
	facts, err := c.Follow(&cases.Case{ID: "cas_1", State: cases.Cancelled}, portal, now())
	if err != nil || len(facts) != 0 || c.State != Ready {
		t.Errorf("%s, %v, %v", c.State, facts, err)
	}
	other := asked(t, Resold)
	done.ID = "cas_2"
	if facts, _ := other.Follow(done, portal, now()); len(facts) != 0 {
		t.Errorf("it follows another case: %v", facts)
	}
}

func TestKindIsNeeded(t *testing.T) {
	if _, _, err := New(wanted(""), "cas_1", false); errs.ReasonOf(err) != ReasonChannelKindInvalid {
		t.Error(err)
	}
}

// TestCaseNamesNobody: its text is made of ids and of our own words.
func TestCaseNamesNobody(t *testing.T) {
	for _, kind := range []Kind{PartnerLed, Resold} {
		o, about := asked(t, kind).Opening()
		k, _ := cases.OpenChannelSetup(o, about, call.Actor{}, now())
		if k.Kind != cases.ChannelSetup || k.SubjectID != "chn_1" || k.Correlation != "ord_1" || k.CustomerID != "cus_1" {
			t.Errorf("%+v", k)
		}
		if title, description := k.Words(text.Bare{}); title != about.Key+".title" || description != about.Key+".body" ||
			about.Params["customer"] != "cus_1" {
			t.Errorf("it says %q, %q of %v", title, description, about)
		}
	}
}

// TestReplace: a channel that serves ends, with its portal, and so does one that nobody has set up.
func TestReplace(t *testing.T) {
	for _, s := range []State{SettingUp, Ready, Failed, Replaced} {
		c := asked(t, PartnerLed)
		c.State, c.PortalURL = s, portal
		if facts := c.Replace(); (len(facts) == 1) != (s == Ready || s == SettingUp) || s == Ready && (c.State != Replaced || c.PortalURL != "") {
			t.Errorf("%s: %v, %v", s, c, facts)
		}
	}
}
