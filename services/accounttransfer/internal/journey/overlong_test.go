package journey

import (
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/handover/pkg/intent"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/process"
)

// escalations are the keys of the wishes for what takes longer than planned.
func escalations(l *life) (keys []string) {
	for _, w := range l.tr.Wanted() {
		if strings.Contains(w.Key, "escalated/") {
			keys = append(keys, w.Key)
		}
	}
	return keys
}

// ticked lets time pass for the transfer.
func (l *life) ticked(when time.Time) *life {
	l.did(when)(l.tr.Tick(when), nil)
	return l
}

func TestWhatTakesTooLongIsTold(t *testing.T) {
	both := func(key string) []string { return []string{"case/escalated/" + key, "remind/escalated/" + key} }
	for name, tt := range map[string]struct {
		l     *life
		after time.Duration
		want  []string
		ends  func(*life)
	}{
		"a step": {invited(t), 3 * day, both("accept-invitation/1"), func(l *life) {
			l.heard(now(), l.con.Observe(saw(connection.Accepted), now()))
		}},
		"a step of the suite": {fresh(t), day, both("send-invitation/1"), func(l *life) {
			l.ask("1", now())
			l.heard(now(), connection.Answered(l.settled("1"), "1", answer("rt-1"), now()))
		}},
		"a decision": {questioned(t), 2 * day, both("decision"), func(l *life) {
			l.did(now())(l.tr.Decide(l.con, Answer{Outcome: KeepTransfer, Reason: "it stays"}, operator(), now()))
		}},
		"a wish to end": {func() *life { l := invited(t); l.cancelled(now()); return l }(), 2 * day, both("ending"), func(l *life) {
			l.heard(now(), connection.CancelSent(l.con, "1", saw(connection.Canceled), now()))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := escalations(tt.l.ticked(now().Add(tt.after - time.Second))); got != nil {
				t.Fatalf("too early: %v", got)
			}
			if got := escalations(tt.l.ticked(now().Add(tt.after))); !slices.Equal(got, tt.want) {
				t.Fatalf("got %v, want %v", got, tt.want)
			}
			if w := tt.l.tr.Waiting(); w == nil || !w.Escalated {
				t.Fatalf("it waits for %+v", w)
			}
			if got := escalations(tt.l.ticked(now().Add(tt.after + 20*time.Hour))); !slices.Equal(got, tt.want) {
				t.Fatalf("nothing has changed, and it wishes for %v", got)
			}
			if tt.ends(tt.l); len(escalations(tt.l)) != 0 {
				t.Errorf("it goes on, and still wishes for %v", escalations(tt.l))
			}
		})
	}
	t.Run("Operations has a case, and is reminded on its schedule", func(t *testing.T) {
		l := invited(t).ticked(now().Add(3 * day))
		wishes := l.tr.Wanted()[1:]
		if opened := wishes[0]; opened.Kind != intent.Case || opened.Name != "TRANSFER_PROBLEM" || opened.Title.Params["about"] == "" {
			t.Errorf("the case is %+v", opened)
		}
		if reminds := wishes[1]; reminds.Kind != intent.Reminder || reminds.To != "OPERATIONS" || reminds.Plan != "operations-escalation" ||
			reminds.Title.IsZero() || reminds.Body.IsZero() || reminds.Where.IsZero() {
			t.Errorf("the reminder is %+v", reminds)
		}
	})
}

// A cancelled transfer says what it waits for, whoever keeps AWS from cancelling.
func TestACancelThatDoesNotComeTrue(t *testing.T) {
	l := invited(t)
	l.cancelled(now())
	if w := l.tr.Waiting(); w.Owner != process.AWS || !w.EscalateAt.Equal(now().Add(2*day)) || w.Escalated {
		t.Fatalf("it waits for %+v", w)
	}
	if facts := l.tr.Tick(now().Add(2 * day)); len(facts) != 1 || facts[0].Name != FactEndingEscalated || facts[0].Audience != "OPERATOR" {
		t.Fatalf("told %+v", facts)
	}
	if w := l.tr.Waiting(); w.Owner != process.Reseller || w.Text.Key != "wait.not-cancelled" || !w.Escalated {
		t.Fatalf("it waits for %+v", w)
	}
	l.heard(now(), connection.CancelRefused(l.con, "1", connection.AccessDenied, now()))
	if w := l.tr.Waiting(); w.Owner != process.Reseller || w.Text.Key != "remedy.cancel-refused" {
		t.Fatalf("AWS refuses, and it waits for %+v", w)
	}
	if l.heard(now(), connection.CancelSent(l.con, "1", saw(connection.Canceled), now())); l.tr.State != Cancelled || l.tr.Waiting() != nil {
		t.Fatal(l.dump())
	}
}
