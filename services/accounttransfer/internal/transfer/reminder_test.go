package transfer

import (
	"slices"
	"testing"
	"time"
)

func TestReminders(t *testing.T) {
	t.Run("NTF-001 an open step of the customer is reminded of, and no other", func(t *testing.T) {
		tr := agreed(t)
		world{term: TermPending}.rest(t, tr, now())
		for _, s := range tr.Steps {
			if got, want := s.Reminder != nil, s.Key == "accept-service-term"; got != want {
				t.Errorf("%s in %s is reminded of: %v", s.Key, s.State, got)
			}
		}
	})
	t.Run("NTF-001 the step is done: the reminder is stopped before anything else", func(t *testing.T) {
		tr := invited(t)
		world{}.rest(t, tr, now())
		must(t)(tr.Observe(saw(Accepted), now()))
		if a := NextAction(tr, now()); a.Kind != StopReminder || a.StepKey != "accept-invitation" {
			t.Fatalf("got %+v", a)
		}
	})
	for _, s := range []State{Failed, Cancelled} {
		t.Run("the transfer ends: its reminder is stopped, and nothing else happens: "+string(s), func(t *testing.T) {
			tr := invited(t)
			world{}.rest(t, tr, now())
			status := Declined
			if s == Cancelled {
				must(t)(tr.CancelTransfer("no", operator(), now()))
				world{}.rest(t, tr, now()) // while it is being cancelled nobody is reminded
				if step(t, tr, "accept-invitation").Reminder != nil {
					t.Fatal("still reminded")
				}
				status = Canceled
			}
			must(t)(tr.Observe(saw(status), now()))
			world{}.rest(t, tr, now())
			if tr.State != s || !Next(tr).IsZero() || step(t, tr, "accept-invitation").Reminder != nil {
				t.Fatalf("got %s, next %v", tr.State, Next(tr))
			}
		})
	}
	t.Run("another invitation has a reminder of its own", func(t *testing.T) {
		tr := invited(t)
		world{}.rest(t, tr, now())
		old := step(t, tr, "accept-invitation").Reminder.ID
		must(t)(tr.Reinvite(at("2027-01-01"), now()))
		must(t)(tr.CancelSent(1, now()))
		must(t)(tr.Observe(saw(Canceled), now()))
		world{}.rest(t, tr, now().Add(time.Second))
		s := step(t, tr, "accept-invitation")
		if s.Reminder == nil || s.Reminder.ID == old {
			t.Fatalf("got %+v", s.Reminder)
		}
		if w := tr.ReminderWish(s); !w.Until.Equal(at("2026-12-30T23:59:59Z")) || w.Params["start"] != "2027-01-01T00:00:00Z" {
			t.Fatalf("got %+v", w)
		}
	})
}

func TestReminderWishes(t *testing.T) {
	entering := subject()
	entering.SourceAccountID = ""
	fresh, _, err := New(template(t, BillingTransferNew), entering, now())
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		tr           *Transfer
		step         string
		params       []string
		start, until time.Time
	}{
		{fresh, "enter-management-account", []string{"order_id", "where"}, now(), time.Time{}},
		{invited(t), "accept-invitation", []string{"accept_by", "account_id", "start", "where"}, now(), at("2026-11-29T23:59:59Z")},
		{proposed(t), "accept-service-term", []string{"account_id", "months"}, now().Add(15 * time.Minute), time.Time{}},
		{looked(t, Resold), "deploy-roles", []string{"account_id", "due", "external_id", "url"}, now(), now().Add(4 * day)},
	}
	for _, tt := range tests {
		t.Run(tt.step, func(t *testing.T) {
			must(t)(tt.tr.IntendReminder(tt.step, "rem_1"))
			w := tt.tr.ReminderWish(step(t, tt.tr, tt.step))
			var params []string
			for key, value := range w.Params {
				if value == "" {
					t.Errorf("%s is empty", key)
				}
				params = append(params, key)
			}
			if slices.Sort(params); !slices.Equal(params, tt.params) || w.Template == "" || w.ID != "rem_1" {
				t.Errorf("got %+v", w)
			}
			if !w.Start.Equal(tt.start) || !w.Until.Equal(tt.until) {
				t.Errorf("from %v to %v", w.Start, w.Until)
			}
		})
	}
}

// TestOthersAway: our other services are away for a day, and AWS's part of the journey goes on as if they were there.
func TestOthersAway(t *testing.T) {
	away := world{term: TermAgreed, role: RoleSafe, absent: Away}
	tr, tries := invited(t), 0
	for when := now(); when.Before(now().Add(day)); when = Next(tr) {
		if when.After(now()) && tr.Current().State == Requested {
			must(t)(tr.Observe(saw(Accepted), when))
		}
		for _, a := range away.rest(t, tr, when) {
			if a == PlanReminder || a == StopReminder || a == SetUpChannel {
				tries++
			}
		}
	}
	if step(t, tr, "deploy-roles").State != Done || step(t, tr, "set-up-support-channel").State != Open {
		t.Fatal(dump(t, tr))
	}
	if tries < 6 || tries > 40 {
		t.Errorf("they were asked %d times in a day", tries)
	}
	world{channel: true}.rest(t, tr, now().Add(2*day))
	if tr.State != Completed || !Next(tr).IsZero() {
		t.Errorf("back again: %s, next %v", tr.State, Next(tr))
	}
}
