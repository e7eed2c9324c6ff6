package transfer

import (
	"testing"
	"time"
)

// follow goes through the polls of an outstanding invitation and returns the times between them.
func follow(t *testing.T, tr *Transfer, until time.Time) (times []time.Time) {
	t.Helper()
	for when := now(); when.Before(until); {
		next := Next(tr)
		if !next.After(when) {
			t.Fatalf("at %v the next time is %v", when, next)
		}
		when = next
		if NextAction(tr, when).Kind == CheckInvitation {
			must(t)(tr.Observe(saw(Requested), when))
			times = append(times, when)
		}
		must(t)(tr.Tick(Action{}, when))
	}
	return times
}

func TestPolls(t *testing.T) {
	tr := invited(t)
	world{}.rest(t, tr, now())
	polls := follow(t, tr, now().Add(20*day))
	last := now()
	for _, p := range polls {
		if d := p.Sub(last); d > longestBeat {
			t.Errorf("%v passed without a look before %v", d, p)
		}
		last = p
	}
	if first := polls[0].Sub(now()); first != shortestBeat {
		t.Errorf("the first look came after %v", first)
	}
	if len(polls) > 130 {
		t.Errorf("%d looks in 20 days", len(polls))
	}
	for _, turn := range []time.Time{at("2026-11-30T00:00:00Z"), now().Add(15 * day)} {
		found := false
		for _, p := range polls {
			found = found || p.Equal(turn)
		}
		if !found {
			t.Errorf("no look at %v", turn)
		}
	}
}

func TestLookNow(t *testing.T) {
	t.Run("XFR-BT-06 an outstanding invitation is looked at", func(t *testing.T) {
		tr := invited(t)
		world{}.rest(t, tr, now())
		must(t)(tr.AskCheck())
		a := NextAction(tr, now())
		if a.Kind != CheckInvitation || a.AWSTransferID != "rt-1" || !Next(tr).Equal(immediately) {
			t.Fatalf("got %+v at %v", a, Next(tr))
		}
		must(t)(tr.AskCheck()) // meanwhile
		must(t)(tr.Observe(saw(Requested), now()))
		must(t)(tr.Tick(a, now()))
		if NextAction(tr, now()).Kind != CheckInvitation {
			t.Fatal("the second request was lost")
		}
		must(t)(tr.Tick(NextAction(tr, now()), now()))
		if !Next(tr).After(now()) {
			t.Fatalf("still due at %v", Next(tr))
		}
	})
	t.Run("with nothing to look at it is over with the pass", func(t *testing.T) {
		s := subject()
		s.SourceAccountID = ""
		tr, _, err := New(template(t, BillingTransferNew), s, now())
		if err != nil {
			t.Fatal(err)
		}
		world{}.rest(t, tr, now())
		must(t)(tr.AskCheck())
		a := NextAction(tr, now())
		if a.Kind != None || !Next(tr).Equal(immediately) {
			t.Fatalf("got %+v at %v", a, Next(tr))
		}
		must(t)(tr.Tick(a, now()))
		if !Next(tr).After(now()) {
			t.Fatalf("still due at %v", Next(tr))
		}
	})
	t.Run("an account that did not pass is checked again", func(t *testing.T) {
		tr := fresh(t)
		must(t)(tr.Invalid(Judge("TARGET_ACCOUNT_VALIDATION_FAILURE"), now()))
		if NextAction(tr, now()).Kind != None {
			t.Fatal("at once again")
		}
		must(t)(tr.AskCheck())
		if NextAction(tr, now()).Kind != None || NextAction(tr, now().Add(pause)).Kind != Validate {
			t.Fatal("not after a pause when asked")
		}
	})
}

func TestWaiting(t *testing.T) {
	t.Run("what the customer can do comes first", func(t *testing.T) {
		if w := termed(t).Waiting(); w.Owner != Customer || w.StepKey != "deploy-roles" || !w.Until.Equal(now().Add(4*day)) {
			t.Fatalf("got %+v", w)
		}
	})
	t.Run("then what is due first", func(t *testing.T) {
		tr := agreed(t)
		if w := tr.Waiting(); w.Owner != Reseller || w.StepKey != "set-up-support-channel" {
			t.Fatalf("got %+v", w)
		}
	})
	t.Run("nobody outside is waited for while the suite is at work", func(t *testing.T) {
		if w := fresh(t).Waiting(); w != nil {
			t.Fatalf("got %+v", w)
		}
	})
	t.Run("a cancel waits for AWS, an end for nobody", func(t *testing.T) {
		tr := invited(t)
		must(t)(tr.CancelTransfer("no", operator(), now()))
		if w := tr.Waiting(); w.Owner != AWS {
			t.Fatalf("got %+v", w)
		}
		if w := in(t, Completed).Waiting(); w != nil {
			t.Fatalf("got %+v", w)
		}
	})
}

func TestEveryRefusalSaysWhoAndWhat(t *testing.T) {
	codes := map[string]bool{CodeAccountNotEligible: true, CodeAccountInvalid: true, CodePayerRefused: true}
	for reason := range refusals() {
		r := Judge(reason)
		if r.Reason != reason || r.Message == "" || r.Owner == "" || r.What == "" || r.Where == "" || !codes[r.Code] {
			t.Errorf("%s is not filled in: %+v", reason, r)
		}
		if !r.LaterStart && r.RetryAfter < day {
			t.Errorf("%s is tried again after %v", reason, r.RetryAfter)
		}
	}
	if r := Judge("SOMETHING_NEW"); r.Owner != Reseller || r.RetryAfter != 0 {
		t.Errorf("got %+v", r)
	}
}
