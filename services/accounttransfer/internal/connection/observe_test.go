package connection

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/services/accounttransfer/internal/process"
)

func TestObserve(t *testing.T) {
	t.Run("ORD-029 the acceptance binds from the start that AWS says", func(t *testing.T) {
		c := invited(t)
		facts := c.Observe(Observation{AWSTransferID: "rt-1", ARN: "arn:rt-1", Status: Accepted, StartAt: at("2027-01-01")}, now())
		told(t, facts, FactEffective)
		if c.State != Effective || !c.StartAt.Equal(at("2027-01-01")) || facts[0].Details["start"] != "2027-01-01T00:00:00Z" ||
			c.TransferARN() != "arn:rt-1" {
			t.Fatal(dump(t, c))
		}
	})
	for status, code := range map[InvitationState]string{Declined: CodeInvitationDeclined, Expired: CodeInvitationExpired} {
		t.Run("ORD-042 no acceptance fails the proposal for good: "+string(status), func(t *testing.T) {
			c := invited(t)
			c.Observe(saw(status), now())
			f := FinalFailure(c)
			if f == nil || f.Code != code || c.State != Proposed || len(InviteWanted(c)) != 1 || due(InviteWanted(c), now()) &&
				c.Current().State == Prepared {
				t.Fatal(dump(t, c))
			}
			c.Retry(InvitationAccepted)
			if FinalFailure(c) == nil {
				t.Fatal("a final refusal was taken back")
			}
		})
	}
	t.Run("the same again is no news", func(t *testing.T) {
		c, later := invited(t), now().Add(time.Hour)
		if facts := c.Observe(saw(Requested), later); facts != nil || !c.Current().CheckedAt.Equal(later) || !c.CheckedAt.Equal(later) {
			t.Fatalf("got %v", names(facts))
		}
	})
	t.Run("an unknown transfer is nobody's", func(t *testing.T) {
		c := invited(t)
		before := dump(t, c)
		c.Observe(Observation{AWSTransferID: "rt-77", Status: Accepted}, now())
		c.Observe(Observation{Status: Accepted}, now())
		if dump(t, c) != before {
			t.Fatal("it was taken for ours")
		}
	})
	t.Run("cancelled by somebody else waits for Operations", func(t *testing.T) {
		c := invited(t)
		told(t, c.Observe(saw(Canceled), now()), FactInvitationCanceled)
		r := sendReport(c)
		if r.Met || r.Failure.Code != CodeInvitationCanceled || r.Blocked.Owner != process.Reseller || due(InviteWanted(c), now().Add(400*day)) {
			t.Fatalf("got %+v, wanted %+v", r, InviteWanted(c))
		}
		if _, err := c.Reinvite(time.Time{}, now()); err != nil || !due(InviteWanted(c), now()) {
			t.Fatalf("got %v, wanted %+v", err, InviteWanted(c))
		}
	})
}

// TestEveryStateOfAWS goes through all pairs of our state of an invitation and what AWS says.
func TestEveryStateOfAWS(t *testing.T) {
	ours := map[InvitationState]func(testing.TB) *Connection{
		Requested: invited, Accepted: bound,
		Declined:  func(t testing.TB) *Connection { c := invited(t); c.Observe(saw(Declined), now()); return c },
		Canceled:  func(t testing.TB) *Connection { c := invited(t); c.Observe(saw(Canceled), now()); return c },
		Expired:   func(t testing.TB) *Connection { c := invited(t); c.Observe(saw(Expired), now()); return c },
		Withdrawn: func(t testing.TB) *Connection { c := bound(t); c.Observe(withdrawnAt("2027-01-01"), now()); return c },
	}
	follows := map[InvitationState][]InvitationState{
		Requested: {Accepted, Declined, Canceled, Expired, Withdrawn}, Accepted: {Withdrawn},
	}
	for state, start := range ours {
		for _, aws := range []InvitationState{Requested, Accepted, Declined, Canceled, Expired, Withdrawn} {
			c := start(t)
			if c.Current().State != state {
				t.Fatalf("wanted %s, got %s", state, c.Current().State)
			}
			want, before := state, c.State
			if slices.Contains(follows[state], aws) {
				want = aws
			}
			facts := c.Observe(saw(aws), now())
			if c.Current().State != want || (len(facts) > 0) != (want != state) {
				t.Errorf("%s, AWS says %s: got %s, told %v", state, aws, c.Current().State, names(facts))
			}
			if want == state && c.State != before {
				t.Errorf("%s, AWS says %s: the connection became %s", state, aws, c.State)
			}
		}
	}
}

func TestStartMoves(t *testing.T) {
	moved := Observation{AWSTransferID: "rt-1", Status: Accepted, StartAt: at("2027-01-01")}
	t.Run("AWS moves the start after the acceptance", func(t *testing.T) {
		c := bound(t)
		facts := c.Observe(moved, now())
		told(t, facts, FactStartMoved)
		if !c.StartAt.Equal(moved.StartAt) || !c.AcceptedInvitation().StartAt.Equal(moved.StartAt) ||
			facts[0].Details["start"] != "2027-01-01T00:00:00Z" {
			t.Fatal(dump(t, c))
		}
		if facts := c.Observe(moved, now()); facts != nil {
			t.Errorf("told twice: %v", names(facts))
		}
	})
	t.Run("not of one that ends, and not of an invitation", func(t *testing.T) {
		c := in(t, Ending)
		if facts := c.Observe(moved, now()); facts != nil || !c.StartAt.Equal(at("2026-12-01")) {
			t.Errorf("told %v", names(facts))
		}
		open := invited(t)
		if facts := open.Observe(Observation{AWSTransferID: "rt-1", Status: Requested, StartAt: at("2027-01-01")}, now()); facts != nil {
			t.Errorf("told %v", names(facts))
		}
	})
}

func TestWithdrawnInAWS(t *testing.T) {
	tests := []struct {
		name, end string
		from      func(testing.TB) *Connection
		state     State
		facts     []string
	}{
		{"XFR-BT-21 after the acceptance, with charges", "2027-01-01", bound, Ending, []string{FactEnding}},
		{"XFR-BT-21 before its start", "2026-12-01", bound, Ended, []string{FactEnding, FactEnded}},
		{"accepted and withdrawn between two looks", "2027-01-01", invited, Ending, []string{FactEffective, FactEnding}},
		{
			"accepted and withdrawn between two looks, before its start", "2026-12-01", invited, Ended,
			[]string{FactEffective, FactEnding, FactEnded},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := tt.from(t)
			told(t, c.Observe(withdrawnAt(tt.end), now()), tt.facts...)
			if c.State != tt.state || c.EndReason != WithdrawnInAWS || !c.EndAt.Equal(at(tt.end)) || !c.Current().EndsAt.Equal(at(tt.end)) {
				t.Fatal(dump(t, c))
			}
		})
	}
	t.Run("without a date it ends with the month", func(t *testing.T) {
		c := bound(t)
		c.Observe(saw(Accepted), at("2026-12-19"))
		c.Observe(saw(Withdrawn), at("2026-12-20"))
		if !c.EndAt.Equal(at("2027-01-01")) || c.State != Ending {
			t.Fatal(dump(t, c))
		}
	})
	t.Run("without a date, and found after the month, it ends with the month in which it was last seen", func(t *testing.T) {
		c := bound(t)
		c.Observe(saw(Accepted), at("2026-12-31T22:00:00Z"))
		c.Observe(saw(Withdrawn), at("2027-01-01T09:00:00Z"))
		if !c.EndAt.Equal(at("2027-01-01")) || c.State != Ended || c.Wanted()[0].Body.Key != "case.ending.unsure" {
			t.Fatal(dump(t, c))
		}
	})
	t.Run("people hear of an end that the suite did not bring about, until they have seen to it", func(t *testing.T) {
		c := bound(t)
		if wishes := c.Wanted(); wishes != nil {
			t.Fatalf("got %+v", wishes)
		}
		c.Observe(withdrawnAt("2027-01-01"), now())
		if got := keys(c); !slices.Equal(got, []string{"case/ending"}) {
			t.Fatalf("got %v", got)
		}
		c.Tick(at("2027-01-01"))
		if got := keys(c); !slices.Equal(got, []string{"case/ending"}) {
			t.Fatalf("after its end: got %v", got)
		}
		if got := keys(in(t, Ended)); !slices.Equal(got, []string{"case/ending"}) {
			t.Errorf("an end before the start: got %v", got)
		}
	})
}

func keys(c *Connection) []string {
	var all []string
	for _, w := range c.Wanted() {
		all = append(all, w.Key)
	}
	return all
}
