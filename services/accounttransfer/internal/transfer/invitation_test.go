package transfer

import (
	"testing"
	"time"

	"example.com/handover/pkg/fact"
)

func TestPrepare(t *testing.T) {
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
			tr := fresh(t)
			must(t)(tr.Validated(now()))
			facts := must(t)(tr.Prepare(at(tt.now)))
			inv := tr.Current()
			if !inv.StartAt.Equal(at(tt.start)) || !inv.AcceptBy.Equal(at(tt.acceptBy)) || inv.Name != "trf_1-1" {
				t.Fatalf("got %+v", inv)
			}
			wantNames(t, facts, FactInvitationPrepared)
			if !facts[0].Private {
				t.Fatal("an intent is nobody else's business")
			}
		})
	}
	t.Run("an intent is kept once", func(t *testing.T) {
		_, err := asked(t).Prepare(now())
		refused(t, err, ReasonStateRefuses)
	})
}

func TestAnswered(t *testing.T) {
	t.Run("XFR-BT-01 the invitation is out and the customer must accept", func(t *testing.T) {
		tr := asked(t)
		facts := must(t)(tr.Answered(1, answer("rt-1"), now()))
		wantNames(t, facts, FactInvitationRequested, FactStepCompleted, FactStepOpened)
		if w := tr.Waiting(); w.Owner != Customer || w.StepKey != "accept-invitation" || !w.Until.Equal(at("2026-11-29T23:59:59Z")) {
			t.Fatalf("got %+v", w)
		}
		if _, err := tr.Answered(1, answer("rt-2"), now()); err == nil || tr.Current().AWSTransferID != "rt-1" {
			t.Fatal("answered twice")
		}
	})
	t.Run("AWS's start beats ours", func(t *testing.T) {
		tr, a := asked(t), answer("rt-1")
		a.StartAt, a.ExpiresAt = at("2027-01-01"), at("2027-01-05")
		must(t)(tr.Answered(1, a, now()))
		if inv := tr.Current(); !inv.StartAt.Equal(a.StartAt) || !inv.AcceptBy.Equal(at("2026-12-30T23:59:59Z")) {
			t.Fatalf("got %+v", inv)
		}
	})
	t.Run("an invitation that expires before the last second for its start is to be accepted before", func(t *testing.T) {
		tr, a := asked(t), answer("rt-1")
		a.StartAt, a.ExpiresAt = at("2027-01-01"), at("2026-12-07T12:00:00Z")
		must(t)(tr.Answered(1, a, now()))
		if last := at("2026-12-07T11:59:59Z"); !tr.Current().AcceptBy.Equal(last) || !tr.Waiting().Until.Equal(last) {
			t.Fatalf("got %+v", tr.Current())
		}
	})
}

func TestRefused(t *testing.T) {
	t.Run("who can mend it is asked to", func(t *testing.T) {
		tr := asked(t)
		facts := must(t)(tr.Refused(1, Judge("PAST_DUE_INVOICE"), now()))
		wantNames(t, facts, FactInvitationRefused, FactStepFailed)
		w := tr.Waiting()
		if w.Owner != Customer || w.StepKey != "send-invitation" || tr.State != InProgress || tr.Current().State != Refused {
			t.Fatalf("got %+v %s", w, tr.State)
		}
		if a := NextAction(tr, now()); a.Kind != None {
			t.Fatalf("at once again: %+v", a)
		}
		if a := NextAction(tr, now().Add(day)); a.Kind != Invite {
			t.Fatalf("a day later: %+v", a)
		}
	})
	t.Run("however often somebody asks, AWS is not asked again before a pause has passed", func(t *testing.T) {
		tr := asked(t)
		must(t)(tr.Refused(1, Judge("PAST_DUE_INVOICE"), now()))
		for range 3 {
			must(t)(tr.AskCheck())
			a := NextAction(tr, now().Add(pause-time.Second))
			if a.Kind != None || !Next(tr).Equal(immediately) {
				t.Fatalf("too soon: %+v at %v", a, Next(tr))
			}
			must(t)(tr.Tick(a, now()))
			if tr.looking() {
				t.Fatal("the look is not served")
			}
		}
		must(t)(tr.AskCheck())
		if a := NextAction(tr, now().Add(pause)); a.Kind != Invite {
			t.Fatalf("after the pause: %+v", a)
		}
		must(t)(tr.RetryStep("send-invitation", operator(), now()))
		if a := NextAction(tr, now()); a.Kind != Invite {
			t.Fatalf("when Operations retries: %+v", a)
		}
	})
	t.Run("only the newest refusals are kept, and no number is given twice", func(t *testing.T) {
		tr := asked(t)
		for attempt := 1; attempt <= 3*kept; attempt++ {
			must(t)(tr.Refused(attempt, Judge("PAST_DUE_INVOICE"), now()))
			if n := len(tr.Invitations); n != min(attempt, kept) || tr.Current().Attempt != attempt {
				t.Fatalf("after attempt %d %d are kept, the last is %+v", attempt, n, tr.Current())
			}
			must(t)(tr.Prepare(now()))
		}
	})
	t.Run("the next try is another attempt, and the tries become rarer", func(t *testing.T) {
		tr, when := asked(t), now()
		for attempt := 1; attempt < 12; attempt++ {
			must(t)(tr.Refused(attempt, Judge("PAST_DUE_INVOICE"), when))
			next := step(t, tr, "send-invitation").Blocked.RetryAt
			if want := min(time.Duration(attempt), 7) * day; next.Sub(when) != want {
				t.Fatalf("attempt %d: again after %v, want %v", attempt, next.Sub(when), want)
			}
			when = next
			must(t)(tr.Prepare(when))
			if inv := tr.Current(); inv.Attempt != attempt+1 || inv.Name != "trf_1-"+number(attempt+1) {
				t.Fatalf("got %+v", inv)
			}
		}
	})
	t.Run("a reason of Operations, and one that nobody knows", func(t *testing.T) {
		for _, reason := range []string{"RESPONSIBILITY_TRANSFER_MAX_INBOUND_QUOTA_VIOLATION", "SOMETHING_NEW"} {
			tr := asked(t)
			must(t)(tr.Refused(1, Judge(reason), now()))
			if w := tr.Waiting(); w.Owner != Reseller || tr.Current().Error.Reason != reason {
				t.Fatalf("%s: got %+v", reason, w)
			}
		}
	})
	t.Run("a start that has become too early moves to the next month, but not for ever", func(t *testing.T) {
		tr := asked(t)
		must(t)(tr.Refused(1, Judge("START_DATE_TOO_EARLY"), now()))
		if a := NextAction(tr, now()); a.Kind != Invite {
			t.Fatalf("got %+v", a)
		}
		must(t)(tr.Prepare(now()))
		if inv := tr.Current(); !inv.StartAt.Equal(at("2027-01-01")) {
			t.Fatalf("got %+v", inv)
		}
		must(t)(tr.Refused(2, Judge("START_DATE_TOO_EARLY"), now()))
		if a := NextAction(tr, now()); a.Kind != None || tr.Waiting().Owner != Reseller {
			t.Fatalf("got %+v, %+v", a, tr.Waiting())
		}
	})
}

func TestLostAnswer(t *testing.T) {
	t.Run("it is looked up before anything else", func(t *testing.T) {
		tr := asked(t)
		if a := NextAction(tr, now()); a.Kind != LookUpInvitation || a.Name != "trf_1-1" || !Next(tr).Equal(immediately) {
			t.Fatalf("got %+v at %v", a, Next(tr))
		}
	})
	t.Run("AWS has it: it is taken over", func(t *testing.T) {
		tr := asked(t)
		facts := must(t)(tr.LookedUp(1, &Found{Answer: answer("rt-1"), Name: "trf_1-1", Status: Requested}, now()))
		wantNames(t, facts, FactInvitationRequested, FactStepCompleted, FactStepOpened)
	})
	t.Run("AWS has it and the customer has accepted it meanwhile", func(t *testing.T) {
		tr := asked(t)
		must(t)(tr.LookedUp(1, &Found{Answer: answer("rt-1"), Name: "trf_1-1", Status: Accepted}, now()))
		if tr.Current().State != Accepted || step(t, tr, "create-relationship").State != Open {
			t.Fatal(dump(t, tr))
		}
	})
	t.Run("AWS has none, or somebody else's: it goes out again under another name", func(t *testing.T) {
		for _, found := range []*Found{nil, {Answer: answer("rt-7"), Name: "trf_9-1", Status: Requested}} {
			tr := asked(t)
			wantNames(t, must(t)(tr.LookedUp(1, found, now())), FactInvitationPrepared)
			if a := NextAction(tr, now()); a.Kind != Invite {
				t.Fatalf("got %+v", a)
			}
			must(t)(tr.Prepare(now()))
			if inv := tr.Current(); inv.Attempt != 2 || inv.Name != "trf_1-2" || len(tr.Invitations) != 1 {
				t.Fatalf("got %+v", inv)
			}
		}
	})
	t.Run("the first request arrives after all: it is taken over under the name it has", func(t *testing.T) {
		late := &Found{Answer: answer("rt-1"), Name: "trf_1-1", Status: Requested}
		for name, settle := range map[string]func(*Transfer) ([]fact.Fact, error){
			"found when the second is refused": func(tr *Transfer) ([]fact.Fact, error) { return tr.Duplicated(2, late, now()) },
			"found when the second is lost":    func(tr *Transfer) ([]fact.Fact, error) { return tr.LookedUp(2, late, now()) },
		} {
			tr := asked(t)
			must(t)(tr.LookedUp(1, nil, now()))
			must(t)(tr.Prepare(now()))
			must(t)(settle(tr))
			if inv := tr.Current(); inv.State != Requested || inv.AWSTransferID != "rt-1" || inv.Name != "trf_1-1" || len(tr.Invitations) != 1 {
				t.Fatalf("%s: got %+v", name, inv)
			}
		}
	})
	t.Run("what surely was not sent goes out again as it was", func(t *testing.T) {
		tr := asked(t)
		if facts := must(t)(tr.NotSent(1, now())); facts != nil {
			t.Fatalf("nothing has happened, but %v", names(facts))
		}
		if a := NextAction(tr, now()); a.Kind != Invite {
			t.Fatalf("got %+v", a)
		}
		must(t)(tr.Prepare(now()))
		if inv := tr.Current(); inv.Attempt != 1 || len(tr.Invitations) != 1 {
			t.Fatalf("got %+v", inv)
		}
	})
	t.Run("found out too late for its start, it goes out for the next", func(t *testing.T) {
		tr := asked(t)
		late := at("2026-11-30T00:00:00Z")
		must(t)(tr.LookedUp(1, nil, late))
		wantNames(t, must(t)(tr.Prepare(late)), FactInvitationPrepared)
		if inv := tr.Current(); !inv.StartAt.Equal(at("2027-01-01")) {
			t.Fatalf("got %+v", inv)
		}
	})
}

func TestDuplicated(t *testing.T) {
	t.Run("XFR-BT-17 our own invitation is taken over", func(t *testing.T) {
		tr := asked(t)
		must(t)(tr.Duplicated(1, &Found{Answer: answer("rt-1"), Name: "trf_1-1", Status: Requested}, now()))
		if tr.Current().State != Requested || len(tr.Invitations) != 1 {
			t.Fatal(dump(t, tr))
		}
	})
	for name, found := range map[string]*Found{
		"somebody else's": {Answer: answer("rt-7"), Name: "trf_9-1", Status: Requested}, "one that AWS does not show": nil,
	} {
		t.Run("XFR-BT-17 XFR-BT-18 Operations must end "+name, func(t *testing.T) {
			tr := asked(t)
			must(t)(tr.Duplicated(1, found, now()))
			if w := tr.Waiting(); w.Owner != Reseller || w.What == "" || tr.Current().Error.Reason != DuplicateInvitation {
				t.Fatalf("got %+v", w)
			}
		})
	}
	t.Run("XFR-BT-17 an earlier one of ours is cancelled first", func(t *testing.T) {
		tr := invited(t)
		must(t)(tr.Observe(saw(Canceled), now())) // AWS said so
		must(t)(tr.RetryStep("send-invitation", operator(), now()))
		must(t)(tr.Prepare(now()))
		over := clone(t, tr)
		must(t)(over.Duplicated(2, &Found{Answer: answer("rt-1"), Name: "trf_1-1", Status: Expired}, now()))
		if w := over.Waiting(); w.Owner != Reseller || over.outstanding() != nil {
			t.Fatalf("what is over cannot be cancelled: %+v", w)
		}
		must(t)(tr.Duplicated(2, &Found{Answer: answer("rt-1"), Name: "trf_1-1", Status: Requested}, now()))
		if a := NextAction(tr, now()); a.Kind != CancelInvitation || a.AWSTransferID != "rt-1" {
			t.Fatalf("got %+v", a)
		}
		must(t)(tr.CancelSent(1, now()))
		must(t)(tr.Observe(saw(Canceled), now()))
		if a := NextAction(tr, now()); a.Kind != Invite || tr.Current().Attempt != 2 {
			t.Fatalf("got %+v", a)
		}
	})
}
