package connection

import (
	"testing"
	"time"

	"example.com/handover/services/accounttransfer/internal/process"
)

func TestInvite(t *testing.T) {
	tests := []struct {
		name, now, start, acceptBy string
	}{
		{"XFR-BT-12 seven days left", "2026-11-22T12:00:00Z", "2026-12-01T00:00:00Z", "2026-11-29T23:59:59Z"},
		{"14 hours left are too few", "2026-11-29T10:00:00Z", "2027-01-01T00:00:00Z", "2026-12-30T23:59:59Z"},
		{"exactly three days left are too few", "2026-11-27T00:00:00Z", "2027-01-01T00:00:00Z", "2026-12-30T23:59:59Z"},
		{"a second more is enough", "2026-11-26T23:59:59Z", "2026-12-01T00:00:00Z", "2026-11-29T23:59:59Z"},
		{"a leap year", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z", "2028-02-28T23:59:59Z"},
		{"the year changes", "2026-12-15T09:00:00Z", "2027-01-01T00:00:00Z", "2026-12-30T23:59:59Z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := fresh(t)
			_, facts := ask(t, c, at(tt.now))
			inv := c.Current()
			if !inv.StartAt.Equal(at(tt.start)) || !inv.AcceptBy.Equal(at(tt.acceptBy)) || inv.Name != "trf_1-1" {
				t.Fatalf("got %+v", inv)
			}
			told(t, facts, FactInvitationPrepared)
			if !facts[0].Private {
				t.Fatal("an intent is nobody else's business")
			}
		})
	}
}

func TestInviteWanted(t *testing.T) {
	for name, c := range map[string]*Connection{
		"nothing is demanded":       func() *Connection { c := fresh(t); c.Demand(nil); return c }(),
		"the account is not known":  func() *Connection { c := fresh(t); ForgetAccount(c); return c }(),
		"AWS may have one":          asked(t),
		"AWS has one":               invited(t),
		"the customer has accepted": bound(t),
		"the journey ends":          func() *Connection { c := fresh(t); c.Stop(now()); return c }(),
		"it is a cancelled one's turn": func() *Connection {
			c := invited(t)
			if _, err := c.Reinvite(at("2027-01-01"), now()); err != nil {
				t.Fatal(err)
			}
			return c
		}(),
	} {
		if wants := InviteWanted(c); len(wants) != 0 {
			t.Errorf("%s: got %+v", name, wants)
		}
	}
	if wants := InviteWanted(fresh(t)); len(wants) != 1 || wants[0].Subject != "1" || !due(wants, now()) {
		t.Errorf("the first: got %+v", wants)
	}
}

func TestAnswered(t *testing.T) {
	t.Run("XFR-BT-01 the invitation is out and the customer must accept", func(t *testing.T) {
		c := invited(t)
		for _, r := range c.Reports() {
			switch r.Condition {
			case AccountValid, InvitationSent:
				if !r.Met {
					t.Errorf("%s is not met", r.Condition)
				}
			case InvitationAccepted:
				if r.Met || !r.Until.Equal(at("2026-11-29T23:59:59Z")) {
					t.Errorf("got %+v", r)
				}
			default:
				if r.Met {
					t.Errorf("%s is met", r.Condition)
				}
			}
		}
		if facts := Answered(c, "1", answer("rt-2"), now()); facts != nil || c.Current().AWSTransferID != "rt-1" {
			t.Fatal("answered twice")
		}
	})
	tests := []struct{ name, start, expires, acceptBy string }{
		{"AWS's start beats ours", "2027-01-01", "2027-01-05T00:00:00Z", "2026-12-30T23:59:59Z"},
		{
			"one that expires before the last second for its start is to be accepted before", "2027-01-01", "2026-12-07T12:00:00Z",
			"2026-12-07T11:59:59Z",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, a := asked(t), answer("rt-1")
			a.StartAt, a.ExpiresAt = at(tt.start), at(tt.expires)
			heard(c, "1")
			Answered(c, "1", a, now())
			if inv := c.Current(); !inv.StartAt.Equal(a.StartAt) || !inv.AcceptBy.Equal(at(tt.acceptBy)) {
				t.Fatalf("got %+v", inv)
			}
		})
	}
	t.Run("AWS says when it was sent", func(t *testing.T) {
		c, a := asked(t), answer("rt-1")
		a.RequestedAt = now().Add(-time.Minute)
		heard(c, "1")
		if Answered(c, "1", a, now()); !c.Current().RequestedAt.Equal(a.RequestedAt) {
			t.Fatalf("got %+v", c.Current())
		}
	})
}

// sendReport is what is known of the invitation's being sent.
func sendReport(c *Connection) process.Report {
	for _, r := range c.Reports() {
		if r.Condition == InvitationSent {
			return r
		}
	}
	return process.Report{}
}

func TestInviteRefused(t *testing.T) {
	refuse := func(c *Connection, attempt, reason string, when time.Time) {
		heard(c, attempt)
		InviteRefused(c, attempt, Judge(reason), when)
	}
	t.Run("who can mend it is asked to", func(t *testing.T) {
		c := asked(t)
		heard(c, "1")
		facts := InviteRefused(c, "1", Judge("PAST_DUE_INVOICE"), now())
		told(t, facts, FactInvitationRefused)
		if f := facts[0]; f.Reason != "PAST_DUE_INVOICE" || f.Audience != "OPERATOR" || f.Details["owner"] != "CUSTOMER" {
			t.Errorf("told is %+v", f)
		}
		if r := sendReport(c); r.Met || r.Failure.Code != CodeAccountNotEligible || r.Blocked.Owner != process.Customer ||
			!r.Blocked.RetryAt.Equal(now().Add(day)) {
			t.Fatalf("got %+v", r)
		}
		if c.State != Proposed || c.Current().State != Refused || due(InviteWanted(c), now()) || !due(InviteWanted(c), now().Add(day)) {
			t.Fatalf("got %s, wanted %+v", c.State, InviteWanted(c))
		}
	})
	t.Run("however often somebody asks, AWS is not asked again before a pause has passed", func(t *testing.T) {
		c := asked(t)
		refuse(c, "1", "PAST_DUE_INVOICE", now())
		for range 3 {
			if _, err := c.AskCheck(); err != nil {
				t.Fatal(err)
			}
			if due(InviteWanted(c), now().Add(pause-time.Second)) || !due(InviteWanted(c), now().Add(pause)) {
				t.Fatalf("got %+v", InviteWanted(c))
			}
		}
		c.Retry(InvitationSent)
		if !due(InviteWanted(c), now()) {
			t.Fatalf("when Operations retries: %+v", InviteWanted(c))
		}
	})
	t.Run("a look that was served does not shorten the next wait", func(t *testing.T) {
		c := asked(t)
		if _, err := c.AskCheck(); err != nil {
			t.Fatal(err)
		}
		if refuse(c, "1", "PAST_DUE_INVOICE", now()); due(InviteWanted(c), now().Add(pause)) {
			t.Fatalf("got %+v", InviteWanted(c))
		}
	})
	t.Run("only the newest refusals are kept, and no number is given twice", func(t *testing.T) {
		c, when := fresh(t), now()
		for n := 1; n <= 3*kept; n++ {
			attempt, _ := ask(t, c, when)
			refuse(c, attempt, "PAST_DUE_INVOICE", when)
			if len(c.Invitations) != min(n, kept) || c.Current().Attempt != n || attempt != number(n) {
				t.Fatalf("after attempt %d %d are kept, the last is %+v", n, len(c.Invitations), c.Current())
			}
			when = when.Add(7 * day)
		}
	})
	t.Run("the tries become rarer, up to a week", func(t *testing.T) {
		c, when := fresh(t), now()
		for n := 1; n < 12; n++ {
			attempt, _ := ask(t, c, when)
			if c.Current().Name != "trf_1-"+number(n) {
				t.Fatalf("got %+v", c.Current())
			}
			refuse(c, attempt, "PAST_DUE_INVOICE", when)
			next := c.Blocks[InvitationSent].RetryAt
			if want := min(time.Duration(n), 7) * day; next.Sub(when) != want {
				t.Fatalf("attempt %d: again after %v, want %v", n, next.Sub(when), want)
			}
			when = next
		}
	})
	t.Run("a reason of Operations, and one that nobody knows", func(t *testing.T) {
		for reason, again := range map[string]bool{"RESPONSIBILITY_TRANSFER_MAX_INBOUND_QUOTA_VIOLATION": true, "SOMETHING_NEW": false} {
			c := asked(t)
			refuse(c, "1", reason, now())
			if r := sendReport(c); r.Blocked.Owner != process.Reseller || c.Current().Error.Reason != reason ||
				due(InviteWanted(c), now().Add(400*day)) != again {
				t.Fatalf("%s: got %+v", reason, r)
			}
		}
	})
	t.Run("a start that has become too early moves to the next month, but not for ever", func(t *testing.T) {
		c := asked(t)
		refuse(c, "1", "START_DATE_TOO_EARLY", now())
		attempt, _ := ask(t, c, now())
		if inv := c.Current(); attempt != "2" || !inv.StartAt.Equal(at("2027-01-01")) || inv.Supersedes != 1 {
			t.Fatalf("got %+v", inv)
		}
		refuse(c, "2", "START_DATE_TOO_EARLY", now())
		if r := sendReport(c); len(InviteWanted(c)) != 1 || due(InviteWanted(c), now().Add(day)) || r.Blocked.Owner != process.Reseller {
			t.Fatalf("got %+v, %+v", InviteWanted(c), r)
		}
	})
	t.Run("while the journey ends, a refusal is the end", func(t *testing.T) {
		c := asked(t)
		c.Stop(now())
		if refuse(c, "1", "PAST_DUE_INVOICE", now()); c.State != Ended || c.EndReason != NotEstablished {
			t.Fatalf("got %s %s", c.State, c.EndReason)
		}
	})
	t.Run("another attempt's refusal changes nothing", func(t *testing.T) {
		c := invited(t)
		before := dump(t, c)
		if refuse(c, "1", "PAST_DUE_INVOICE", now()); dump(t, c) != before {
			t.Fatal("it was sent")
		}
		if refuse(c, "7", "PAST_DUE_INVOICE", now()); dump(t, c) != before {
			t.Fatal("there is none")
		}
	})
}
