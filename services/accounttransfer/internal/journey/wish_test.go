package journey

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/intent"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/contract"
)

func TestReminders(t *testing.T) {
	t.Run("NTF-001 an open step of the customer is reminded of, and no other", func(t *testing.T) {
		for name, tt := range map[string]struct {
			l    *life
			want []string
		}{
			"nothing is the customer's": {fresh(t), nil},
			"the invitation is out":     {invited(t), []string{"remind/accept-invitation/1/2026-11-29"}},
			"it is accepted":            {agreed(t), nil},
			"the term is out":           {proposed(t), []string{"remind/accept-service-term/1/2026-11-22"}},
			"the roles are missing":     {looked(t, Resold), []string{"remind/deploy-roles/1"}},
			"the account is not known":  {begin(t, "billing-transfer-new", ""), []string{"remind/enter-management-account/1"}},
			"it is being cancelled":     {func() *life { l := invited(t); l.cancelled(now()); return l }(), nil},
			"Operations must decide":    {questioned(t), nil},
			"it has failed":             {in(t, Failed), nil},
			"it is cancelled":           {in(t, Cancelled), nil},
			"it is completed":           {in(t, Completed), nil},
			"the customer's step was hit": {func() *life {
				l := invited(t)
				l.heard(now(), l.con.Observe(saw(connection.Canceled), now()))
				return l
			}(), []string{"case/escalated/send-invitation/2", "remind/escalated/send-invitation/2"}},
		} {
			if got := wishes(tt.l); !slices.Equal(got, tt.want) {
				t.Errorf("%s: got %v, want %v", name, got, tt.want)
			}
		}
	})
	t.Run("another invitation has a reminder of its own", func(t *testing.T) {
		l := invited(t)
		old := l.tr.Wanted()[0]
		l.did(now())(l.tr.Reinvite(l.con, at("2027-01-01"), now()))
		if got := wishes(l); got != nil {
			t.Fatalf("while the old one is cancelled: %v", got)
		}
		world{invitation: connection.Canceled}.rest(l, now().Add(time.Second))
		w := l.tr.Wanted()[0]
		if w.Key == old.Key || !w.Until.Equal(at("2026-12-30T23:59:59Z")) || w.Params["start"] != "2027-01-01T00:00:00Z" {
			t.Fatalf("got %+v", w)
		}
	})
	t.Run("another term has a reminder of its own", func(t *testing.T) {
		l := proposed(t)
		old := l.tr.Wanted()[0]
		l.heard(now(), connection.ObserveTerm(l.con, term(contract.Rejected), now()))
		if got := wishes(l); !slices.Equal(got, []string{"remind/deploy-roles/1", "case/TERM_REFUSED"}) {
			t.Fatalf("without a term: %v", got)
		}
		l.did(now())(l.tr.ReopenStep(l.con, "send-service-term", "a mistake", operator(), now()))
		l.sendTerm("ch-2", now().Add(day))
		if w := l.tr.Wanted()[0]; w.Key == old.Key || !w.At.Equal(now().Add(day+contract.MailTakes)) {
			t.Fatalf("got %+v", w)
		}
	})
	t.Run("a step that is begun anew is reminded of anew", func(t *testing.T) {
		l := looked(t, Resold)
		old := l.tr.Wanted()[0]
		l.did(now())(l.tr.SkipStep("deploy-roles", "no", operator(), now()))
		l.did(now())(l.tr.ReopenStep(l.con, "deploy-roles", "yes", operator(), now()))
		if w := l.tr.Wanted()[0]; w.Key == old.Key {
			t.Fatalf("got %+v", w)
		}
	})
	t.Run("nothing has changed: nothing else is wished", func(t *testing.T) {
		l := invited(t)
		old := l.tr.Wanted()[0]
		l.heard(now().Add(day), l.con.Observe(saw(connection.Requested), now().Add(day)))
		if w := l.tr.Wanted()[0]; w.Key != old.Key || !w.Until.Equal(old.Until) || !w.At.Equal(old.At) {
			t.Fatalf("got %+v, was %+v", w, old)
		}
	})
}

func TestReminderWishes(t *testing.T) {
	tests := []struct {
		l         *life
		name      string
		params    []string
		at, until time.Time
		where     bool
	}{
		{begin(t, "billing-transfer-new", ""), "enter-account", []string{"order_id"}, now(), time.Time{}, true},
		{invited(t), "accept-billing-transfer", []string{"accept_by", "account_id", "start"}, now(), at("2026-11-29T23:59:59Z"), true},
		{proposed(t), "accept-service-term", []string{"account_id", "months"}, now().Add(15 * time.Minute), time.Time{}, false},
		{looked(t, Resold), "deploy-roles", []string{"account_id", "due", "external_id", "url"}, now(), now().Add(4 * day), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := tt.l.tr.Wanted()[0]
			var params []string
			for key, value := range w.Params {
				if value == "" {
					t.Errorf("%s is empty", key)
				}
				params = append(params, key)
			}
			if slices.Sort(params); !slices.Equal(params, tt.params) || w.Name != tt.name || w.Kind != intent.Reminder || w.Plan == "" ||
				w.To != "TECHNICAL" {
				t.Errorf("got %+v", w)
			}
			if !w.At.Equal(tt.at) || !w.Until.Equal(tt.until) || w.Where.IsZero() == tt.where {
				t.Errorf("from %v to %v, where %+v", w.At, w.Until, w.Where)
			}
		})
	}
	t.Run("without a page that deploys it with one click", func(t *testing.T) {
		l := looked(t, Resold)
		l.con.Role.DeployURL = ""
		l.heard(now(), nil)
		if w := l.tr.Wanted()[0]; w.Params["url"] != stacksURL {
			t.Errorf("got %+v", w.Params)
		}
	})
}
