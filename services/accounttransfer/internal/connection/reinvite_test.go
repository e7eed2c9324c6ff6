package connection

import (
	"slices"
	"testing"
	"time"
)

// TestReinvitePolicy replaces an expired invitation by itself: billing-dates example 8.
func TestReinvitePolicy(t *testing.T) {
	p := policy()
	p.Reinvites = 1
	c, _ := Propose(BillingTransfer, p, subject())
	invite, late := at("2026-02-23T23:00:00Z"), at("2026-03-03T09:00:00Z")
	demand(c, invite, everyCondition()...)
	ask(t, c, invite)
	heard(c, "1")
	Answered(c, "1", Answer{AWSTransferID: "rt-1"}, invite)
	if inv := c.Current(); !inv.StartAt.Equal(at("2026-03-01")) || !inv.AcceptBy.Equal(at("2026-02-27T23:59:59Z")) {
		t.Fatalf("got %+v", inv)
	}
	told(t, c.Observe(saw(Expired), late), FactInvitationExpired, FactInvitationPrepared, FactStartPostponed)
	ask(t, c, late)
	heard(c, "2")
	Answered(c, "2", Answer{AWSTransferID: "rt-2"}, late)
	if inv := c.Current(); !inv.StartAt.Equal(at("2026-04-01")) || !inv.AcceptBy.Equal(at("2026-03-30T23:59:59Z")) || inv.Supersedes != 1 {
		t.Fatalf("got %+v", inv)
	}
	t.Run("ORD-042 and the second time it fails", func(t *testing.T) {
		told(t, c.Observe(Observation{AWSTransferID: "rt-2", Status: Expired}, at("2026-03-31")), FactInvitationExpired)
		if f := FinalFailure(c); f == nil || f.Code != CodeInvitationExpired {
			t.Fatalf("got %+v", f)
		}
	})
	t.Run("a declined one is an answer, and not repeated", func(t *testing.T) {
		c := invited(t)
		c.Policy.Reinvites = 5
		told(t, c.Observe(saw(Declined), now()), FactInvitationDeclined)
		if f := FinalFailure(c); f == nil || f.Code != CodeInvitationDeclined {
			t.Fatalf("got %+v", f)
		}
	})
}

func TestReinvite(t *testing.T) {
	reinvite := func(t *testing.T, c *Connection, start string) {
		t.Helper()
		facts, err := c.Reinvite(at(start), now())
		if err != nil {
			t.Fatal(err)
		}
		told(t, facts, FactInvitationPrepared)
	}
	t.Run("XFR-BT-17 an outstanding invitation is cancelled before the new one goes out", func(t *testing.T) {
		c := invited(t)
		reinvite(t, c, "2027-01-01")
		if wants := CancelInvitationWanted(c); len(wants) != 1 || wants[0].Subject != "1" || len(InviteWanted(c)) != 0 || sendReport(c).Met {
			t.Fatalf("got %+v, %+v", wants, InviteWanted(c))
		}
		told(t, CancelSent(c, "1", saw(Canceled), now()), FactInvitationCanceled)
		attempt, facts := ask(t, c, now())
		if inv := c.Current(); facts != nil || attempt != "2" || !inv.StartAt.Equal(at("2027-01-01")) || inv.Supersedes != 1 {
			t.Fatalf("got %+v", inv)
		}
	})
	t.Run("the customer was faster than the cancel: its acceptance counts", func(t *testing.T) {
		c := invited(t)
		reinvite(t, c, "2027-01-01")
		told(t, c.Observe(saw(Accepted), now()), FactEffective)
		if len(c.Invitations) != 1 || c.Current().State != Accepted || !sendReport(c).Met {
			t.Fatal(dump(t, c))
		}
	})
	for _, s := range []InvitationState{Declined, Expired} {
		t.Run("the old one ends otherwise: the new one goes out all the same: "+string(s), func(t *testing.T) {
			c := invited(t)
			reinvite(t, c, "2027-01-01")
			c.Observe(saw(s), now())
			if FinalFailure(c) != nil || !due(InviteWanted(c), now()) {
				t.Fatal(dump(t, c))
			}
		})
	}
	t.Run("asked twice, the last start counts", func(t *testing.T) {
		c := invited(t)
		reinvite(t, c, "2026-12-01")
		reinvite(t, c, "2027-01-01")
		if inv := c.Current(); len(c.Invitations) != 2 || inv.Attempt != 2 || !inv.StartAt.Equal(at("2027-01-01")) {
			t.Fatal(dump(t, c))
		}
	})
	t.Run("it mends a refusal", func(t *testing.T) {
		c := asked(t)
		heard(c, "1")
		InviteRefused(c, "1", Judge("PAST_DUE_INVOICE"), now())
		if reinvite(t, c, "2027-01-01"); !due(InviteWanted(c), now()) {
			t.Fatalf("got %+v", InviteWanted(c))
		}
	})
	tests := []struct {
		name, start, reason string
		from                func(testing.TB) *Connection
	}{
		{"while the answer is not known", "2027-01-01", ReasonInvitationPending, asked},
		{"after the acceptance", "2027-01-01", ReasonInvitationAccepted, bound},
		{"after the end", "2027-01-01", ReasonInvitationAccepted, func(t testing.TB) *Connection { return in(t, Ended) }},
		{"a start in the middle of a month", "2027-01-02", ReasonStartNotFirstOfMonth, invited},
		{"a start at noon", "2027-01-01T12:00:00Z", ReasonStartNotFirstOfMonth, invited},
		{"a start that has passed", "2026-11-01", ReasonStartTooEarly, invited},
		{"a start three months ahead", "2027-02-01", ReasonStartTooLate, invited},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := tt.from(t)
			before := dump(t, c)
			_, err := c.Reinvite(at(tt.start), now())
			if refused(t, err, tt.reason); dump(t, c) != before {
				t.Fatal("the refusal left a trace")
			}
		})
	}
}

// TestPreviewDates are the worked examples of the billing dates.
func TestPreviewDates(t *testing.T) {
	tests := []struct{ name, accept, start, vendor, last string }{
		{"BIL-011 the worked example", "2026-02-19T10:00:00Z", "2026-03-01", "2026-04-01", "2027-02-28T23:59:59Z"},
		{"BIL-008 first instant of a month", "2026-03-01T00:00:00Z", "2026-04-01", "2026-05-01", "2027-03-31T23:59:59Z"},
		{"XFR-BT-12 last allowed second", "2026-04-29T23:59:59Z", "2026-05-01", "2026-06-01", "2027-04-30T23:59:59Z"},
		{"XFR-BT-12 last day of the month", "2026-04-30T12:00:00Z", "2026-06-01", "2026-07-01", "2027-05-31T23:59:59Z"},
		{"another time zone", "2026-05-31T22:30:00-04:00", "2026-07-01", "2026-08-01", "2027-06-30T23:59:59Z"},
		{"the year changes", "2026-12-15T09:00:00Z", "2027-01-01", "2027-02-01", "2027-12-31T23:59:59Z"},
		{"BIL-002 twelve cycles end on a leap day", "2027-02-10T09:00:00Z", "2027-03-01", "2027-04-01", "2028-02-29T23:59:59Z"},
		{"one hour before February", "2028-01-31T23:00:00Z", "2028-03-01", "2028-04-01", "2029-02-28T23:59:59Z"},
		{"today", "2026-11-22T12:00:00Z", "2026-12-01", "2027-01-01", "2027-11-30T23:59:59Z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := PreviewDates(at(tt.accept), time.Time{}, 12)
			if err != nil {
				t.Fatal(err)
			}
			if !d.Start.Equal(at(tt.start)) || !d.VendorInvoice.Equal(at(tt.vendor)) || !d.CommitmentEnd.Add(-time.Second).Equal(at(tt.last)) {
				t.Errorf("got %+v", d)
			}
			if !d.FirstCharge.Start().Equal(d.Start) || !d.AcceptBy.Equal(d.Start.Add(-24*time.Hour-time.Second)) {
				t.Errorf("got %+v", d)
			}
		})
	}
	t.Run("a start chosen later wins", func(t *testing.T) {
		d, err := PreviewDates(at("2026-03-04"), at("2026-05-01"), 12)
		if err != nil || !d.Start.Equal(at("2026-05-01")) || !d.VendorInvoice.Equal(at("2026-06-01")) {
			t.Fatalf("got %+v %v", d, err)
		}
	})
	for start, reason := range map[string]string{
		"2026-05-02": ReasonStartNotFirstOfMonth, "2026-03-01": ReasonStartTooEarly, "2026-06-01": ReasonStartTooLate,
	} {
		_, err := PreviewDates(at("2026-03-04"), at(start), 12)
		refused(t, err, reason)
	}
	_, err := PreviewDates(at("2026-04-30T00:00:00Z"), at("2026-05-01"), 12)
	refused(t, err, ReasonStartTooEarly)
}

// An account that was named by mistake is nobody else's until AWS has cancelled its invitation: it may yet be accepted.
func TestAMistakenAccountIsHeld(t *testing.T) {
	c := invited(t)
	wrong, right := c.AccountID, "444455556666"
	if _, err := Correct(c, right); err != nil {
		t.Fatal(err)
	}
	if held := AccountsHeld(c); !slices.Equal(held, []string{right, wrong}) {
		t.Errorf("it holds %v", held)
	}
	c.Observe(saw(Canceled), now())
	if held := AccountsHeld(c); !slices.Equal(held, []string{right}) {
		t.Errorf("after the cancellation it holds %v", held)
	}
}

// TestChosenStart: the month that the customer chose with its order is asked for as long as it can be accepted in time, below the lead too.
func TestChosenStart(t *testing.T) {
	for name, tt := range map[string]struct{ chosen, now, want string }{
		"it is later than the earliest": {"2027-02-01", "2026-12-10", "2027-02-01"},
		"it leaves less than the lead":  {"2027-01-01", "2026-12-29", "2027-01-01"},
		"it cannot be accepted in time": {"2027-01-01", "2026-12-31", "2027-02-01"},
	} {
		t.Run(name, func(t *testing.T) {
			c := fresh(t)
			c.Policy.MinimumLead, c.ChosenStart = 3*day, at(tt.chosen)
			facts := c.Invite(at(tt.now))
			if slips := len(facts) == 2 && facts[1].Name == FactStartPostponed; slips == (tt.chosen == tt.want) {
				t.Errorf("told %v", names(facts))
			}
			if got := c.Current().StartAt; !got.Equal(at(tt.want)) {
				t.Errorf("AWS is asked for %s", got)
			}
			if _, err := c.Reinvite(time.Time{}, at(tt.now)); err != nil || !c.Current().StartAt.Equal(at(tt.want)) {
				t.Errorf("invited again, AWS is asked for %s, %v", c.Current().StartAt, err)
			}
		})
	}
	for chosen, reason := range map[string]string{
		"2027-02-01": "", "2026-12-01": "", "2027-03-01": ReasonStartTooLate, "2027-02-02": ReasonStartNotFirstOfMonth,
	} {
		err := ChooseStart(at(chosen), at("2026-12-10"))
		if reason == "" {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		refused(t, err, reason)
	}
}
