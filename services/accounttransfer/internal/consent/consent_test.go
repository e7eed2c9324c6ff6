package consent

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/services/accounttransfer/internal/process"
)

const day = 24 * time.Hour

func now() time.Time       { return time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC) }
func operator() call.Actor { return call.Actor{Subject: "op-1", Role: "OPERATOR"} }
func person() call.Actor   { return call.Actor{Subject: "cu-1", Role: "CUSTOMER"} }

func policy() Policy {
	return Policy{GatherIn: 14 * day, ReviewIn: 28 * day, AgreeIn: 5 * day, SignIn: 14 * day, DecideIn: 5 * day, ExpireAfter: 180 * day}
}

func fresh() *Consent {
	c, _ := New(Subject{
		ID: "cta_1", TransferID: "trf_1", OrderID: "ord_1", CustomerID: "cus_1", SellerID: "sel_1", AccountID: "111122223333",
	}, policy())
	return c
}

// filled has everything that AWS wants to know.
func filled(c *Consent) *Consent {
	for _, p := range []*Party{&c.Assignor, &c.Assignee} {
		p.LegalName, p.Address, p.Signatory = "Example", "Example Street 1, 8000 Zurich", "per_1"
	}
	c.Terms = "All rights and duties under the AWS agreement."
	return c
}

func clauses() Clauses {
	return Clauses{Scope: "The AWS agreement", Fees: "None", Warranties: "No breach", Representations: "Authority to sign"}
}

func both() map[Side]time.Time {
	return map[Side]time.Time{Assignor: now(), Assignee: now()}
}

// in returns a consent in a state, brought there by its verbs alone; everything that AWS wants to know is there.
func in(t testing.TB, s State) *Consent {
	t.Helper()
	c := filled(fresh())
	by := func(verb func() ([]fact.Fact, error)) func() {
		return func() {
			t.Helper()
			if _, err := verb(); err != nil {
				t.Fatal(err)
			}
		}
	}
	open := func() { c.Open(now()) }
	submit := by(func() ([]fact.Fact, error) { return c.Submit("sent", "", operator(), now()) })
	review := by(func() ([]fact.Fact, error) { return c.Review("mail", "CTA-1", operator(), now()) })
	grant := by(func() ([]fact.Fact, error) { return decided(OutcomeGranted)(c) })
	refuse := by(func() ([]fact.Fact, error) { return decided(OutcomeRefused)(c) })
	send := by(func() ([]fact.Fact, error) { return c.SendAgreement(clauses(), "mail", operator(), now()) })
	execute := by(func() ([]fact.Fact, error) { return c.Execute(both(), "signed copy", operator(), now()) })
	cancel := by(func() ([]fact.Fact, error) { return c.Cancel("no need", operator(), now()) })
	for _, next := range map[State][]func(){
		InfoGathering: {open}, Submitted: {open, submit}, UnderReview: {open, submit, review}, Granted: {open, submit, grant},
		AgreementPending: {open, submit, grant, send}, Executed: {open, submit, grant, send, execute}, Refused: {open, submit, refuse},
		Cancelled: {open, cancel}, Expired: {func() { c.Open(now().Add(-180 * day)) }, func() { c.Tick(now()) }},
	}[s] {
		next()
	}
	if c.State != s {
		t.Fatalf("wanted a consent in %s, got %s", s, c.State)
	}
	return c
}

func dump(t testing.TB, c *Consent) string {
	t.Helper()
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func told(t testing.TB, facts []fact.Fact, want ...string) {
	t.Helper()
	var got []string
	for _, f := range facts {
		got = append(got, f.Name)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("facts: got %v, want %v", got, want)
	}
}

func refused(t testing.TB, err error, reason string) *errs.Error {
	t.Helper()
	if errs.ReasonOf(err) != reason {
		t.Fatalf("got %v, want %s", err, reason)
	}
	e, _ := errs.As(err)
	return e
}

// TestEveryStateAndTrigger goes through all pairs of a state and what can happen: elsewhere than the table says a verb is
// refused and leaves no trace, and what only follows changes nothing.
func TestEveryStateAndTrigger(t *testing.T) {
	verbs := map[string]struct {
		do   func(*Consent) ([]fact.Fact, error)
		into map[State]State
	}{
		"Revise": {func(c *Consent) ([]fact.Fact, error) {
			return c.Revise(Edit{Terms: new("Other terms.")}, []string{"proposed_terms"}, operator(), now())
		}, map[State]State{Draft: Draft, InfoGathering: InfoGathering}},
		"SetSignatory": {
			func(c *Consent) ([]fact.Fact, error) { return c.SetSignatory(Assignor, "per_2", operator(), now()) },
			map[State]State{Draft: Draft, InfoGathering: InfoGathering, Granted: Granted, AgreementPending: AgreementPending},
		},
		"Submit": {
			func(c *Consent) ([]fact.Fact, error) { return c.Submit("sent", "", operator(), now()) },
			map[State]State{InfoGathering: Submitted},
		},
		"Review": {
			func(c *Consent) ([]fact.Fact, error) { return c.Review("mail", "", operator(), now()) },
			map[State]State{Submitted: UnderReview},
		},
		"Decide GRANTED": {decided(OutcomeGranted), map[State]State{Submitted: Granted, UnderReview: Granted}},
		"Decide REFUSED": {decided(OutcomeRefused), map[State]State{Submitted: Refused, UnderReview: Refused}},
		"Decide INFORMATION_REQUESTED": {
			decided(OutcomeInformationRequested), map[State]State{Submitted: InfoGathering, UnderReview: InfoGathering},
		},
		"SendAgreement": {
			func(c *Consent) ([]fact.Fact, error) { return c.SendAgreement(clauses(), "mail", operator(), now()) },
			map[State]State{Granted: AgreementPending, AgreementPending: AgreementPending},
		},
		"Execute": {
			func(c *Consent) ([]fact.Fact, error) { return c.Execute(both(), "signed copy", operator(), now()) },
			map[State]State{AgreementPending: Executed},
		},
		"Reopen": {
			func(c *Consent) ([]fact.Fact, error) {
				return c.Reopen("AWS told us what to change", operator(), now())
			},
			map[State]State{Refused: InfoGathering, Expired: InfoGathering},
		},
		"Cancel": {func(c *Consent) ([]fact.Fact, error) { return c.Cancel("no need", operator(), now()) }, map[State]State{
			Draft: Cancelled, InfoGathering: Cancelled, Submitted: Cancelled, UnderReview: Cancelled, Granted: Cancelled,
			AgreementPending: Cancelled, Refused: Refused, Expired: Expired,
		}},
	}
	for _, s := range States() {
		for name, v := range verbs {
			c := in(t, s)
			before := dump(t, c)
			facts, err := v.do(c)
			want, accepted := v.into[s]
			switch {
			case !accepted && (errs.ReasonOf(err) != ReasonStateRefuses || dump(t, c) != before):
				t.Errorf("%s in %s: got %v in state %s", name, s, err, c.State)
			case accepted && (err != nil || c.State != want || len(facts) == 0):
				t.Errorf("%s in %s: got %s, %v, %v", name, s, c.State, facts, err)
			}
		}
	}
}

func decided(o Outcome) func(*Consent) ([]fact.Fact, error) {
	return func(c *Consent) ([]fact.Fact, error) {
		return c.Decide(Verdict{Outcome: o, Reason: "Which accounts?", Evidence: "mail"}, operator(), now())
	}
}

// TestWhatFollows: the transfer opens it once, ends what it does not need, and leaves alone what is over.
func TestWhatFollows(t *testing.T) {
	for _, s := range States() {
		t.Run(string(s), func(t *testing.T) {
			if c := in(t, s); (c.Open(now()) != nil) != (s == Draft) {
				t.Errorf("opened it is %s", c.State)
			}
			c := in(t, s)
			over := c.Ended()
			if over != (s == Executed || s == Cancelled) {
				t.Fatalf("ended: %t", over)
			}
			if facts := c.Stop(now()); (facts == nil) != over || !over && c.State != Cancelled || c.Next() != (time.Time{}) || c.Wanted() != nil {
				t.Errorf("stopped it is %s, told %v, and goes on at %s with %v", c.State, facts, c.Next(), c.Wanted())
			}
			if c.Final() != nil != (s == Cancelled) {
				t.Errorf("what the transfer does not need fails it: %v", c.Final())
			}
		})
	}
	t.Run("needed again after it was not", func(t *testing.T) {
		c := in(t, Submitted)
		c.Stop(now())
		told(t, c.Open(now()), FactOpened)
		if c.State != InfoGathering || c.Ended() {
			t.Errorf("it is %+v", c)
		}
	})
}

// TestEveryWaitHasAnEnd: in each state that waits somebody must act, nothing rests for ever, and what takes too long is told once.
func TestEveryWaitHasAnEnd(t *testing.T) {
	owners := map[State]process.Party{
		InfoGathering: process.Reseller, Submitted: process.AWS, UnderReview: process.AWS, Granted: process.Reseller,
		AgreementPending: process.Customer, Refused: process.Reseller, Expired: process.Reseller,
	}
	for _, s := range States() {
		t.Run(string(s), func(t *testing.T) {
			c := in(t, s)
			w := c.Waiting()
			if owner, waits := owners[s]; !waits {
				if w != nil {
					t.Errorf("it waits for %+v", w)
				}
				return
			} else if w == nil || w.Owner != owner || w.Date().IsZero() && !w.Escalated || w.Text.IsZero() {
				t.Fatalf("it waits for %+v", w)
			}
			facts := 0
			for at := c.Next(); !at.IsZero(); at = c.Next() {
				if facts++; facts > 5 {
					t.Fatal("it does not end")
				}
				if len(c.Tick(at.Add(-time.Second))) > 0 || len(c.Tick(at)) != 1 {
					t.Fatalf("at %s nothing happens, or too early", at)
				}
			}
			if c.Final() == nil || !c.Ended() || c.Waiting() != nil {
				t.Errorf("left alone it is %s: %v", c.State, c.Final())
			}
		})
	}
	t.Run("without dates in its template nothing times out, and it is told all the same", func(t *testing.T) {
		c := in(t, Draft)
		c.Policy.ExpireAfter = 0
		c.Open(now())
		told(t, c.Tick(now().Add(14*day)), FactWaitEscalated)
		if c.Tick(now().Add(4000*day)) != nil || c.State != InfoGathering || !c.Waiting().Escalated || len(c.Wanted()) != 3 {
			t.Errorf("it is %s and wishes for %v", c.State, c.Wanted())
		}
	})
}

// TestTurns: who must act while AWS's questions are gathered, each turn with a wait of its own.
func TestTurns(t *testing.T) {
	c := fresh()
	c.Open(now())
	turn := func(owner process.Party, key string, since time.Time) {
		t.Helper()
		if w := c.Waiting(); w.Owner != owner || w.Text.Key != "wait.consent-"+key || !c.Since.Equal(since) {
			t.Fatalf("it waits for %+v since %s", w, c.Since)
		}
	}
	later := now().Add(day)
	turn(process.Customer, "assignor", now())
	if _, err := c.Revise(Edit{AssignorName: new("Example City")}, nil, person(), later); err != nil {
		t.Fatal(err)
	}
	turn(process.Customer, "assignor", now())
	filled(c).Assignee.Address = ""
	if _, err := c.SetSignatory(Assignor, "per_2", person(), later); err != nil {
		t.Fatal(err)
	}
	c.Since = later
	turn(process.Reseller, "complete", later)
	if _, err := c.Revise(Edit{AssigneeWhere: new("Example Street 2")}, nil, operator(), later.Add(day)); err != nil {
		t.Fatal(err)
	}
	turn(process.Reseller, "submit", later.Add(day))
	if facts, err := c.Revise(Edit{AssigneeWhere: new("Example Street 2")}, nil, operator(), later.Add(2*day)); facts != nil || err != nil {
		t.Errorf("the same again is told: %v, %v", facts, err)
	}
	t.Run("the customer sends the request itself", func(t *testing.T) {
		c := in(t, InfoGathering)
		if _, err := c.Revise(Edit{Preparer: new(process.Customer)}, nil, operator(), later); err != nil {
			t.Fatal(err)
		}
		if w, wishes := c.Waiting(), c.Wanted(); w.Owner != process.Customer || w.Text.Key != "wait.consent-submit" || len(wishes) != 2 ||
			wishes[0].Name != mailRequest {
			t.Errorf("it waits for %+v and wishes for %+v", w, wishes)
		}
	})
	t.Run("AWS asks the customer", func(t *testing.T) {
		c := in(t, UnderReview)
		v := Verdict{Outcome: OutcomeInformationRequested, Reason: "Which accounts?", Owner: process.Customer, Evidence: "mail"}
		if _, err := c.Decide(v, operator(), later); err != nil {
			t.Fatal(err)
		}
		if w := c.Waiting(); w.Owner != process.Customer || w.Text.Params["question"] != "Which accounts?" {
			t.Fatalf("it waits for %+v", w)
		}
		_, err := c.Submit("sent", "", operator(), later)
		if e := refused(t, err, ReasonFieldRequired); e.Fields[0].Path != "answer" {
			t.Errorf("refused with %v", e)
		}
		if _, err := c.Revise(Edit{Answer: new("All of them.")}, nil, person(), later); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Submit("sent", "", operator(), later); err != nil || len(c.Submissions) != 2 {
			t.Errorf("submitted %d times, %v", len(c.Submissions), err)
		}
	})
}

// TestRefusals: what is refused besides by the state leaves no trace.
func TestRefusals(t *testing.T) {
	for name, tt := range map[string]struct {
		c      *Consent
		do     func(*Consent) ([]fact.Fact, error)
		reason string
	}{
		"a customer enters the assignee": {in(t, Draft), func(c *Consent) ([]fact.Fact, error) {
			return c.Revise(Edit{AssigneeName: new("Me")}, nil, person(), now())
		}, ReasonFieldNotYours},
		"a customer says who signs for the assignee": {in(t, Draft), func(c *Consent) ([]fact.Fact, error) {
			return c.SetSignatory(Assignee, "per_9", person(), now())
		}, ReasonFieldNotYours},
		"nobody requests": {in(t, Draft), func(c *Consent) ([]fact.Fact, error) {
			return c.Revise(Edit{Requester: new(process.Party(""))}, nil, operator(), now())
		}, ReasonFieldRequired},
		"a request that lacks nearly all": {func() *Consent { c := fresh(); c.Open(now()); return c }(), func(c *Consent) ([]fact.Fact, error) {
			return c.Submit("sent", "", operator(), now())
		}, ReasonFieldRequired},
		"a request that nothing proves": {in(t, InfoGathering), func(c *Consent) ([]fact.Fact, error) {
			return c.Submit("", "", operator(), now())
		}, ReasonEvidenceRequired},
		"a decision of tomorrow": {in(t, Submitted), func(c *Consent) ([]fact.Fact, error) {
			return c.Decide(Verdict{Outcome: OutcomeGranted, At: now().Add(day), Evidence: "mail"}, operator(), now())
		}, reasonInvalid},
		"a consent that has expired": {in(t, Submitted), func(c *Consent) ([]fact.Fact, error) {
			return c.Decide(Verdict{Outcome: OutcomeGranted, ExpiresAt: now(), Evidence: "mail"}, operator(), now())
		}, reasonInvalid},
		"a refusal that expires": {in(t, Submitted), func(c *Consent) ([]fact.Fact, error) {
			return c.Decide(Verdict{Outcome: OutcomeRefused, ExpiresAt: now().Add(day), Evidence: "mail"}, operator(), now())
		}, reasonInvalid},
		"a question that says nothing": {in(t, Submitted), func(c *Consent) ([]fact.Fact, error) {
			return c.Decide(Verdict{Outcome: OutcomeInformationRequested, Evidence: "mail"}, operator(), now())
		}, ReasonFieldRequired},
		"an agreement without fees": {in(t, Granted), func(c *Consent) ([]fact.Fact, error) {
			s := clauses()
			s.Fees = ""
			return c.SendAgreement(s, "mail", operator(), now())
		}, ReasonFieldRequired},
		"a signature of tomorrow": {in(t, AgreementPending), func(c *Consent) ([]fact.Fact, error) {
			return c.Execute(map[Side]time.Time{Assignor: now().Add(day)}, "copy", operator(), now())
		}, reasonInvalid},
		"a signature before AWS consented": {in(t, AgreementPending), func(c *Consent) ([]fact.Fact, error) {
			return c.Execute(map[Side]time.Time{Assignor: now().Add(-day)}, "copy", operator(), now())
		}, reasonInvalid},
		"a signature after the consent expired": {late(t), func(c *Consent) ([]fact.Fact, error) {
			return c.Execute(map[Side]time.Time{Assignor: c.Since.Add(day)}, "copy", operator(), c.Since.Add(2*day))
		}, reasonInvalid},
		"a signature of nobody known": {in(t, AgreementPending), func(c *Consent) ([]fact.Fact, error) {
			c.Assignor.Erased = true
			return c.Execute(both(), "copy", operator(), now())
		}, ReasonFieldRequired},
	} {
		t.Run(name, func(t *testing.T) {
			before := tt.c.State
			_, err := tt.do(tt.c)
			if refused(t, err, tt.reason); tt.c.State != before {
				t.Errorf("it is %s", tt.c.State)
			}
		})
	}
}

// TestSignatures: each side signs once, in any order, another version is signed anew, and the agreement takes effect with the last.
func TestSignatures(t *testing.T) {
	c := in(t, AgreementPending)
	first, last, later := now().Add(day), now().Add(2*day), now().Add(3*day)
	facts, err := c.Execute(map[Side]time.Time{Assignor: last}, "copy", operator(), later)
	if told(t, facts, FactSigned); err != nil || c.State != AgreementPending || c.Waiting().Owner != process.Reseller {
		t.Fatalf("it is %s and waits for %+v, %v", c.State, c.Waiting(), err)
	}
	if _, err := c.SetSignatory(Assignor, "per_2", operator(), now()); errs.ReasonOf(err) != ReasonStateRefuses {
		t.Errorf("who has signed is replaced: %v", err)
	}
	if facts, err := c.Execute(map[Side]time.Time{Assignor: first}, "copy", operator(), later); facts != nil || err != nil {
		t.Errorf("signed twice: %v, %v", facts, err)
	}
	facts, err = c.Execute(map[Side]time.Time{Assignee: first}, "copy", operator(), later)
	if told(t, facts, FactSigned, FactExecuted); err != nil || !c.Agreement.ExecutedAt.Equal(last) || len(c.Agreement.Signatures) != 2 {
		t.Errorf("executed is %+v, %v", c.Agreement, err)
	}
	d := in(t, AgreementPending)
	if _, err := d.Execute(map[Side]time.Time{Assignor: last}, "copy", operator(), later); err != nil {
		t.Fatal(err)
	}
	if _, err := d.SendAgreement(clauses(), "mail", operator(), now()); err != nil || len(d.Agreement.Signatures) != 0 {
		t.Errorf("another version is signed by %v, %v", d.Agreement.Signatures, err)
	}
}

// late returns a consent that expired while its agreement was out for signature.
func late(t testing.TB) *Consent {
	t.Helper()
	c := in(t, AgreementPending)
	told(t, c.Tick(c.ExpiresAt), FactExpired)
	return c
}

// TestSignedInTime: it is not too late to record what both sides signed before the consent expired.
func TestSignedInTime(t *testing.T) {
	c := late(t)
	facts, err := c.Execute(both(), "copy", operator(), c.Since.Add(day))
	if told(t, facts, FactSigned, FactSigned, FactExecuted); err != nil || c.State != Executed || !c.FailsAt.IsZero() {
		t.Errorf("it is %+v, %v", c, err)
	}
}

// TestBegunAgain: what AWS asked and decided is of the request before.
func TestBegunAgain(t *testing.T) {
	c := in(t, Refused)
	c.Question, c.Answer = &Question{Text: "Why?"}, "Because."
	if _, err := c.Reopen("AWS told us what to change", operator(), now()); err != nil {
		t.Fatal(err)
	}
	if c.Question != nil || c.Answer != "" || c.Decision != nil {
		t.Errorf("it still has %+v, %q, %+v", c.Question, c.Answer, c.Decision)
	}
}

// TestErasure: what is gone is not there for AWS, a signature stays, and nobody is erased twice or from elsewhere.
func TestErasure(t *testing.T) {
	c := in(t, InfoGathering)
	who := Person{ID: "per_1", CustomerID: "cus_1", ConsentID: "cta_1", Side: Assignor, GivenName: "Pat", Email: "pat@example.com"}
	facts, err := c.ErasePerson(who, "asked to", now())
	if told(t, facts, FactPersonErased); err != nil || !slices.Contains(c.missing(), "assignor.signatory_id") {
		t.Fatalf("missing is %v, %v", c.missing(), err)
	}
	who.Erase()
	if who.GivenName+who.Email != "" || !who.Erased || who.Erase() != nil {
		t.Errorf("left is %+v", who)
	}
	for _, other := range []Person{who, {ID: "per_3", ConsentID: "cta_2"}} {
		_, err := c.ErasePerson(other, "asked to", now())
		refused(t, err, ReasonPersonUnknown)
	}
}

// TestDisposable: the files of every agreement that is not executed go with who signed, and those of the executed one stay.
func TestDisposable(t *testing.T) {
	half := func(c *Consent, files ...string) {
		t.Helper()
		if _, err := c.Execute(map[Side]time.Time{Assignor: now()}, "", operator(), now(), files...); err != nil {
			t.Fatal(err)
		}
	}
	again := func(c *Consent) {
		t.Helper()
		if _, err := c.SendAgreement(clauses(), "mail", operator(), now()); err != nil {
			t.Fatal(err)
		}
	}
	c := in(t, AgreementPending)
	half(c, "att_1")
	again(c)
	half(c, "att_2", "att_3")
	if got := c.Disposable(); !slices.Equal(got, []string{"att_1", "att_2", "att_3"}) {
		t.Errorf("after another version %v go", got)
	}
	expired := *c
	expired.Tick(now().Add(181 * day))
	if _, err := expired.Reopen("anew", operator(), now().Add(181*day)); err != nil || expired.Agreement != nil {
		t.Fatalf("begin again: %v", err)
	}
	if got := expired.Disposable(); len(got) != 3 {
		t.Errorf("after the expiry %v go", got)
	}
	again(c)
	if _, err := c.Execute(both(), "", operator(), now(), "att_3", "att_4"); err != nil {
		t.Fatal(err)
	}
	if got := c.Disposable(); !slices.Equal(got, []string{"att_1", "att_2"}) {
		t.Errorf("after the signatures %v go", got)
	}
	who := Person{ID: "per_1", ConsentID: c.ID}
	if _, err := c.ErasePerson(who, "asked to", now()); err != nil || len(c.Disposable()) > 0 || len(c.Agreement.Attached) != 2 {
		t.Errorf("after the erasure %v go and %v stay, %v", c.Disposable(), c.Agreement.Attached, err)
	}
}
