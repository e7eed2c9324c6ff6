package transfer

import (
	"strings"
	"testing"
)

// TestCustomerWithdraws: the customer ends the billing transfer at AWS before it was decided who pays.
func TestCustomerWithdraws(t *testing.T) {
	charged := Observation{AWSTransferID: "rt-1", Status: Withdrawn, EndsAt: at("2027-01-01")}
	when := at("2026-12-20")
	for name, tt := range map[string]struct {
		start *Transfer
		end   State
		told  string
	}{
		"while the journey goes on":   {termed(t), Failed, FactFailed},
		"while a decision is awaited": {questioned(t), Cancelled, FactCancelled},
	} {
		t.Run(name, func(t *testing.T) {
			tr := tt.start
			wantNames(t, must(t)(tr.Observe(charged, when)), FactInvitationWithdrawn, FactDecisionAwaited)
			if w := tr.Waiting(); tr.State != WaitingDecision || w.What != whoPays || w.Where != "TransferService.RecordDecision" {
				t.Fatalf("got %s, it waits for %+v", tr.State, w)
			}
			_, err := tr.RecordDecision(keeping(), operator(), when)
			refused(t, err, ReasonStateRefuses)
			facts := must(t)(tr.RecordDecision(withdrawal(), operator(), when))
			wantNames(t, facts, FactDecisionRecorded, tt.told)
			if tr.State != tt.end || facts[0].Details["charges_paid_by"] != "RESELLER" || facts[1].Details["end"] != "2027-01-01T00:00:00Z" {
				t.Errorf("got %s, told %v", tr.State, facts)
			}
			if strings.Contains(facts[1].Text, "nothing is left") {
				t.Errorf("AWS charges, but the customer reads %q", facts[1].Text)
			}
		})
	}
	t.Run("before its start there is nothing to pay", func(t *testing.T) {
		tr := questioned(t)
		wantNames(t, must(t)(tr.Observe(Observation{AWSTransferID: "rt-1", Status: Withdrawn, EndsAt: at("2026-12-01")}, now())), FactInvitationWithdrawn, FactCancelled)
	})
	t.Run("what was decided is not asked again", func(t *testing.T) {
		tr := questioned(t)
		must(t)(tr.RecordDecision(withdrawal(), operator(), when))
		wantNames(t, must(t)(tr.Observe(charged, when)), FactInvitationWithdrawn, FactCancelled)
	})
}

func TestWithdrawalEnd(t *testing.T) {
	t.Run("the month ends while AWS is asked: it is asked for the next one, and nobody is bothered", func(t *testing.T) {
		tr := late(t, agreed(t))
		must(t)(tr.RecordDecision(withdrawal(), operator(), now()))
		must(t)(tr.PrepareWithdrawal(at("2026-11-30T23:59:59Z")))
		if facts := must(t)(tr.WithdrawalRefused(EndDateTooEarly, at("2026-12-01T00:00:01Z"))); facts != nil || !tr.withdrawing() {
			t.Fatalf("told %v, decided %+v", names(facts), tr.Decision)
		}
		when := at("2026-12-01T00:00:01Z").Add(again)
		if next := tr.withdrawalTimers()[0]; next.kind != WithdrawInvitation || !next.at.Equal(when) {
			t.Fatalf("got %+v", next)
		}
		must(t)(tr.PrepareWithdrawal(when))
		if got := tr.Withdrawal.Before; !got.Equal(at("2027-01-01")) {
			t.Errorf("it ends before %v", got)
		}
	})
	t.Run("it never ends before it starts", func(t *testing.T) {
		tr := invited(t)
		must(t)(tr.Observe(Observation{AWSTransferID: "rt-1", Status: Accepted, StartAt: at("2027-01-01")}, now()))
		must(t)(late(t, tr).RecordDecision(withdrawal(), operator(), now()))
		must(t)(tr.PrepareWithdrawal(now()))
		if got := tr.Withdrawal.Before; !got.Equal(at("2027-01-01")) {
			t.Errorf("it ends before %v", got)
		}
	})
}
