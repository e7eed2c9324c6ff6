package journey

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/services/accounttransfer/internal/access"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/contract"
	"example.com/handover/services/accounttransfer/internal/journey/templates"
	"example.com/handover/services/accounttransfer/internal/process"
)

const day = 24 * time.Hour

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t, err = time.Parse(time.DateOnly, s)
	}
	if err != nil {
		panic(err)
	}
	return t
}

// now is the day of most tests: the start of December can still be accepted.
func now() time.Time       { return at("2026-11-22T12:00:00Z") }
func operator() call.Actor { return call.Actor{Subject: "op-1", Role: "OPERATOR"} }
func person() call.Actor   { return call.Actor{Subject: "cu-1", Role: "CUSTOMER"} }

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

func told(t testing.TB, facts []fact.Fact, want ...string) {
	t.Helper()
	if got := names(facts); !slices.Equal(got, want) {
		t.Fatalf("facts: got %v, want %v", got, want)
	}
}

// life is a transfer and its connection, which follow each other after every change.
type life struct {
	tb  testing.TB
	tr  *Transfer
	con *connection.Connection
}

// begin proposes a connection and starts a transfer on it, as the service does.
func begin(t testing.TB, key, accountID string, change ...func(*templates.Journey)) *life {
	t.Helper()
	j, ok := templates.Find(key)
	if !ok {
		t.Fatalf("no template %s", key)
	}
	j.Steps = slices.Clone(j.Steps)
	for _, c := range change {
		c(&j)
	}
	con, _ := connection.Propose(j.Basis, j.Policy, connection.Subject{
		ID: "con_1", TransferID: "trf_1", OrderID: "ord_1", CustomerID: "cus_1", PayerID: "pay_1", AccountID: accountID,
		RoleName: "Bootstrap", DeployURL: "https://console.example.com",
	})
	tr, _, err := New(j, Subject{
		ID: "trf_1", ConnectionID: "con_1", OrderID: "ord_1", CustomerID: "cus_1", PayerID: "pay_1", AccountID: accountID,
	}, now())
	if err != nil {
		t.Fatal(err)
	}
	l := &life{t, tr, con}
	l.heard(now(), nil)
	return l
}

// heard lets the transfer follow what the connection has heard, and returns the transfer's facts.
func (l *life) heard(when time.Time, _ []fact.Fact) []fact.Fact {
	return Agree(l.tr, l.con, when).Transfer
}

// did lets the connection follow what was done to the transfer, and returns all of the transfer's facts.
func (l *life) did(when time.Time) func([]fact.Fact, error) []fact.Fact {
	return func(facts []fact.Fact, err error) []fact.Fact {
		l.tb.Helper()
		if err != nil {
			l.tb.Fatal(err)
		}
		return append(facts, Agree(l.tr, l.con, when).Transfer...)
	}
}

func (l *life) dump() string {
	b, err := json.Marshal([]any{l.tr, l.con})
	if err != nil {
		l.tb.Fatal(err)
	}
	return string(b)
}

func (l *life) step(key string) *process.Step {
	l.tb.Helper()
	s, err := l.tr.Step(key)
	if err != nil {
		l.tb.Fatal(err)
	}
	return s
}

// fresh returns a transfer of an existing organization as it is created.
func fresh(t testing.TB) *life { return begin(t, "billing-transfer-existing", "111122223333") }

// asked returns one whose invitation went out and whose answer is not known.
func asked(t testing.TB) *life {
	t.Helper()
	l := fresh(t)
	l.ask("1", now())
	return l
}

func (l *life) ask(attempt string, when time.Time) {
	l.con.Intents.Begin(connection.EffectInvite, attempt, "")
	l.heard(when, l.con.Invite(when))
}

// settled ends the intent of an invitation: what follows is its answer.
func (l *life) settled(attempt string) *connection.Connection {
	l.con.Intents.End(connection.EffectInvite, attempt)
	return l.con
}

func answer(id string) connection.Answer {
	return connection.Answer{AWSTransferID: id, AWSHandshakeID: "h-" + id, ExpiresAt: now().Add(15 * day)}
}

// invited returns one whose invitation AWS has.
func invited(t testing.TB) *life {
	t.Helper()
	l := asked(t)
	l.heard(now(), connection.Answered(l.settled("1"), "1", answer("rt-1"), now()))
	return l
}

func saw(s connection.InvitationState) connection.Observation {
	return connection.Observation{AWSTransferID: "rt-1", Status: s}
}

func withdrawnAt(end string) connection.Observation {
	return connection.Observation{AWSTransferID: "rt-1", Status: connection.Withdrawn, EndsAt: at(end)}
}

// agreed returns one whose invitation the customer accepted.
func agreed(t testing.TB) *life {
	t.Helper()
	l := invited(t)
	l.heard(now(), l.con.Observe(saw(connection.Accepted), now()))
	return l
}

// proposed returns one whose service term the customer must answer.
func proposed(t testing.TB) *life {
	t.Helper()
	l := agreed(t)
	l.create(now())
	return l
}

// create lets AWS create everything that is wanted.
func (l *life) create(when time.Time) {
	l.heard(when, connection.MadeAs(l.con, connection.GroupCreated, connection.FactBillingGroupCreated, "arn", when))
	l.heard(when, connection.MadeAs(l.con, connection.RelationCreated, connection.FactRelationshipCreated, "rs-1", when))
	l.sendTerm("ch-1", when)
}

func (l *life) sendTerm(id string, when time.Time) {
	connection.IntendTerm(l.con, when)
	l.heard(when, connection.TermRequested(l.con, id, when))
}

func term(s contract.State) contract.Seen { return contract.Seen{HandshakeID: "ch-1", Status: s} }

// termed returns one whose service term is accepted, so that the roles are the customer's to deploy.
func termed(t testing.TB) *life {
	t.Helper()
	l := proposed(t)
	l.heard(now(), connection.ObserveTerm(l.con, term(contract.Accepted), now()))
	return l
}

// channel lets support set up its channel.
func (l *life) channel(when time.Time) {
	l.tr.IntendChannel("chn_1")
	l.did(when)(append(l.tr.ChannelRequested(), l.tr.ObserveChannel("chn_1", true, when)...), nil)
}

// looked returns one after the first look for the role, which was not there.
func looked(t testing.TB, model SupportModel) *life {
	t.Helper()
	l := termed(t)
	if l.tr.SupportModel = model; model == PartnerLed {
		l.tr.endsWithoutRole()
	}
	l.heard(now(), connection.RoleSeen(l.con, access.Missing, now()))
	return l
}

// cancelled asks a transfer to end.
func (l *life) cancelled(when time.Time) []fact.Fact {
	return l.did(when)(l.tr.Cancel("not wanted", operator(), when), nil)
}

// questioned returns one that a service term binds and that Operations must decide on.
func questioned(t testing.TB) *life {
	t.Helper()
	l := termed(t)
	l.cancelled(now())
	return l
}
