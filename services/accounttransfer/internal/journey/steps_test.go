package journey

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/contract"
	"example.com/handover/services/accounttransfer/internal/journey/templates"
	"example.com/handover/services/accounttransfer/internal/process"
)

func TestNew(t *testing.T) {
	existing, _ := templates.Find("billing-transfer-existing")
	t.Run("the first step opens, the others wait", func(t *testing.T) {
		tr, facts, err := New(existing, Subject{ID: "trf_1", AccountID: "111122223333"}, now())
		if err != nil {
			t.Fatal(err)
		}
		told(t, facts, FactCreated, process.FactStepOpened)
		for i, s := range tr.Steps {
			if want := map[bool]process.StepState{true: process.Open, false: process.Pending}[i == 0]; s.State != want {
				t.Errorf("%s is %s", s.Key, s.State)
			}
		}
		if tr.SupportModel != Resold || tr.Kind != templates.BillingTransfer {
			t.Errorf("got %+v", tr)
		}
	})
	for _, id := range []string{"", "11112222333", "11112222333x"} {
		t.Run("an existing organization needs its account: "+id, func(t *testing.T) {
			_, _, err := New(existing, Subject{AccountID: id}, now())
			refused(t, err, process.ReasonAccountIDInvalid)
		})
	}
	t.Run("ORD-025 a new organization names it in its first step", func(t *testing.T) {
		l := begin(t, "billing-transfer-new", "")
		if w := l.tr.Waiting(); w.Owner != process.Customer || w.StepKey != "enter-management-account" || l.next().Equal(now()) {
			t.Fatalf("got %+v", w)
		}
		_, err := l.tr.CompleteStep("enter-management-account", process.Statement{AccountID: "12"}, person(), now())
		refused(t, err, process.ReasonAccountIDInvalid)
		st := process.Statement{AccountID: "111122223333"}
		facts := l.did(now())(l.tr.CompleteStep("enter-management-account", st, person(), now()))
		told(t, facts, FactAccountEntered, process.FactStepCompleted, process.FactStepOpened, process.FactStepCompleted, process.FactStepOpened)
		if l.tr.AccountID != st.AccountID || l.con.AccountID != st.AccountID || l.con.AccountHeld() != st.AccountID {
			t.Fatal(l.dump())
		}
	})
	t.Run("ORD-028 a new organization that the order names already goes on at once", func(t *testing.T) {
		l := begin(t, "billing-transfer-new", "111122223333")
		s := l.step("enter-management-account")
		if s.State != process.Done || s.DoneBy.Role != "" || l.step("send-invitation").State != process.Open {
			t.Fatal(l.dump())
		}
	})
	t.Run("an order's account that is none is refused", func(t *testing.T) {
		j, _ := templates.Find("billing-transfer-new")
		_, _, err := New(j, Subject{AccountID: "12"}, now())
		refused(t, err, process.ReasonAccountIDInvalid)
	})
}

func TestAcceptance(t *testing.T) {
	t.Run("ORD-029 the acceptance completes the customer's step and opens the next", func(t *testing.T) {
		l := invited(t)
		if w := l.tr.Waiting(); w.Owner != process.Customer || w.StepKey != "accept-invitation" || !w.Until.Equal(at("2026-11-29T23:59:59Z")) {
			t.Fatalf("got %+v", w)
		}
		facts := l.heard(now(), l.con.Observe(saw(connection.Accepted), now()))
		told(t, facts, process.FactStepCompleted, process.FactStepOpened, process.FactStepOpened, process.FactStepOpened)
		for _, key := range []string{"create-billing-group", "create-relationship", "set-up-support-channel"} {
			if l.step(key).State != process.Open {
				t.Errorf("%s is %s", key, l.step(key).State)
			}
		}
	})
	for status, code := range map[connection.InvitationState]string{
		connection.Declined: connection.CodeInvitationDeclined, connection.Expired: connection.CodeInvitationExpired,
	} {
		t.Run("ORD-042 no acceptance fails the transfer: "+string(status), func(t *testing.T) {
			l := invited(t)
			facts := l.heard(now(), l.con.Observe(saw(status), now()))
			if !slices.Contains(names(facts), FactFailed) || l.tr.State != Failed || l.tr.Failure.Code != code || !l.next().IsZero() {
				t.Fatal(l.dump())
			}
			if s := l.step("accept-invitation"); s.State != process.Broken || s.Failure.Code != code {
				t.Errorf("got %+v", s)
			}
			if l.con.State != connection.Ended || l.con.AccountHeld() != "" {
				t.Errorf("the connection is %s", l.con.State)
			}
		})
	}
	t.Run("cancelled by somebody else waits for Operations", func(t *testing.T) {
		l := invited(t)
		l.heard(now(), l.con.Observe(saw(connection.Canceled), now()))
		w := l.tr.Waiting()
		if l.tr.State != InProgress || w.Owner != process.Reseller || w.StepKey != "send-invitation" ||
			l.step("accept-invitation").State != process.Pending {
			t.Fatalf("got %s %+v", l.tr.State, w)
		}
		l.did(now())(l.tr.Reinvite(l.con, time.Time{}, now()))
		if e, _ := l.due(now()); e == nil || e.name != connection.EffectInvite {
			t.Fatal(l.dump())
		}
	})
	t.Run("a refusal fails the step until it is tried again", func(t *testing.T) {
		l := asked(t)
		told(
			t, l.heard(now(), connection.InviteRefused(l.settled("1"), "1", connection.Judge("PAST_DUE_INVOICE"), now())), process.FactStepFailed,
		)
		if w := l.tr.Waiting(); w.Owner != process.Customer || w.StepKey != "send-invitation" || l.tr.State != InProgress {
			t.Fatalf("got %+v", w)
		}
		_, err := l.tr.RetryStep(l.con, "send-invitation", person(), now())
		refused(t, err, process.ReasonStepNotYours)
		told(t, l.did(now())(l.tr.RetryStep(l.con, "send-invitation", operator(), now())), process.FactStepRetried)
		if e, _ := l.due(now()); e == nil || e.name != connection.EffectInvite {
			t.Fatal(l.dump())
		}
		_, err = l.tr.RetryStep(l.con, "send-invitation", operator(), now())
		refused(t, err, process.ReasonStepNotFailed)
	})
}

func TestReinvite(t *testing.T) {
	t.Run("XFR-BT-17 the customer is asked for the new invitation alone", func(t *testing.T) {
		l := invited(t)
		told(t, l.did(now())(l.tr.Reinvite(l.con, at("2027-01-01"), now()))[1:], process.FactStepReopened)
		if e, _ := l.due(now()); e.name != "cancel-invitation" || l.step("accept-invitation").State != process.Pending {
			t.Fatal(l.dump())
		}
		world{invitation: connection.Canceled}.rest(l, now())
		if s := l.step("accept-invitation"); s.State != process.Open || l.con.Current().Attempt != 2 ||
			!l.tr.Waiting().Until.Equal(at("2026-12-30T23:59:59Z")) {
			t.Fatal(l.dump())
		}
	})
	for name, tt := range map[string]struct {
		from   *life
		reason string
	}{
		"before the account was checked": {begin(t, "billing-transfer-new", ""), process.ReasonStepGuardClosed},
		"while the answer is not known":  {asked(t), connection.ReasonInvitationPending},
		"after the acceptance":           {agreed(t), connection.ReasonInvitationAccepted},
		"without any invitation":         {begin(t, "spam-used", "111122223333"), ReasonStateRefuses},
		"when it has failed":             {in(t, Failed), ReasonStateRefuses},
	} {
		before := tt.from.dump()
		_, err := tt.from.tr.Reinvite(tt.from.con, at("2027-01-01"), now())
		if refused(t, err, tt.reason); tt.from.dump() != before {
			t.Errorf("%s: the refusal left a trace", name)
		}
	}
}

func TestTermIsGone(t *testing.T) {
	for _, state := range []contract.State{contract.Rejected, contract.Expired, contract.Canceled} {
		gone := func(t *testing.T, l *life) *life {
			t.Helper()
			l.heard(now(), connection.ObserveTerm(l.con, term(state), now()))
			return l
		}
		t.Run("it goes on without, and people see to it: "+string(state), func(t *testing.T) {
			l := gone(t, proposed(t))
			if l.step("send-service-term").State != process.Skipped || l.step("accept-service-term").State != process.Skipped ||
				l.step("deploy-roles").State != process.Open || !slices.Equal(l.tr.Issues, []Issue{TermRefused}) {
				t.Fatal(l.dump())
			}
		})
		t.Run("Operations sends another: "+string(state), func(t *testing.T) {
			l := gone(t, proposed(t))
			l.did(now())(l.tr.ReopenStep(l.con, "send-service-term", "a mistake", operator(), now()))
			l.sendTerm("ch-2", now())
			if l.step("accept-service-term").State != process.Open || l.con.Contract.Term().Attempt != 2 || len(l.tr.Issues) > 0 {
				t.Fatal(l.dump())
			}
		})
		t.Run("or the journey is to end, as its template says: "+string(state), func(t *testing.T) {
			l := proposed(t)
			l.con.Policy.TermRefused = connection.TermFails
			if gone(t, l); l.tr.State != WaitingDecision || l.tr.Ending.Failure.Code != connection.CodeTermRefused {
				t.Fatal(l.dump())
			}
			l.decide(keeping(), now())
			if l.tr.State != InProgress || !slices.Equal(l.tr.Issues, []Issue{TermRefused}) {
				t.Fatalf("kept: %s", l.dump())
			}
		})
	}
	t.Run("a term whose step Operations has skipped is looked at until it has an end", func(t *testing.T) {
		for _, state := range []contract.State{contract.Accepted, contract.Rejected, contract.Expired} {
			l := proposed(t)
			l.con.Policy.TermRefused = connection.TermFails
			l.did(now())(l.tr.SkipStep("accept-service-term", "by word of mouth", operator(), now()))
			if wants := connection.CheckTermWanted(l.con); len(wants) != 1 || l.con.Contract.Pending() == nil {
				t.Fatalf("nobody looks at it: %+v", wants)
			}
			l.heard(now(), connection.ObserveTerm(l.con, term(state), now().Add(day)))
			if l.tr.State != InProgress || len(connection.CheckTermWanted(l.con)) != 0 ||
				slices.Contains(l.tr.Issues, TermRefused) != (state != contract.Accepted) {
				t.Errorf("%s: %s", state, l.dump())
			}
		}
	})
	t.Run("without a relationship somebody must decide", func(t *testing.T) {
		l := agreed(t)
		l.did(now())(l.tr.SkipStep("create-relationship", "made by hand", operator(), now()))
		world{}.rest(l, now())
		if s := l.step("send-service-term"); s.State != process.Broken || s.Blocked.Owner != process.Reseller {
			t.Fatalf("got %+v", s)
		}
	})
}
