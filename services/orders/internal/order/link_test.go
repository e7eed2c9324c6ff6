package order_test

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/party"
)

func sent(t *testing.T) *order.Order {
	t.Helper()
	o := draft(t)
	must(t)(o.SendLink("per_2", customer(), linkTerms(), operator(), now()))
	return o
}

func terms(n string) order.LinkTerms {
	return order.LinkTerms{NotificationID: "ntf_" + n, ReminderID: "rem_" + n, Life: 24 * time.Hour}
}

func TestSendLink(t *testing.T) {
	o := sent(t)
	l := o.Newest()
	if l.Number != 1 || l.PersonID != "per_2" || !l.ExpiresAt.Equal(now().Add(14*24*time.Hour)) || l.SentBy != operator().Subject {
		t.Fatalf("got %+v", l)
	}
	facts := must(t)(o.ResendLink(customer(), terms("2"), call.Actor{Subject: "op-2"}, now()))
	if l := o.Newest(); l.Number != 2 || l.PersonID != "per_2" || l.SentBy != "op-2" || facts[0].Details["number"] != "2" {
		t.Fatalf("again: got %+v %v", l, facts)
	}
	must(t)(o.SendLink("", party.Customer{Contacts: []party.Contact{{PersonID: "per_0", Erased: true}, {PersonID: "per_9"}}}, terms("3"), operator(), now()))
	if l := o.Newest(); l.PersonID != "per_9" {
		t.Fatalf("to the first who can be reached: got %+v", l)
	}
}

func TestLinkRefuses(t *testing.T) {
	o := draft(t)
	_, err := o.ResendLink(customer(), terms("1"), operator(), now())
	refused(t, err, order.ReasonLinkMissing)
	_, err = o.RevokeLink("by mistake", now())
	refused(t, err, order.ReasonLinkMissing)
	for _, stranger := range []string{"per_3", ""} {
		c := customer()
		if stranger == "" {
			c.Contacts = nil
		}
		_, err = o.SendLink(stranger, c, terms("1"), operator(), now())
		refused(t, err, order.ReasonContactUnknown)
	}
	erased := customer()
	if _, err := erased.ErasePerson(party.Person{ID: "per_2", CustomerID: erased.ID}, "asked"); err != nil {
		t.Fatal(err)
	}
	_, err = sent(t).ResendLink(erased, terms("2"), operator(), now())
	refused(t, err, order.ReasonContactUnknown)
	_, err = sent(t).RevokeLink("too late", now().Add(14*24*time.Hour))
	refused(t, err, order.ReasonLinkMissing)
}

// TestOpenLink: only the newest link opens, before its end, unless it was revoked; and it is told once.
func TestOpenLink(t *testing.T) {
	end := now().Add(14 * 24 * time.Hour)
	tests := []struct {
		name   string
		turn   func(*order.Order)
		number int
		ends   time.Time
		at     time.Time
		opens  bool
	}{
		{"at once", nil, 1, end, now(), true},
		{"in its last moment", nil, 1, end, end.Add(-time.Microsecond), true},
		{"at its end", nil, 1, end, end, false},
		{"of another number", nil, 2, end, now(), false},
		{"with another end", nil, 1, end.Add(time.Hour), now(), false},
		{"replaced", func(o *order.Order) { must(t)(o.ResendLink(customer(), linkTerms(), operator(), now())) }, 1, end, now(), false},
		{"the one that replaced it", func(o *order.Order) { must(t)(o.ResendLink(customer(), linkTerms(), operator(), now())) }, 2, end, now(), true},
		{"revoked", func(o *order.Order) { must(t)(o.RevokeLink("wrong person", now())) }, 1, end, now(), false},
		{"of a submitted order", func(o *order.Order) { must(t)(o.Submit(submission(t), now())) }, 1, end, now(), true},
		{"of a deleted draft", func(o *order.Order) { must(t)(o.Delete(now())) }, 1, end, now(), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := sent(t)
			if tt.turn != nil {
				tt.turn(o)
			}
			before := dump(t, o)
			facts, err := o.OpenLink(tt.number, tt.ends, tt.at)
			if !tt.opens {
				refused(t, err, order.ReasonLinkInvalid)
				if dump(t, o) != before {
					t.Error("a refused link left a trace")
				}
				return
			}
			if err != nil || !slices.Equal(names(facts), []string{order.FactLinkOpened}) {
				t.Fatalf("got %v %v", names(facts), err)
			}
			if again := must(t)(o.OpenLink(tt.number, tt.ends, tt.at)); again != nil {
				t.Errorf("told again: %v", names(again))
			}
		})
	}
	if _, err := draft(t).OpenLink(1, end, now()); err == nil {
		t.Error("a draft that was never sent opens")
	}
}

// TestErrands: mailed, reminded, and the reminders stopped when they have no sense any more.
func TestErrands(t *testing.T) {
	for name, end := range map[string]func(*order.Order){
		"submitted": func(o *order.Order) {
			must(t)(o.Submit(submission(t), now()))
			must(t)(o.IntendTransfer())
			must(t)(o.RecordTransferRequested())
		},
		"deleted": func(o *order.Order) { must(t)(o.Delete(now())) },
		"revoked": func(o *order.Order) { must(t)(o.RevokeLink("wrong person", now())) },
		"replaced": func(o *order.Order) {
			must(t)(o.SendLink("per_1", customer(), terms("2"), operator(), now()))
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := sent(t)
			does(t, o, order.MailLink, "ntf_1", true)
			does(t, o, order.PlanReminder, "rem_1", true)
			if order.NextAction(o) != order.None {
				t.Fatalf("then %s", order.NextAction(o))
			}
			end(o)
			does(t, o, order.StopReminder, "rem_1", true)
			if name == "replaced" {
				does(t, o, order.MailLink, "ntf_2", true)
				does(t, o, order.PlanReminder, "rem_2", true)
			}
			if order.NextAction(o) != order.None || !order.Next(o).IsZero() {
				t.Fatalf("at the end %s", order.NextAction(o))
			}
		})
	}
	t.Run("what was refused is not asked for again", func(t *testing.T) {
		o := sent(t)
		does(t, o, order.MailLink, "ntf_1", false)
		does(t, o, order.PlanReminder, "rem_1", false)
		must(t)(o.Delete(now()))
		if order.NextAction(o) != order.None {
			t.Fatalf("then %s", order.NextAction(o))
		}
	})
	t.Run("what Notifications refused is told to Operations", func(t *testing.T) {
		o := sent(t)
		facts := must(t)(o.RecordErrandRefused(o.NextErrand(), "TEMPLATE_UNKNOWN"))
		if f := facts[0]; f.Name != order.FactMailRefused || f.Audience != fact.Operator || f.Details["errand"] != "MAIL_LINK" || f.Details["reason"] != "TEMPLATE_UNKNOWN" {
			t.Fatalf("told %+v", f)
		}
		does(t, o, order.PlanReminder, "rem_1", true)
	})
	t.Run("the transfer comes before the mail", func(t *testing.T) {
		o := sent(t)
		must(t)(o.Submit(submission(t), now()))
		if order.NextAction(o) != order.RequestTransfer {
			t.Fatalf("got %s", order.NextAction(o))
		}
	})
	t.Run("what became of an unanswered request is found out before it is stopped", func(t *testing.T) {
		o := sent(t)
		does(t, o, order.MailLink, "ntf_1", true)
		must(t)(o.IntendErrand(o.NextErrand()))
		must(t)(o.Delete(now()))
		does(t, o, order.PlanReminder, "rem_1", true)
		does(t, o, order.StopReminder, "rem_1", true)
	})
	t.Run("what was never asked for is not asked for after the end", func(t *testing.T) {
		o := sent(t)
		mail := o.NextErrand()
		must(t)(o.Delete(now()))
		if must(t)(o.IntendErrand(mail)); order.NextAction(o) != order.None || o.Newest().Mail != "" {
			t.Fatalf("got %s, mail %q", order.NextAction(o), o.Newest().Mail)
		}
	})
}

// does carries out the next action, which must be this one.
func does(t *testing.T, o *order.Order, a order.Action, id string, done bool) {
	t.Helper()
	e := o.NextErrand()
	got := e.Link.ReminderID
	if e.Action == order.MailLink {
		got = e.Link.NotificationID
	}
	if order.NextAction(o) != a || got != id {
		t.Fatalf("wants %s of %s, not %s of %s", order.NextAction(o), got, a, id)
	}
	must(t)(o.IntendErrand(e))
	must(t)(o.RecordErrand(e, done))
}
