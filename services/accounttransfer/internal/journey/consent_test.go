package journey

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/consent"
	"example.com/handover/services/accounttransfer/internal/journey/templates"
	"example.com/handover/services/accounttransfer/internal/process"
)

// assigning is a process that moves ownership only when AWS has consented.
func assigning() templates.Journey {
	return templates.Journey{
		Template: process.Template{Key: "assigning", Version: 1, Steps: []process.TemplateStep{
			{Key: "prepare", Owner: process.Reseller, CompletedBy: process.Attestation, EscalateAfter: day},
			{Key: "request-consent", Owner: process.Reseller, CompletedBy: process.Observation, Condition: consent.Condition, EscalateAfter: day},
			{
				Key: "hand-over", Owner: process.Customer, CompletedBy: process.Attestation, EscalateAfter: day,
				Requires: []string{"prepare", "request-consent"},
			},
		}},
		Kind: templates.Membership, Basis: connection.Membership, DecideIn: day,
		Consent: consent.Policy{GatherIn: 2 * day, ReviewIn: day, AgreeIn: day, SignIn: day, DecideIn: 3 * day},
	}
}

// assignment is a transfer with its connection and its consent.
type assignment struct {
	tr  *Transfer
	con *connection.Connection
	k   *consent.Consent
}

func newAssignment(t testing.TB) *assignment {
	t.Helper()
	j := assigning()
	tr, _, err := New(j, Subject{ID: "trf_1", ConnectionID: "con_1", OrderID: "ord_1", AccountID: "111122223333", ConsentID: "cta_1"}, now())
	if err != nil {
		t.Fatal(err)
	}
	con, _ := connection.Propose(j.Basis, j.Policy, connection.Subject{ID: "con_1", TransferID: "trf_1", AccountID: "111122223333"})
	k, _ := consent.New(consent.Subject{ID: "cta_1", TransferID: "trf_1"}, j.Consent)
	a := &assignment{tr, con, k}
	a.concur(now())
	return a
}

func (a *assignment) concur(when time.Time) Changes { return Concur(a.tr, a.con, a.k, when) }

func (a *assignment) step(t testing.TB) *process.Step {
	t.Helper()
	s := a.tr.For(consent.Condition)
	if s == nil {
		t.Fatal("there is no step")
	}
	return s
}

// refuses has AWS refuse the request.
func (a *assignment) refuses(t testing.TB) {
	t.Helper()
	for _, p := range []*consent.Party{&a.k.Assignor, &a.k.Assignee} {
		p.LegalName, p.Address, p.Signatory = "Example", "Example Street 1", "per_1"
	}
	a.k.Terms = "All of it."
	must := func(_ []fact.Fact, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(a.k.Submit("sent", "", operator(), now()))
	must(a.k.Decide(consent.Verdict{Outcome: consent.OutcomeRefused, Evidence: "mail"}, operator(), now()))
	a.concur(now())
}

// TestATransferFollowsItsConsent: it waits for whom the consent waits for, and escalates nothing of it itself.
func TestATransferFollowsItsConsent(t *testing.T) {
	a := newAssignment(t)
	if a.k.State != consent.InfoGathering || a.step(t).State != process.Open || a.k.AccountID != a.tr.AccountID {
		t.Fatalf("the consent is %s, the step %s", a.k.State, a.step(t).State)
	}
	if w := a.tr.Waiting(); w == nil || w.Owner != process.Customer || w.StepKey != "request-consent" {
		t.Errorf("it waits for %+v", w)
	}
	late := now().Add(2 * day)
	a.tr.Tick(late)
	if s := a.step(t); s.Escalated {
		t.Errorf("the step is escalated besides: %+v", s)
	}
	if told := a.k.Tick(late); len(told) != 1 {
		t.Fatalf("told %v", told)
	}
	if made := a.concur(late); len(made.Transfer) != 1 || made.Transfer[0].Name != process.FactStepChanged || !a.tr.Waiting().Escalated {
		t.Errorf("the transfer tells %v and waits for %+v", made.Transfer, a.tr.Waiting())
	}
	for _, o := range a.tr.overlong() {
		if o.title.Key == "title.request-consent" {
			t.Errorf("the wait has a case of the transfer besides: %+v", o)
		}
	}
}

// TestOwnStepsBesideAConsent: what the reseller's people have at the transfer itself is listed by it, whoever has the consent and however
// late that is, and once.
func TestOwnStepsBesideAConsent(t *testing.T) {
	refusals := intent.Ledger{"case": {Refusals: 3}}
	for name, tt := range map[string]struct {
		change        func(t *testing.T, a *assignment)
		besides       int
		alone, listed bool
	}{
		"the customer's": {func(*testing.T, *assignment) {}, 1, false, true},
		"escalated": {func(_ *testing.T, a *assignment) {
			late := now().Add(2 * day)
			a.k.Tick(late)
			a.concur(late)
		}, 1, false, true},
		"ours": {func(t *testing.T, a *assignment) {
			a.refuses(t)
			if !ours(a.tr.Waiting()) || !AwaitsConsent(a.tr) {
				t.Fatalf("it waits for %+v", a.tr.Waiting())
			}
		}, 1, false, true},
		"with something that is refused": {func(_ *testing.T, a *assignment) { a.tr.Intents = refusals }, 1, true, false},
		"with nothing besides": {func(_ *testing.T, a *assignment) {
			a.tr.Steps = slices.DeleteFunc(a.tr.Steps, func(s process.Step) bool { w := s.Waiting(); return w != nil && ours(w) })
		}, 0, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAssignment(t)
			tt.change(t, a)
			if n := len(Besides(a.tr)); n != tt.besides || ShownAlone(a.tr) != tt.alone || ShownBesides(a.tr) != tt.listed {
				t.Errorf("%d besides, listed alone %t, besides %t", n, ShownAlone(a.tr), ShownBesides(a.tr))
			}
		})
	}
}

// TestARefusedConsent fails the step until Operations begins again, or the transfer with what stands.
func TestARefusedConsent(t *testing.T) {
	t.Run("begun again", func(t *testing.T) {
		a := newAssignment(t)
		a.refuses(t)
		if s := a.step(t); s.State != process.Broken || s.Failure.Code != consent.CodeRefused || a.tr.State != InProgress {
			t.Fatalf("the step is %+v", s)
		}
		_, err := a.tr.RetryStep(a.con, "request-consent", operator(), now())
		refused(t, err, process.ReasonStepNotManual)
		if _, err := a.k.Reopen("another try", operator(), now()); err != nil {
			t.Fatal(err)
		}
		a.concur(now())
		if s := a.step(t); s.State != process.Open || s.Failure != nil || a.tr.Waiting().Owner != process.Reseller {
			t.Errorf("the step is %+v", s)
		}
	})
	t.Run("left alone", func(t *testing.T) {
		a := newAssignment(t)
		a.refuses(t)
		late := now().Add(3 * day)
		a.k.Tick(late)
		a.concur(late)
		if a.tr.State != Failed || a.tr.Failure.Code != consent.CodeRefused || a.con.State != connection.Ended {
			t.Errorf("the transfer is %s with %+v, the connection %s", a.tr.State, a.tr.Failure, a.con.State)
		}
		if made := a.concur(late); len(made.Transfer)+len(made.Connection)+len(made.Consent) != 0 {
			t.Errorf("it does not come to rest: %+v", made)
		}
	})
}

// TestWhatNeedsNoConsent: the consent ends with what needed it.
func TestWhatNeedsNoConsent(t *testing.T) {
	a := newAssignment(t)
	a.tr.Cancel("the customer stays", operator(), now())
	a.concur(now())
	if a.tr.State != Cancelled || a.k.State != consent.Cancelled || !a.k.Ended() {
		t.Errorf("the transfer is %s, the consent %s", a.tr.State, a.k.State)
	}
	private, _, err := New(assigning(), Subject{ID: "trf_2", ConnectionID: "con_2", OrderID: "ord_2", AccountID: "111122223333"}, now())
	if err != nil || private.For(consent.Condition).State != process.Skipped {
		t.Errorf("a customer that is not of the public sector waits for AWS: %+v, %v", private, err)
	}
	if NeedsConsent(assigning(), false) || !NeedsConsent(assigning(), true) || NeedsConsent(templates.Journey{}, true) {
		t.Error("who needs a consent is wrong")
	}
}
