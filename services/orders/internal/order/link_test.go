package order_test

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/party"
)

func sent(t *testing.T) *order.Order {
	t.Helper()
	o := draft(t)
	must(t)(o.SendLink("per_2", customer(), linkLife, operator(), now()))
	return o
}

func TestSendLink(t *testing.T) {
	o := sent(t)
	l := o.Link
	if l.Number != 1 || l.PersonID != "per_2" || !l.ExpiresAt.Equal(now().Add(14*24*time.Hour)) || l.SentBy != operator().Subject {
		t.Fatalf("got %+v", l)
	}
	facts := must(t)(o.ResendLink(customer(), 24*time.Hour, call.Actor{Subject: "op-2"}, now()))
	if l := o.Link; l.Number != 2 || l.PersonID != "per_2" || l.SentBy != "op-2" || facts[0].Details["number"] != "2" {
		t.Fatalf("again: got %+v %v", l, facts)
	}
	must(t)(o.SendLink("", party.Customer{Contacts: []party.Contact{{PersonID: "per_0", Erased: true}, {PersonID: "per_9"}}},
		24*time.Hour, operator(), now()))
	if l := o.Link; l.PersonID != "per_9" {
		t.Fatalf("to the first who can be reached: got %+v", l)
	}
}

func TestLinkRefuses(t *testing.T) {
	o := draft(t)
	_, err := o.ResendLink(customer(), 24*time.Hour, operator(), now())
	refused(t, err, order.ReasonLinkMissing)
	_, err = o.RevokeLink("by mistake", now())
	refused(t, err, order.ReasonLinkMissing)
	for _, stranger := range []string{"per_3", ""} {
		c := customer()
		if stranger == "" {
			c.Contacts = nil
		}
		_, err = o.SendLink(stranger, c, 24*time.Hour, operator(), now())
		refused(t, err, order.ReasonContactUnknown)
	}
	erased := customer()
	if _, err := erased.ErasePerson(party.Person{ID: "per_2", CustomerID: erased.ID}, "asked"); err != nil {
		t.Fatal(err)
	}
	_, err = sent(t).ResendLink(erased, 24*time.Hour, operator(), now())
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
		{"replaced", func(o *order.Order) { must(t)(o.ResendLink(customer(), linkLife, operator(), now())) }, 1, end, now(), false},
		{
			"the one that replaced it", func(o *order.Order) { must(t)(o.ResendLink(customer(), linkLife, operator(), now())) }, 2, end,
			now(), true,
		},
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
