package transfer

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t, err = time.Parse("2006-01-02", s)
	}
	if err != nil {
		return time.Time{}
	}
	return t
}

// now is the day of most tests: the start of December can still be accepted.
func now() time.Time       { return at("2026-11-22T12:00:00Z") }
func operator() call.Actor { return call.Actor{Subject: "op-1", Role: "OPERATOR"} }
func person() call.Actor   { return call.Actor{Subject: "cu-1", Role: "CUSTOMER"} }
func partner() call.Actor  { return call.Actor{Subject: "pa-1", Role: "PARTNER"} }

func must(t testing.TB) func([]fact.Fact, error) []fact.Fact {
	return func(facts []fact.Fact, err error) []fact.Fact {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return facts
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

func names(facts []fact.Fact) []string {
	var all []string
	for _, f := range facts {
		all = append(all, f.Name)
	}
	return all
}

func dump(t testing.TB, tr *Transfer) string {
	t.Helper()
	b, err := json.Marshal(tr)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func step(t testing.TB, tr *Transfer, key string) *Step {
	t.Helper()
	s, err := tr.Step(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func template(t testing.TB, key string) Template {
	t.Helper()
	tpl, err := FindTemplate(key)
	if err != nil {
		t.Fatal(err)
	}
	return tpl
}

func subject() Subject {
	return Subject{ID: "trf_1", OrderID: "ord_1", CustomerID: "cus_1", PayerID: "pay_1", SourceAccountID: "111122223333", RoleName: "Bootstrap", DeployURL: "https://console.example"}
}

// fresh returns a transfer of an existing organization as it is created.
func fresh(t testing.TB) *Transfer {
	t.Helper()
	tr, _, err := New(template(t, BillingTransferExisting), subject(), now())
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// asked returns a transfer whose invitation went out and whose answer is not known.
func asked(t testing.TB) *Transfer {
	t.Helper()
	tr := fresh(t)
	must(t)(tr.Validated(now()))
	must(t)(tr.Prepare(now()))
	return tr
}

func answer(id string) Answer {
	return Answer{AWSTransferID: id, AWSHandshakeID: "h-" + id, ExpiresAt: now().Add(15 * day)}
}

// invited returns a transfer whose invitation AWS has.
func invited(t testing.TB) *Transfer {
	t.Helper()
	tr := asked(t)
	must(t)(tr.Answered(1, answer("rt-1"), now()))
	return tr
}

func saw(s InvitationState) Observation { return Observation{AWSTransferID: "rt-1", Status: s} }

// agreed returns a transfer whose invitation the customer accepted.
func agreed(t testing.TB) *Transfer {
	t.Helper()
	tr := invited(t)
	must(t)(tr.Observe(saw(Accepted), now()))
	return tr
}

// proposed returns a transfer whose service term the customer must answer.
func proposed(t testing.TB) *Transfer {
	t.Helper()
	tr := agreed(t)
	for _, c := range creations() {
		create(t, tr, c, now())
	}
	return tr
}

// create lets AWS create what a step wants.
func create(t testing.TB, tr *Transfer, c Completion, when time.Time) {
	t.Helper()
	must(t)(tr.Intend(c, when))
	must(t)(tr.Created(c, idAtAWS(tr, c), when))
}

func idAtAWS(tr *Transfer, c Completion) string {
	return map[Completion]string{
		BillingGroupCreated: "arn:aws:billingconductor::1:billinggroup/1", RelationshipCreated: "rs-1",
		TermSent: "ch-" + number(len(tr.Terms)),
	}[c]
}

// termed returns a transfer whose service term is accepted, so that the roles are the customer's to deploy.
func termed(t testing.TB) *Transfer {
	t.Helper()
	tr := proposed(t)
	must(t)(tr.ObserveTerm(TermSeen{HandshakeID: "ch-1", Status: TermAgreed}, now()))
	return tr
}

// looked returns such a transfer after the first look for the role, which was not there.
func looked(t testing.TB, model SupportModel) *Transfer {
	t.Helper()
	tr := termed(t)
	tr.SupportModel = model
	must(t)(tr.RoleSeen(RoleMissing, now()))
	return tr
}

// in returns a transfer in a state, brought there by its verbs alone.
func in(t testing.TB, s State) *Transfer {
	t.Helper()
	tr := invited(t)
	switch s {
	case WaitingDecision:
		must(t)(tr.CancelTransfer("not wanted", operator(), now()))
		must(t)(tr.Observe(saw(Accepted), now()))
	case Cancelled:
		must(t)(tr.CancelTransfer("not wanted", operator(), now()))
		must(t)(tr.Observe(saw(Canceled), now()))
	case Failed:
		must(t)(tr.Observe(saw(Declined), now()))
	case Completed:
		must(t)(tr.Observe(saw(Accepted), now()))
		finish(t, tr)
	}
	if tr.State != s {
		t.Fatalf("wanted a transfer in %s, got %s", s, tr.State)
	}
	return tr
}

// finish does everything after the acceptance.
func finish(t testing.TB, tr *Transfer) {
	t.Helper()
	for _, c := range creations() {
		create(t, tr, c, now())
	}
	must(t)(tr.ObserveTerm(TermSeen{HandshakeID: tr.Term().ID, Status: TermAgreed}, now()))
	must(t)(tr.RoleSeen(RoleSafe, now()))
	must(t)(tr.IntendChannel("chn_1"))
	must(t)(tr.ChannelRequested("chn_1"))
	must(t)(tr.ObserveChannel("chn_1", true, now()))
}

func wantNames(t testing.TB, facts []fact.Fact, want ...string) {
	t.Helper()
	if got := names(facts); !slices.Equal(got, want) {
		t.Fatalf("facts: got %v, want %v", got, want)
	}
}
