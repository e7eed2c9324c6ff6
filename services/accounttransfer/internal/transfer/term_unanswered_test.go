package transfer

import (
	"testing"
	"time"
)

// unanswered returns a transfer of which AWS was asked for a service term, and did not answer.
func unanswered(t testing.TB) *Transfer {
	t.Helper()
	tr := agreed(t)
	create(t, tr, BillingGroupCreated, now())
	create(t, tr, RelationshipCreated, now())
	must(t)(tr.Intend(TermSent, now()))
	return tr
}

func TestLostTermIsFound(t *testing.T) {
	tr := unanswered(t)
	end, when := tr.Term().EndAt, now()
	for _, tt := range []struct {
		name  string
		seen  TermSeen
		found bool
	}{
		{"ours, not answered", TermSeen{Status: TermPending, EndAt: end, CreatedAt: when}, true},
		{"ours, answered at once, and AWS's clock is behind", TermSeen{Status: TermAgreed, EndAt: end, CreatedAt: when.Add(-time.Minute)}, true},
		{"ours, over", TermSeen{Status: TermExpired, EndAt: end, CreatedAt: when}, false},
		{"of the year before", TermSeen{Status: TermAgreed, EndAt: at("2025-12-01"), CreatedAt: at("2024-11-22")}, false},
		{"as long as ours, of an earlier order", TermSeen{Status: TermAgreed, EndAt: end, CreatedAt: when.Add(-day)}, false},
		{"sent by hand, with another end", TermSeen{Status: TermPending, EndAt: end.Add(time.Hour), CreatedAt: when}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.seen.HandshakeID = "ch-7"
			if got := tr.UnknownTerm([]TermSeen{tt.seen}); (got == "ch-7") != tt.found {
				t.Errorf("got %q", got)
			}
		})
	}
	t.Run("a repetition is still found as of the first try", func(t *testing.T) {
		must(t)(tr.NotCreated(TermSent))
		must(t)(tr.Intend(TermSent, when.Add(day)))
		if got := tr.UnknownTerm([]TermSeen{{HandshakeID: "ch-7", Status: TermPending, EndAt: end, CreatedAt: when}}); got != "ch-7" {
			t.Errorf("got %q", got)
		}
	})
}

func TestNoTermIsLeftBehind(t *testing.T) {
	gone := Observation{AWSTransferID: "rt-1", Status: Withdrawn, EndsAt: at("2026-12-01")}
	t.Run("one that the customer could accept is cancelled after the end", func(t *testing.T) {
		tr := proposed(t)
		must(t)(tr.Observe(gone, now()))
		if a := NextAction(tr, now()); tr.State != Failed || a.Kind != CancelTerm {
			t.Fatalf("got %s %+v", tr.State, a)
		}
		must(t)(tr.TermCancelSent(now()))
		if next := Next(tr); !next.Equal(now().Add(shortestBeat)) {
			t.Fatalf("it is repeated at %v", next)
		}
		facts := must(t)(tr.ObserveTerm(TermSeen{HandshakeID: "ch-1", Status: TermCanceled}, now()))
		if wantNames(t, facts, FactTermRefused); facts[0].Audience != "OPERATOR" || tr.Term().State != TermCanceled || !Next(tr).IsZero() {
			t.Errorf("told %+v, next %v", facts, Next(tr))
		}
	})
	t.Run("one that AWS keeps is left", func(t *testing.T) {
		tr := proposed(t)
		must(t)(tr.Observe(gone, now()))
		if must(t)(tr.TermCancelRefused()); !Next(tr).IsZero() {
			t.Errorf("next %+v", NextAction(tr, now()))
		}
	})
	for name, found := range map[string]bool{"found": true, "not found": false} {
		t.Run("one that AWS may have is looked up after the end: "+name, func(t *testing.T) {
			tr := unanswered(t)
			must(t)(tr.Observe(gone, now()))
			if a := NextAction(tr, now()); tr.State != Failed || a.Kind != LookUpCreation || a.Completes != TermSent {
				t.Fatalf("got %s %+v", tr.State, a)
			}
			if !found {
				if must(t)(tr.NotCreated(TermSent)); !Next(tr).IsZero() {
					t.Errorf("next %+v", NextAction(tr, now()))
				}
				return
			}
			must(t)(tr.Created(TermSent, "ch-1", now()))
			if a := NextAction(tr, now()); tr.State != Failed || a.Kind != CancelTerm {
				t.Errorf("got %s %+v", tr.State, a)
			}
		})
	}
	t.Run("one that AWS may have is looked up before a withdrawal", func(t *testing.T) {
		tr := late(t, unanswered(t))
		must(t)(tr.RecordDecision(withdrawal(), operator(), now()))
		if a := NextAction(tr, now()); a.Kind != LookUpCreation {
			t.Fatalf("got %+v", a)
		}
		_, err := tr.PrepareWithdrawal(now())
		refused(t, err, ReasonStateRefuses)
		must(t)(tr.Created(TermSent, "ch-1", now()))
		if a := NextAction(tr, now()); a.Kind != CancelTerm {
			t.Fatalf("got %+v", a)
		}
	})
}
