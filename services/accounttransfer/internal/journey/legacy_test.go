package journey

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/consent"
	"example.com/handover/services/accounttransfer/internal/journey/templates"
	"example.com/handover/services/accounttransfer/internal/process"
)

const other = "444455556666"

// legacy begins a transfer of two accounts that become members.
func legacy(t testing.TB, key string, public bool) *life {
	t.Helper()
	j, ok := templates.Find(key)
	if !ok {
		t.Fatalf("no template %s", key)
	}
	con, _ := connection.Propose(j.Basis, j.Policy, connection.Subject{
		ID: "con_1", TransferID: "trf_1", OrderID: "ord_1", CustomerID: "cus_1", AccountID: "111122223333", Linked: []string{other},
	})
	consentID := ""
	if NeedsConsent(j, public) {
		consentID = "cta_1"
	}
	tr, _, err := New(j, Subject{
		ConsentID: consentID,
		ID:        "trf_1", ConnectionID: "con_1", OrderID: "ord_1", CustomerID: "cus_1", SellerID: "sel_1", AccountID: "111122223333",
		Linked: []string{other}, PublicSector: public,
	}, now())
	if err != nil {
		t.Fatal(err)
	}
	l := &life{t, tr, con}
	l.heard(now(), nil)
	return l
}

// does completes a step as its owner does, with all that it asks for, a day after a session for it.
func (l *life) does(key string, when time.Time) {
	l.tb.Helper()
	switch l.step(key).Condition {
	case connection.MembersInvited:
		l.invites(when)
		return
	case connection.MembersJoined:
		l.join(when, "111122223333", other)
		return
	}
	st, by := process.Statement{Evidence: "a ticket"}, operator()
	switch l.step(key).Asks {
	case process.AsksPayer:
		st.PayerID = "pay_2"
	case process.AsksAccounts:
		st.Accounts = []string{other, "111122223333"}
	case process.AsksSession:
		l.did(when)(ScheduleSession(l.tr, key, when, []string{"per_1"}, by, when))
	}
	if l.step(key).AsksPayer {
		st.PayerID = "pay_2"
	}
	if l.step(key).Owner == process.Customer {
		by = person()
	}
	facts, err := l.tr.CompleteStep(key, st, by, when)
	if err == nil && st.PayerID != "" {
		err = EnterPayer(l.tr, key, "111122223333")
	}
	l.did(when)(facts, err)
	if l.step(key).Connects {
		l.join(when, "111122223333", other)
	}
}

// invites has AWS invite every account that the connection wants to be invited.
func (l *life) invites(when time.Time) {
	l.tb.Helper()
	if len(connection.CheckOrganizationWanted(l.con)) == 1 {
		l.heard(when, connection.OrganizationSeen(l.con, "", when))
	}
	for _, w := range connection.InviteMemberWanted(l.con) {
		connection.IntendMember(l.con, w.Subject, when)
		l.heard(when, connection.MemberAnswered(l.con, connection.MemberInvitation{
			AccountID: w.Subject, HandshakeID: "h-" + w.Subject + when.Format(time.DateOnly), State: connection.Requested,
			ExpiresAt: when.Add(15 * day),
		}, when))
	}
}

// join has accounts become members of the payer's organization, besides those that are.
func (l *life) join(when time.Time, accounts ...string) {
	l.tb.Helper()
	active := map[string]bool{}
	for _, m := range l.con.Members {
		active[m.AccountID] = m.State == connection.MemberJoined || slices.Contains(accounts, m.AccountID)
	}
	l.heard(when, connection.MembersSeen(l.con, connection.MembersListed{Active: active}, time.Time{}, when))
}

func (l *life) open() (keys []string) {
	for _, s := range l.tr.Steps {
		if s.State == process.Open {
			keys = append(keys, s.Key)
		}
	}
	return keys
}

func TestLegacyJourneys(t *testing.T) {
	for key, order := range map[string][]string{
		"spam-unused": {
			"create-master-payer", "invite-linked-accounts", "accept-transfer-request", "hand-over-linked-accounts", "reset-password-mfa",
			"deploy-essentials", "set-up-billing-conductor", "answer-survey",
		},
		"spam-used": {"hand-over-linked-accounts", "reset-password-mfa", "deploy-essentials", "set-up-billing-conductor", "answer-survey"},
		"ecam-unused": {
			"create-master-payer", "invite-linked-accounts", "accept-transfer-request", "deploy-essentials", "set-up-billing-conductor",
			"answer-survey",
		},
		"ecam-used": {"hand-over-master-account", "reset-password-mfa", "deploy-essentials", "set-up-billing-conductor", "answer-survey"},
	} {
		t.Run(key, func(t *testing.T) {
			l := legacy(t, key, false)
			for _, step := range order {
				if step == "answer-survey" {
					l.channel(now())
				}
				joins := l.tr.For(connection.MembersJoined)
				if bound := l.con.State == connection.Effective; bound != (l.tr.connects() || joins != nil && joins.State == process.Done) {
					t.Fatalf("before %s: %s", step, l.dump())
				}
				l.does(step, now())
			}
			if l.tr.State != Completed || l.con.State != connection.Effective || !l.con.StartAt.Equal(at("2026-12-01")) || l.con.UsesQuota() {
				t.Fatal(l.dump())
			}
			if held := connection.AccountsHeld(l.con); !slices.Equal(held, []string{"111122223333", other}) {
				t.Errorf("it holds %v", held)
			}
			if want := map[string]process.Target{
				"spam-unused": process.Linked, "spam-used": process.Linked, "ecam-used": process.Master,
			}[key]; l.con.RootsOf != want {
				t.Errorf("the reseller has the root users of %q", l.con.RootsOf)
			}
			if l.con.PayerID != "pay_2" || l.con.PayerAccountID != "111122223333" {
				t.Errorf("the payer is %q", l.con.PayerID)
			}
		})
	}
}

func TestSurveyNobodyAnswers(t *testing.T) {
	l := legacy(t, "ecam-used", false)
	for _, step := range []string{"hand-over-master-account", "reset-password-mfa", "deploy-essentials", "set-up-billing-conductor"} {
		l.does(step, now())
	}
	l.channel(now())
	late := now().Add(14 * day)
	if !l.tr.Next().Equal(late) || len(l.tr.Wanted()) != 1 {
		t.Fatalf("it looks at %v and wants %+v", l.tr.Next(), l.tr.Wanted())
	}
	l.did(late)(l.tr.Tick(late), nil)
	if s := l.step("answer-survey"); s.State != process.Skipped || s.Reason == "" || l.tr.State != Completed {
		t.Fatal(l.dump())
	}
}

func TestPublicSector(t *testing.T) {
	t.Run("the consent opens what moves ownership, and nothing else waits for it", func(t *testing.T) {
		l := legacy(t, "spam-unused", true)
		if got := l.open(); !slices.Equal(got, []string{"create-master-payer", "request-consent"}) {
			t.Fatalf("open %v", got)
		}
		l.does("create-master-payer", now())
		if got := l.open(); !slices.Equal(got, []string{"request-consent", "set-up-support-channel"}) {
			t.Fatalf("open %v", got)
		}
		l.did(now())(l.tr.Observe(process.Report{Condition: consent.Condition, Met: true}, now()), nil)
		if l.step("invite-linked-accounts").State != process.Open {
			t.Fatalf("open %v", l.open())
		}
	})
	t.Run("without it the step is skipped, and says why", func(t *testing.T) {
		if s := legacy(t, "spam-unused", false).step("request-consent"); s.State != process.Skipped || s.Reason == "" {
			t.Fatalf("got %+v", s)
		}
	})
	for outcome, keys := range map[Outcome]int{RequireConsent: 8, WaiveConsent: 7} {
		t.Run("a table without the step waits for a decision: "+string(outcome), func(t *testing.T) {
			l := legacy(t, "ecam-unused", true)
			if l.tr.State != WaitingDecision || len(l.open()) != 0 || l.tr.Waiting().Owner != process.Reseller || l.con.ChargesPaidBy != "" ||
				l.tr.Waiting().Text.Key != "wait.decision" { // AWS charges nothing, whenever it is decided
				t.Fatal(l.dump())
			}
			_, err := l.tr.CompleteStep("create-master-payer", process.Statement{PayerID: "pay_2", Evidence: "a ticket"}, operator(), now())
			refused(t, err, ReasonStateRefuses)
			_, err = l.tr.Decide(l.con, Answer{Outcome: KeepTransfer, Reason: "so"}, operator(), now())
			refused(t, err, ReasonFieldRequired)
			_, err = l.tr.Decide(l.con, Answer{Outcome: outcome}, operator(), now())
			refused(t, err, ReasonFieldRequired)
			l.did(now())(l.tr.Decide(l.con, Answer{Outcome: outcome, Reason: "a letter of AWS"}, operator(), now()))
			if l.tr.State != InProgress || len(l.tr.Steps) != keys || l.tr.Decision.DecidedBy != operator() || l.tr.Decision.Reason == "" {
				t.Fatal(l.dump())
			}
			if outcome == RequireConsent && (l.tr.Steps[1].Key != "request-consent" ||
				!slices.Contains(l.step("invite-linked-accounts").Requires, "request-consent")) {
				t.Fatal(l.dump())
			}
			_, err = l.tr.Decide(l.con, Answer{Outcome: outcome, Reason: "again"}, operator(), now())
			refused(t, err, ReasonStateRefuses)
		})
	}
	t.Run("it is escalated, and can be cancelled meanwhile", func(t *testing.T) {
		l := legacy(t, "ecam-unused", true)
		late := l.tr.Next()
		told(t, l.did(late)(l.tr.Tick(late), nil), FactDecisionAwaited)
		if l.cancelled(late); l.tr.State != Cancelled || l.con.State != connection.Ended || connection.AccountsHeld(l.con) != nil {
			t.Fatal(l.dump())
		}
	})
}

func TestLinkedAccounts(t *testing.T) {
	membership, _ := templates.Find("spam-used")
	transfer, _ := templates.Find("billing-transfer-existing")
	many := make([]string, 100)
	for i := range many {
		many[i] = "2000000000" + string(rune('0'+i/10)) + string(rune('0'+i%10))
	}
	for name, tt := range map[string]struct {
		j      templates.Journey
		linked []string
		reason string
	}{
		"one that is named twice":           {membership, []string{other, other}, ReasonLinkedAccountsWrong},
		"the first one again":               {membership, []string{"111122223333"}, ReasonLinkedAccountsWrong},
		"no account":                        {membership, []string{"4444"}, process.ReasonAccountIDInvalid},
		"more than a hundred":               {membership, many, ReasonLinkedAccountsWrong},
		"of a billing transfer":             {transfer, []string{other}, ReasonLinkedAccountsWrong},
		"a hundred with the first are read": {membership, many[:99], ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := New(tt.j, Subject{ID: "trf_1", AccountID: "111122223333", Linked: tt.linked}, now())
			if tt.reason == "" && err == nil {
				return
			}
			refused(t, err, tt.reason)
		})
	}
}

func TestEvidence(t *testing.T) {
	complete := func(l *life, key string, st process.Statement) error {
		before := l.dump()
		_, err := l.tr.CompleteStep(key, st, operator(), now())
		if err != nil && l.dump() != before {
			l.tb.Errorf("%s: the refusal left a trace", key)
		}
		return err
	}
	t.Run("a session is scheduled, held, and moved", func(t *testing.T) {
		l, key := legacy(t, "spam-used", false), "hand-over-linked-accounts"
		refused(t, complete(l, key, process.Statement{Evidence: "a ticket"}), process.ReasonSessionRequired)
		_, err := ScheduleSession(l.tr, key, now().Add(-time.Hour), []string{"per_1"}, operator(), now())
		refused(t, err, process.ReasonSessionPast)
		_, err = ScheduleSession(l.tr, key, now().AddDate(36, 0, 0), []string{"per_1"}, operator(), now())
		refused(t, err, "REQUEST_INVALID")
		_, err = ScheduleSession(l.tr, "deploy-essentials", now(), []string{"per_1"}, operator(), now())
		refused(t, err, process.ReasonEvidenceWrong)
		_, err = ScheduleSession(l.tr, key, now(), []string{"per_1"}, person(), now())
		refused(t, err, process.ReasonStepNotYours)
		facts := l.did(now())(ScheduleSession(l.tr, key, now().Add(20*day), []string{"per_1"}, operator(), now()))
		told(t, facts, process.FactSessionScheduled)
		refused(t, complete(l, key, process.Statement{Evidence: "a ticket"}), process.ReasonSessionRequired)
		if !l.step(key).EscalateAt.Equal(now().Add(21*day)) || l.step(key).Instruction().Params["start"] == "" {
			t.Errorf("got %+v", l.step(key))
		}
		l.does(key, now())
		if s := l.step(key).Sessions; len(s) != 2 || s[0].Outcome != process.NotHeld || s[1].Outcome != process.HandedOver ||
			s[1].Target != process.Linked {
			t.Errorf("got %+v", s)
		}
	})
	t.Run("the accounts are those of the transfer", func(t *testing.T) {
		l := legacy(t, "spam-used", false)
		l.does("hand-over-linked-accounts", now())
		for _, wrong := range [][]string{nil, {other}, {other, "111122223333", "999999999999"}} {
			st := process.Statement{Evidence: "a ticket", Accounts: wrong}
			refused(t, complete(l, "reset-password-mfa", st), process.ReasonEvidenceWrong)
		}
		unproven := process.Statement{Accounts: []string{other, "111122223333"}}
		refused(t, complete(l, "reset-password-mfa", unproven), process.ReasonEvidenceRequired)
	})
	t.Run("the payer is named for its step alone", func(t *testing.T) {
		l := legacy(t, "ecam-unused", false)
		refused(t, complete(l, "create-master-payer", process.Statement{Evidence: "a ticket"}), process.ReasonEvidenceWrong)
		l.does("create-master-payer", now())
		refused(t, complete(l, "invite-linked-accounts", process.Statement{Evidence: "a ticket"}), process.ReasonStepNotManual)
		refused(t, complete(l, "send-service-term", process.Statement{Evidence: "a ticket"}), process.ReasonStepUnknown)
		if l.con.PayerID != "pay_2" {
			t.Errorf("the payer is %q", l.con.PayerID)
		}
	})
}

// TestAttestedMembership: accounts that people say are members, and AWS does not list, do not bind. The step is to be done again, and
// Operations is told at once.
func TestAttestedMembership(t *testing.T) {
	l, key := legacy(t, "spam-used", false), "hand-over-linked-accounts"
	l.did(now())(ScheduleSession(l.tr, key, now(), []string{"per_1"}, operator(), now()))
	attest := func() {
		l.did(now())(l.tr.CompleteStep(key, process.Statement{Evidence: "a ticket", PayerID: "pay_2"}, operator(), now()))
	}
	attest()
	l.join(now(), other)
	s := l.step(key)
	if s.State != process.Open || !s.Escalated || s.Instruction().Params["accounts"] != "111122223333" || len(s.Sessions) != 1 ||
		l.step("reset-password-mfa").State != process.Pending || len(l.tr.Wanted()) != 2 {
		t.Fatalf("%+v wishes for %+v", s, l.tr.Wanted())
	}
	attest()
	if l.con.Attested != connection.Asked {
		t.Fatal(l.dump())
	}
	l.join(now(), "111122223333")
	if s := l.step(key); s.State != process.Done || s.Evidence == "" || len(l.tr.Wanted()) != 0 || !connection.Joined(l.con) {
		t.Fatal(l.dump())
	}
}

// TestPayerIsNamed: what is bound by a hand-over is bound to the payer that Operations names, in the step or in the order; the payer of a
// master account is that account.
func TestPayerIsNamed(t *testing.T) {
	for key, step := range map[string]string{"spam-used": "hand-over-linked-accounts", "ecam-used": "hand-over-master-account"} {
		l := legacy(t, key, false)
		l.did(now())(ScheduleSession(l.tr, step, now(), []string{"per_1"}, operator(), now()))
		st := process.Statement{Evidence: "a ticket"}
		_, err := l.tr.CompleteStep(step, st, operator(), now())
		if e := refused(t, err, process.ReasonPayerRequired); e.Remedy == nil || e.Remedy.Who != "OPERATOR" {
			t.Errorf("%s: refused with %+v", key, e)
		}
		l.tr.PayerID = "pay_1"
		l.did(now())(l.tr.CompleteStep(step, st, operator(), now()))
		err = EnterPayer(l.tr, step, "999988887777")
		if key == "ecam-used" {
			refused(t, err, process.ReasonEvidenceWrong)
			err = EnterPayer(l.tr, step, "111122223333")
		}
		l.did(now())(nil, err)
		l.join(now(), "111122223333", other)
		if l.step(step).PayerID != "pay_1" || l.con.PayerID != "pay_1" || l.con.State != connection.Effective {
			t.Errorf("%s: %s", key, l.dump())
		}
	}
}

// TestBindingStepIsKept: what a hand-over has bound is ended by a decision; a step that binds nothing is done again, and what it named is
// forgotten.
func TestBindingStepIsKept(t *testing.T) {
	l := legacy(t, "ecam-used", false)
	l.does("hand-over-master-account", now())
	_, err := l.tr.ReopenStep(l.con, "hand-over-master-account", "wrong", operator(), now())
	if e := refused(t, err, process.ReasonStepNotReopenable); e.Remedy == nil {
		t.Errorf("refused with %+v", e)
	}
	if s := l.step("hand-over-master-account"); s.State != process.Done || len(s.Sessions) != 1 || l.con.State != connection.Effective {
		t.Error(l.dump())
	}
	l = legacy(t, "spam-unused", false)
	l.does("create-master-payer", now())
	l.did(now())(l.tr.ReopenStep(l.con, "create-master-payer", "another one", operator(), now()))
	if l.tr.PayerID != "" || l.con.PayerID != "" || l.con.PayerAccountID != "" {
		t.Error(l.dump())
	}
}

// TestSectorChanges: a customer that comes to be one of the public sector needs AWS's consent for all that is still to be done, and one
// that was none after all does not.
func TestSectorChanges(t *testing.T) {
	changed := func(l *life, public bool) {
		t.Helper()
		facts := SectorChanged(l.tr, public, now())
		l.did(now())(facts, nil)
		if len(facts) == 0 || facts[0].Name != FactSectorChanged {
			t.Fatalf("told %v", names(facts))
		}
		if again := SectorChanged(l.tr, public, now()); again != nil {
			t.Errorf("told twice: %v", names(again))
		}
	}
	t.Run("a step that was skipped is done, and what was open waits", func(t *testing.T) {
		l := legacy(t, "spam-used", false)
		changed(l, true)
		if got := l.open(); !slices.Equal(got, []string{"request-consent", "set-up-support-channel"}) || !LacksConsent(l.tr) {
			t.Fatalf("open %v", got)
		}
		changed(l, false)
		if got := l.open(); !slices.Contains(got, "hand-over-linked-accounts") || l.step("request-consent").State != process.Skipped {
			t.Errorf("open %v", got)
		}
	})
	t.Run("a table without the step asks, and does not any more", func(t *testing.T) {
		l := legacy(t, "ecam-unused", false)
		changed(l, true)
		if l.tr.State != WaitingDecision || l.tr.Waiting().Owner != process.Reseller {
			t.Fatal(l.dump())
		}
		changed(l, false)
		if l.tr.State != InProgress || !slices.Contains(l.open(), "create-master-payer") {
			t.Fatal(l.dump())
		}
		changed(l, true)
		l.did(now())(l.tr.Decide(l.con, Answer{Outcome: WaiveConsent, Reason: "a letter of AWS"}, operator(), now()))
		if l.tr.State != InProgress || LacksConsent(l.tr) {
			t.Error(l.dump())
		}
	})
	t.Run("a transfer that has ended is what it was", func(t *testing.T) {
		l := legacy(t, "spam-used", false)
		l.cancelled(now())
		if facts := SectorChanged(l.tr, true, now()); facts != nil || l.tr.PublicSector {
			t.Error(l.dump())
		}
	})
}
