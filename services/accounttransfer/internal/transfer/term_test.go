package transfer

import (
	"slices"
	"testing"
	"time"
)

func TestTermIsSent(t *testing.T) {
	t.Run("XFR-BT-03 at once after the acceptance, once the relationship is there", func(t *testing.T) {
		tr := agreed(t)
		if step(t, tr, "send-service-term").State != Pending {
			t.Fatal("there is nothing to put a term on yet")
		}
		done := world{}.rest(t, tr, now())
		if want := []ActionKind{Create, Create, Create}; !slices.Equal(done[:3], want) {
			t.Fatalf("got %v", done)
		}
		if term := tr.Term(); term.State != TermPending || term.Attempt != 1 || step(t, tr, "accept-service-term").State != Open {
			t.Fatalf("got %+v", term)
		}
	})
	for _, tt := range []struct{ name, now, end, commitment string }{
		{"BIL-002 AWS enforces a year, the commitment is twelve cycles", "2026-11-22T12:00:00.5Z", "2027-11-22T12:00:00Z", "2027-12-01T00:00:00Z"},
		{"sent late, AWS enforces all that is left of the commitment", "2027-03-01T00:00:00Z", "2027-12-01T00:00:00Z", "2027-12-01T00:00:00Z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tr := agreed(t)
			create(t, tr, RelationshipCreated, now())
			must(t)(tr.Intend(TermSent, at(tt.now)))
			if term := tr.Term(); !term.EndAt.Equal(at(tt.end)) || !term.CommitmentEnd.Equal(at(tt.commitment)) {
				t.Fatalf("got %v and %v", term.EndAt, term.CommitmentEnd)
			}
		})
	}
	t.Run("without a relationship somebody must decide", func(t *testing.T) {
		tr := agreed(t)
		must(t)(tr.SkipStep("create-relationship", "made by hand", operator(), now()))
		world{}.rest(t, tr, now())
		if s := step(t, tr, "send-service-term"); s.State != Broken || s.Blocked.Owner != Reseller {
			t.Fatalf("got %+v", s)
		}
	})
}

func TestCreations(t *testing.T) {
	for _, c := range creations() {
		before := func(t *testing.T) *Transfer {
			t.Helper()
			tr := agreed(t)
			if c == TermSent {
				create(t, tr, RelationshipCreated, now())
			}
			return tr
		}
		t.Run(string(c)+" is looked up before it is repeated, and repeated as it was", func(t *testing.T) {
			tr := before(t)
			must(t)(tr.Intend(c, now()))
			if a := NextAction(tr, now()); a.Kind != LookUpCreation || a.Completes != c {
				t.Fatalf("got %+v", a)
			}
			sent := *tr.Creation(c)
			must(t)(tr.NotCreated(c))
			must(t)(tr.Intend(c, now().Add(time.Hour)))
			if again := *tr.Creation(c); again != sent {
				t.Fatalf("got %+v, was %+v", again, sent)
			}
			must(t)(tr.Created(c, "id-1", now()))
			if made := tr.Creation(c); made.ID != "id-1" || made.Asked || tr.stepFor(c).State != Done {
				t.Fatalf("got %+v", made)
			}
		})
		t.Run(string(c)+" refused fails its step until Operations retries", func(t *testing.T) {
			tr := before(t)
			must(t)(tr.Intend(c, now()))
			must(t)(tr.CreationRefused(c, JudgeCreation("BUSINESS_VALIDATION_FAILED"), now()))
			s := tr.stepFor(c)
			if s.State != Broken || s.Blocked.Owner != Reseller || tr.work(c) != s {
				t.Fatalf("got %+v", s)
			}
			for _, a := range (world{}).rest(t, tr, now().Add(30*day)) {
				if a == LookUpCreation {
					t.Fatal("there is nothing to look up")
				}
			}
			must(t)(tr.RetryStep(s.Key, operator(), now()))
			if timers := tr.creationTimers(); timers[len(timers)-1].kind != Create {
				t.Fatalf("got %+v", timers)
			}
		})
	}
	t.Run("a payer without a program management account is Operations' to mend, and is tried again by itself", func(t *testing.T) {
		tr := agreed(t)
		wantNames(t, must(t)(tr.CreationRefused(RelationshipCreated, NoProgramAccount(), now())), FactStepFailed)
		if facts := must(t)(tr.CreationRefused(RelationshipCreated, NoProgramAccount(), now().Add(day))); facts != nil {
			t.Fatalf("no news, but %v", names(facts))
		}
		s := step(t, tr, "create-relationship")
		if s.Failure.Code != CodePayerRefused || !s.Blocked.RetryAt.Equal(now().Add(2*day)) {
			t.Fatalf("got %+v", s.Blocked)
		}
	})
}

func TestTermAnswered(t *testing.T) {
	t.Run("XFR-BT-07 ORD-030 accepted, the roles are next", func(t *testing.T) {
		tr := proposed(t)
		facts := must(t)(tr.ObserveTerm(TermSeen{HandshakeID: "ch-1", Status: TermAgreed, EndAt: at("2027-11-22")}, now()))
		wantNames(t, facts, FactTermAccepted, FactStepCompleted, FactStepOpened)
		if term := tr.Term(); !term.EndAt.Equal(at("2027-11-22")) || !term.RespondedAt.Equal(now()) {
			t.Fatalf("AWS's word beats ours: %+v", term)
		}
	})
	for _, state := range []TermState{TermRejected, TermExpired, TermCanceled} {
		t.Run("not accepted, Operations sends another or goes on without: "+string(state), func(t *testing.T) {
			tr := proposed(t)
			facts := must(t)(tr.ObserveTerm(TermSeen{HandshakeID: "ch-1", Status: state}, now()))
			wantNames(t, facts, FactTermRefused, FactStepFailed)
			if s := step(t, tr, "send-service-term"); s.Failure.Code != CodeTermRefused || s.Blocked.Owner != Reseller {
				t.Fatalf("got %+v", s)
			}
			if step(t, tr, "accept-service-term").State != Pending {
				t.Fatal("the customer is asked to accept what is over")
			}
			without := clone(t, tr)
			must(t)(tr.RetryStep("send-service-term", operator(), now()))
			create(t, tr, TermSent, now())
			if term := tr.Term(); term.Attempt != 2 || term.Token == tr.Terms[0].Token || step(t, tr, "accept-service-term").State != Open {
				t.Fatalf("got %+v", term)
			}
			must(t)(without.SkipStep("send-service-term", "agreed on paper", operator(), now()))
			if step(t, without, "accept-service-term").State != Skipped || step(t, without, "deploy-roles").State != Open {
				t.Fatal(dump(t, without))
			}
		})
	}
	t.Run("one that AWS has forgotten has expired", func(t *testing.T) {
		tr := proposed(t)
		if facts := must(t)(tr.ObserveTerm(TermSeen{HandshakeID: "ch-1"}, now().Add(longestListed))); facts != nil {
			t.Fatalf("told too early: %v", names(facts))
		}
		wantNames(t, must(t)(tr.ObserveTerm(TermSeen{HandshakeID: "ch-1"}, now().Add(longestListed+day))), FactTermRefused, FactStepFailed)
		if tr.Term().State != TermExpired {
			t.Fatalf("got %+v", tr.Term())
		}
	})
}

func TestTermIsPolled(t *testing.T) {
	tr := proposed(t)
	quiet := world{term: TermPending}
	quiet.rest(t, tr, now())
	var looks []time.Time
	for when := now(); when.Before(now().Add(10 * day)); when = Next(tr) {
		if slices.Contains(quiet.rest(t, tr, when), CheckTerm) {
			looks = append(looks, when)
		}
	}
	if first := looks[0].Sub(now()); first != shortestBeat {
		t.Errorf("the first look came after %v", first)
	}
	for i := range looks[1:] {
		if gap := looks[i+1].Sub(looks[i]); gap < shortestBeat || gap > longestBeat {
			t.Errorf("%v between two looks", gap)
		}
	}
	t.Run("XFR-BT-06 look now looks at everything that is waited for", func(t *testing.T) {
		when := now().Add(10 * day)
		must(t)(tr.AskCheck())
		if done := quiet.rest(t, tr, when); !slices.Contains(done, CheckTerm) || !slices.Contains(done, CheckInvitation) {
			t.Fatalf("got %v", done)
		}
		if tr.looking() || tr.Served != nil {
			t.Fatal("the look is not done")
		}
	})
}
