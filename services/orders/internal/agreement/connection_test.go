package agreement_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/handover/services/orders/internal/agreement"
	"example.com/handover/services/orders/internal/order"
)

func month(m time.Month) time.Time { return time.Date(2026, m, 1, 0, 0, 0, 0, time.UTC) }

// proposed, bound, ending and over are the agreement's connection from March to July, as time goes by.
func proposed() agreement.Connection {
	return agreement.Connection{ID: "con_1", TransferID: "trf_1", CustomerID: "cus_1"}
}

func bound() agreement.Connection {
	c := proposed()
	c.Start = month(time.March)
	return c
}

func ending() agreement.Connection {
	c := bound()
	c.End, c.EndReason = month(time.July), "WITHDRAWN_IN_AWS"
	return c
}

func over() agreement.Connection {
	c := ending()
	c.Ended = true
	return c
}

// TestEveryStateAndConnection goes through all pairs of where the agreement and its connection are.
func TestEveryStateAndConnection(t *testing.T) {
	connections := map[string]agreement.Connection{"proposed": proposed(), "effective": bound(), "ending": ending(), "ended": over()}
	want := map[agreement.State]map[string][]string{
		agreement.Provisioning: {"effective": {"term_set"}, "ending": {"term_set", "ending"}, "ended": {"term_set"}},
		agreement.Active:       {"effective": {"term_set"}, "ending": {"term_set", "ending"}, "ended": {"term_set", "terminated"}},
	}
	for _, s := range agreement.States() {
		for name, c := range connections {
			t.Run(string(s)+" with a connection "+name, func(t *testing.T) {
				a := in(t, s)
				facts := a.ObserveConnection(c, now())
				if !slices.Equal(names(facts), want[s][name]) {
					t.Fatalf("told %v, want %v", names(facts), want[s][name])
				}
				to := s
				if s == agreement.Active && name == "ended" {
					to = agreement.Terminated
				}
				if a.State != to || a.State.Ended() == a.EndedAt.IsZero() {
					t.Fatalf("got %s, ended %v", a.State, a.EndedAt)
				}
				if again := a.ObserveConnection(c, now()); again != nil {
					t.Fatalf("told again: %v", names(again))
				}
			})
		}
	}
}

// TestForeignConnection: whatever order a connection names, it counts for the agreement alone whose transfer began it, and
// whose customer it is of.
func TestForeignConnection(t *testing.T) {
	for _, s := range agreement.States() {
		for name, change := range map[string]func(*agreement.Connection){
			"another transfer": func(c *agreement.Connection) { c.TransferID = "trf_2" },
			"no transfer":      func(c *agreement.Connection) { c.TransferID = "" },
			"another customer": func(c *agreement.Connection) { c.CustomerID = "cus_2" },
		} {
			a, c := in(t, s), over()
			c.ID = "con_2"
			change(&c)
			before := dump(t, a)
			if facts := a.ObserveConnection(c, now()); len(facts) > 0 || dump(t, a) != before {
				t.Errorf("%s, the connection of %s: told %v\n%s\n%s", s, name, names(facts), before, dump(t, a))
			}
		}
	}
}

// TestEveryAgreementCanEnd: no state but an end is one in which an agreement is stuck.
func TestEveryAgreementCanEnd(t *testing.T) {
	for s, ended := range map[agreement.State]func(*agreement.Agreement){
		agreement.Draft:        func(a *agreement.Agreement) { a.Follow(placed(order.Deleted), now()) },
		agreement.Provisioning: func(a *agreement.Agreement) { a.Follow(placed(order.Failed), now()) },
		agreement.Active:       func(a *agreement.Agreement) { a.ObserveConnection(over(), now()) },
	} {
		a := in(t, s)
		if ended(a); !a.State.Ended() {
			t.Errorf("%s became %s", s, a.State)
		}
	}
	a := in(t, agreement.Provisioning)
	a.ObserveConnection(over(), now()) // what had bound it was over before it came into force
	if a.Follow(placed(order.Completed), now()); a.State != agreement.Terminated {
		t.Errorf("an agreement whose connection was over became %s", a.State)
	}
}

// TestEndOfAnAgreement: it runs until the connection has ended, and its end is the billing's.
func TestEndOfAnAgreement(t *testing.T) {
	t.Run("ORD-050 it ends when what binds the account at AWS has ended, and not before", func(t *testing.T) {
		a := in(t, agreement.Active)
		a.ObserveConnection(bound(), now())
		if facts := a.ObserveConnection(ending(), now()); a.State != agreement.Active ||
			facts[0].Details["end"] != "2026-07-01T00:00:00Z" || len(a.Notices()) != 1 || a.Notices()[0].Name != "agreement-ending" {
			t.Fatalf("while it ends: %s %v", a.State, facts)
		}
		if !a.Subscriptions[0].End.Equal(month(time.July)) || a.Subscriptions[0].State != agreement.SubscriptionActive {
			t.Fatalf("the subscription is %+v", a.Subscriptions[0])
		}
		a.ObserveConnection(over(), now())
		if a.State != agreement.Terminated || !a.EndedAt.Equal(month(time.July)) || !a.Subscriptions[0].End.Equal(month(time.July)) {
			t.Fatalf("ended: %s at %v, %+v", a.State, a.EndedAt, a.Subscriptions)
		}
	})
	t.Run("the customer and Operations are told", func(t *testing.T) {
		a := in(t, agreement.Terminated)
		told := a.Notices()
		if len(told) != 2 || told[0].To != "PRIMARY" || told[0].Params["end"] != "2026-07-01T00:00:00Z" || told[0].Params["account_id"] == "" ||
			told[1].To != "OPERATIONS" || told[1].Params["reason"] != "WITHDRAWN_IN_AWS" || told[1].Params["agreement_id"] != "agr_1" {
			t.Fatalf("told are %+v", told)
		}
		for _, s := range agreement.States() {
			if s != agreement.Terminated && in(t, s).Notices() != nil {
				t.Errorf("%s mails %v", s, in(t, s).Notices())
			}
		}
	})
	t.Run("what the customer has to see to differs with what ends", func(t *testing.T) {
		for params, c := range map[string]agreement.Connection{
			"accounts":                 {Accounts: "111122223333, 444455556666"},
			"closed_accounts":          {ClosedAccounts: "111122223333"},
			"accounts closed_accounts": {Accounts: "444455556666", ClosedAccounts: "111122223333"},
			"account_id organization":  {OwnOrganization: true},
			"account_id":               {},
		} {
			end := over()
			end.Accounts, end.ClosedAccounts, end.OwnOrganization = c.Accounts, c.ClosedAccounts, c.OwnOrganization
			a := in(t, agreement.Active)
			a.ObserveConnection(end, now())
			told := a.Notices()[0].Params
			for _, name := range []string{"account_id", "accounts", "closed_accounts", "organization"} {
				if got := told[name] != ""; got != slices.Contains(strings.Fields(params), name) {
					t.Errorf("%q is told as %v", params, told)
				}
			}
			if told["accounts"] != c.Accounts || told["closed_accounts"] != c.ClosedAccounts {
				t.Errorf("told are %v", told)
			}
		}
	})
	t.Run("what has ended before its order is complete ends at the activation", func(t *testing.T) {
		a := in(t, agreement.Provisioning)
		a.ObserveConnection(over(), now())
		if facts := a.Follow(placed(order.Completed), now()); a.State != agreement.Terminated ||
			!slices.Equal(names(facts), []string{"activated", "terminated"}) {
			t.Fatalf("got %s %v", a.State, names(facts))
		}
	})
	t.Run("an end without a date is now", func(t *testing.T) {
		a := in(t, agreement.Active)
		c := proposed()
		c.Ended = true
		a.ObserveConnection(c, now())
		if a.State != agreement.Terminated || !a.EndedAt.Equal(now()) {
			t.Fatalf("got %s at %v", a.State, a.EndedAt)
		}
	})
	t.Run("an end that moves is told again, an end that is taken back is forgotten", func(t *testing.T) {
		a := in(t, agreement.Active)
		a.ObserveConnection(ending(), now())
		later := ending()
		later.End = month(time.August)
		if facts := a.ObserveConnection(later, now()); !slices.Equal(names(facts), []string{"ending"}) ||
			!a.Subscriptions[0].End.Equal(month(time.August)) {
			t.Fatalf("moved: %v %+v", names(facts), a.Subscriptions)
		}
	})
}

// TestEveryFieldIsHeard: whatever alone changes of a connection, the agreement has it; a field that is added and not compared fails here.
func TestEveryFieldIsHeard(t *testing.T) {
	named := func(c *agreement.Connection) []reflect.Value {
		connection, end := reflect.ValueOf(c).Elem(), reflect.ValueOf(&c.Withdrawal).Elem()
		var all []reflect.Value
		for _, of := range []reflect.Value{connection, end} {
			for i := range of.NumField() {
				f := of.Type().Field(i)
				if f.Tag.Get("json") != "-" && f.Name != "Withdrawal" && f.Name != "Revision" {
					all = append(all, of.Field(i))
				}
			}
		}
		return all
	}
	for i := range named(&agreement.Connection{}) {
		c := ending()
		c.Withdrawal = order.EndView{Revision: 2, End: month(time.July)}
		a := in(t, agreement.Active)
		a.ObserveConnection(c, now())
		c.Withdrawal.Revision++
		if a.ObserveConnection(c, now()); a.Connection.Withdrawal.Revision != 2 {
			t.Fatal("another revision alone is heard")
		}
		changeField(t, named(&c)[i])
		if a.ObserveConnection(c, now()); !reflect.DeepEqual(a.Connection, c) {
			t.Errorf("it has %+v, and not %+v", a.Connection, c)
		}
	}
}

// changeField gives a field another value.
func changeField(t *testing.T, f reflect.Value) {
	t.Helper()
	switch v := f.Addr().Interface().(type) {
	case *string:
		*v += "other"
	case *bool:
		*v = !*v
	case *int:
		*v++
	case *time.Time:
		*v = v.AddDate(0, 1, 0)
	case **order.Waiting:
		*v = &order.Waiting{Owner: order.AWS}
	default:
		t.Fatalf("a field is a %s: say how another one looks", f.Type())
	}
}

// TestAReplacementThatComesToNothing leaves the agreement as it was, also when the new connection ended before it billed.
func TestAReplacementThatComesToNothing(t *testing.T) {
	for name, come := range map[string]func(*order.Order){
		"the order failed":                       func(o *order.Order) { o.State = order.Failed },
		"its connection ended before it billed":  func(o *order.Order) { o.State, o.Unbound = order.Completed, true },
		"it completed, and has replaced nothing": func(o *order.Order) { o.State = order.Completed },
		"its connection ended, and had replaced": func(o *order.Order) {
			o.State, o.Unbound, o.Replaces.ToldAt = order.Completed, true, now()
		},
		"its connection ended after a month, and is to replace": func(o *order.Order) {
			o.State, o.Unbound, o.EffectiveAt, o.EffectiveUntil = order.Completed, true, now(), now().AddDate(0, 1, 0)
		},
		"the order failed, and its connection bills": func(o *order.Order) { o.State, o.EffectiveAt = order.Failed, now() },
	} {
		t.Run(name, func(t *testing.T) {
			a, o := in(t, agreement.Active), placed(order.Processing)
			o.ID, o.Replaces = "ord_2", &order.Replacement{AgreementID: a.ID}
			if facts := a.FollowReplacement(o, now()); len(facts) != 1 || a.ReplacementOrderID != o.ID {
				t.Fatalf("%q after %v", a.ReplacementOrderID, facts)
			}
			come(o)
			a.FollowReplacement(o, now())
			goesOn := o.EffectiveAt.IsZero() && (o.State == order.Failed || o.Unbound && o.Replaces.ToldAt.IsZero())
			if (a.ReplacementOrderID == "") != goesOn {
				t.Errorf("it is replaced by %q", a.ReplacementOrderID)
			}
		})
	}
}

// TestSubscriptionsOfAMembership: each account that has joined has one, from its own start; it ends when AccountTransfer says that the
// account has left, is TERMINATING while it is closed or its end is known, and in force again when the account returns.
func TestSubscriptionsOfAMembership(t *testing.T) {
	a, c := in(t, agreement.Provisioning), bound()
	own := agreement.Member{AccountID: "111122223333", SubscriptionID: "sub_8", Start: month(time.March)}
	other := agreement.Member{AccountID: "222233334444", SubscriptionID: "sub_2", Start: month(time.April)}
	hears := func(members ...agreement.Member) []string {
		c.Members = members
		return names(a.ObserveConnection(c, now()))
	}
	stands := func(when string, want ...agreement.SubscriptionState) {
		t.Helper()
		var got []agreement.SubscriptionState
		for _, s := range a.Subscriptions {
			got = append(got, s.Shown())
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%s: %v, want %v", when, got, want)
		}
	}
	if facts := hears(own, other); !slices.Equal(facts, []string{"term_set", "updated"}) {
		t.Fatalf("told is %v", facts)
	}
	stands("before the order is complete", agreement.SubscriptionDraft, agreement.SubscriptionDraft)
	a.Follow(placed(order.Completed), now())
	stands("in force", agreement.SubscriptionActive, agreement.SubscriptionActive)
	if s := a.Subscriptions; s[0].ID != "sub_1" || s[1].ID != "sub_2" || !s[1].Start.Equal(month(time.April)) {
		t.Fatalf("they are %+v", s)
	}
	other.SubscriptionID = "sub_9" // each time another is proposed
	if again := hears(own, other); again != nil || a.Subscriptions[1].ID != "sub_2" {
		t.Fatalf("the same again tells %v", again)
	}
	if facts := hears(own); facts != nil { // one list that lacks an account
		t.Fatalf("told is %v", facts)
	}
	stands("of an account that is not named", agreement.SubscriptionActive, agreement.SubscriptionActive)
	other.Closed = true
	hears(own, other)
	stands("closed", agreement.SubscriptionActive, agreement.SubscriptionTerminating)
	other.Closed, other.Left, other.End = false, true, month(time.May)
	hears(own, other)
	stands("left", agreement.SubscriptionActive, agreement.SubscriptionTerminated)
	c.End = month(time.July)
	hears(own, other)
	stands("with an end", agreement.SubscriptionTerminating, agreement.SubscriptionTerminated)
	back := other
	back.Left, back.End = false, time.Time{}
	hears(own, back)
	stands("returned", agreement.SubscriptionTerminating, agreement.SubscriptionTerminating)
	hears(own, other)
	c.Ended = true
	hears(own, other)
	stands("over", agreement.SubscriptionTerminated, agreement.SubscriptionTerminated)
	if s := a.Subscriptions; !s[0].End.Equal(month(time.July)) || !s[1].End.Equal(month(time.May)) {
		t.Errorf("they end %v, %v", s[0].End, s[1].End)
	}
}
