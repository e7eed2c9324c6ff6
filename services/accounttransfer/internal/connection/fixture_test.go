package connection

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/services/accounttransfer/internal/contract"
	"example.com/handover/services/accounttransfer/internal/process"
)

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
func now() time.Time { return at("2026-11-22T12:00:00Z") }

func refused(t testing.TB, err error, reason string) {
	t.Helper()
	if errs.ReasonOf(err) != reason {
		t.Fatalf("got %v, want %s", err, reason)
	}
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

func dump(t testing.TB, c *Connection) string {
	t.Helper()
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func clone(t testing.TB, c *Connection) *Connection {
	t.Helper()
	var copied Connection
	if err := json.Unmarshal([]byte(dump(t, c)), &copied); err != nil {
		t.Fatal(err)
	}
	return &copied
}

func subject() Subject {
	return Subject{
		ID: "con_1", TransferID: "trf_1", OrderID: "ord_1", CustomerID: "cus_1", PayerID: "pay_1", AccountID: "111122223333",
		RoleName: "Bootstrap", DeployURL: "https://console.example.com",
	}
}

func policy() Policy { return Policy{MinimumLead: 3 * day, Cycles: 12} }

// fresh returns a proposal of which everything is demanded that can be.
func fresh(testing.TB) *Connection {
	c, _ := Propose(BillingTransfer, policy(), subject())
	demand(c, now(), everyCondition()...)
	return c
}

func demand(c *Connection, since time.Time, conditions ...process.Condition) {
	wanted := map[process.Condition]Demand{}
	for _, cond := range conditions {
		wanted[cond] = Demand{Since: since}
	}
	c.Demand(wanted)
}

// due reports whether an effect is wanted at a time.
func due(wants []intent.Want, when time.Time) bool {
	return slices.ContainsFunc(wants, func(w intent.Want) bool { return !w.At.IsZero() && !w.At.After(when) })
}

// ask begins the intent of an invitation, as the driver does before it calls AWS.
func ask(t testing.TB, c *Connection, when time.Time) (attempt string, facts []fact.Fact) {
	t.Helper()
	wants := InviteWanted(c)
	if !due(wants, when) {
		t.Fatalf("no invitation is wanted: %+v", wants)
	}
	c.Intents.Begin(EffectInvite, wants[0].Subject, "")
	return wants[0].Subject, c.Invite(when)
}

// heard ends the intent of an invitation: what follows is its answer.
func heard(c *Connection, attempt string) { c.Intents.End(EffectInvite, attempt) }

// asked returns a proposal whose invitation went out and whose answer is not known.
func asked(t testing.TB) *Connection {
	t.Helper()
	c := fresh(t)
	ask(t, c, now())
	return c
}

func answer(id string) Answer {
	return Answer{AWSTransferID: id, AWSHandshakeID: "h-" + id, ExpiresAt: now().Add(15 * day)}
}

// invited returns a proposal whose invitation AWS has.
func invited(t testing.TB) *Connection {
	t.Helper()
	c := asked(t)
	heard(c, "1")
	told(t, Answered(c, "1", answer("rt-1"), now()), FactInvitationRequested)
	return c
}

func saw(s InvitationState) Observation { return Observation{AWSTransferID: "rt-1", Status: s} }

func withdrawnAt(end string) Observation {
	return Observation{AWSTransferID: "rt-1", Status: Withdrawn, EndsAt: at(end)}
}

// bound returns a connection whose invitation the customer accepted.
func bound(t testing.TB) *Connection {
	t.Helper()
	c := invited(t)
	told(t, c.Observe(saw(Accepted), now()), FactEffective)
	return c
}

// related returns one with a billing group and a relationship.
func related(t testing.TB) *Connection {
	t.Helper()
	c := bound(t)
	told(t, MadeAs(c, GroupCreated, FactBillingGroupCreated, "arn:aws:billingconductor::1:billinggroup/1", now()), FactBillingGroupCreated)
	told(t, MadeAs(c, RelationCreated, FactRelationshipCreated, "rs-1", now()), FactRelationshipCreated)
	return c
}

// send has AWS send a service term.
func send(t testing.TB, c *Connection, id string, when time.Time) {
	t.Helper()
	if !due(TermWanted(c), when) {
		t.Fatalf("no service term is wanted: %+v", TermWanted(c))
	}
	IntendTerm(c, when)
	told(t, TermRequested(c, id, when), FactTermRequested)
}

// termed returns one whose service term the customer must answer.
func termed(t testing.TB) *Connection {
	t.Helper()
	c := related(t)
	send(t, c, "ch-1", now())
	return c
}

func term(s contract.State) contract.Seen { return contract.Seen{HandshakeID: "ch-1", Status: s} }

func revocation(s contract.State) contract.Seen { return contract.Seen{HandshakeID: "ch-9", Status: s} }

// committed returns one that a service term binds.
func committed(t testing.TB) *Connection {
	t.Helper()
	c := termed(t)
	told(t, ObserveTerm(c, term(contract.Accepted), now()), FactTermAccepted)
	return c
}

// in returns a connection in a state, brought there by its verbs alone.
func in(t testing.TB, s State) *Connection {
	t.Helper()
	c := invited(t)
	switch s {
	case Effective:
		c.Observe(saw(Accepted), now())
	case Ending:
		c.Observe(saw(Accepted), now())
		c.Observe(withdrawnAt("2027-01-01"), now())
	case Ended:
		c.Observe(saw(Accepted), now())
		c.Observe(withdrawnAt("2026-12-01"), now())
	}
	if c.State != s {
		t.Fatalf("wanted a connection in %s, got %s", s, c.State)
	}
	return c
}

// everyCondition is what the templates of today demand.
func everyCondition() []process.Condition { return append(Observed(), GroupCreated, RelationCreated) }

// active are the accounts of a membership, as AWS lists those that are members.
func active(c *Connection) map[string]bool {
	all := map[string]bool{}
	for _, id := range Accounts(c) {
		all[id] = true
	}
	return all
}

// membersSeen is MembersSeen with what AWS says of each account then that it does not list.
func membersSeen(c *Connection, seen MembersListed, sweptAt, now time.Time) []fact.Fact {
	return gone(c, MembersSeen(c, seen, sweptAt, now), now)
}

// news is News with the same.
func news(c *Connection, l Listed) ([]fact.Fact, bool) {
	facts, changed := News(c, l)
	return gone(c, facts, latest(l.At, l.ToldAt)), changed
}

// gone has AWS say of each account that it did not list that it is not there.
func gone(c *Connection, facts []fact.Fact, now time.Time) []fact.Fact {
	for _, w := range AbsenceWanted(c) {
		facts = append(facts, AbsenceSeen(c, w.Subject, false, false, now)...)
	}
	return slices.DeleteFunc(facts, func(f fact.Fact) bool { return f.Name == FactMemberAbsent })
}
