package transfer

import "testing"

// TestReinvitePolicy is the template that replaces an expired invitation by itself: billing-dates example 8.
func TestReinvitePolicy(t *testing.T) {
	tpl := template(t, BillingTransferExisting)
	tpl.Policy.Reinvites = 1
	invite := at("2026-02-23T23:00:00Z")
	tr, _, err := New(tpl, subject(), invite)
	if err != nil {
		t.Fatal(err)
	}
	must(t)(tr.Validated(invite))
	must(t)(tr.Prepare(invite))
	must(t)(tr.Answered(1, answer("rt-1"), invite))
	if inv := tr.Current(); !inv.StartAt.Equal(at("2026-03-01")) || !inv.AcceptBy.Equal(at("2026-02-27T23:59:59Z")) {
		t.Fatalf("got %+v", inv)
	}
	late := at("2026-03-03T09:00:00Z")
	must(t)(tr.Observe(saw(Expired), late))
	if tr.State != InProgress || NextAction(tr, late).Kind != Invite {
		t.Fatalf("got %s %+v", tr.State, NextAction(tr, late))
	}
	must(t)(tr.Prepare(late))
	must(t)(tr.Answered(2, answer("rt-2"), late))
	inv := tr.Current()
	if !inv.StartAt.Equal(at("2026-04-01")) || !inv.AcceptBy.Equal(at("2026-03-30T23:59:59Z")) || inv.Supersedes != 1 {
		t.Fatalf("got %+v", inv)
	}
	t.Run("ORD-042 and the second time it fails", func(t *testing.T) {
		must(t)(tr.Observe(Observation{AWSTransferID: "rt-2", Status: Expired}, at("2026-03-31")))
		if tr.State != Failed || tr.Failure.Code != CodeInvitationExpired {
			t.Fatalf("got %s", tr.State)
		}
	})
}

func TestReinvite(t *testing.T) {
	t.Run("XFR-BT-17 an outstanding invitation is cancelled before the new one goes out", func(t *testing.T) {
		tr := invited(t)
		facts := must(t)(tr.Reinvite(at("2027-01-01"), now()))
		wantNames(t, facts, FactStepReopened, FactInvitationPrepared)
		if a := NextAction(tr, now()); a.Kind != CancelInvitation || a.Attempt != 1 || step(t, tr, "accept-invitation").State != Pending {
			t.Fatalf("got %+v", a)
		}
		must(t)(tr.CancelSent(1, now()))
		must(t)(tr.Observe(saw(Canceled), now()))
		if a := NextAction(tr, now()); a.Kind != Invite {
			t.Fatalf("got %+v", a)
		}
		must(t)(tr.Prepare(now()))
		if inv := tr.Current(); inv.Attempt != 2 || !inv.StartAt.Equal(at("2027-01-01")) || inv.Supersedes != 1 {
			t.Fatalf("got %+v", inv)
		}
	})
	t.Run("the customer was faster than the cancel: its acceptance counts", func(t *testing.T) {
		tr := invited(t)
		must(t)(tr.Reinvite(at("2027-01-01"), now()))
		must(t)(tr.Observe(saw(Accepted), now()))
		if len(tr.Invitations) != 1 || tr.Current().State != Accepted || step(t, tr, "send-invitation").State != Done || step(t, tr, "create-relationship").State != Open {
			t.Fatal(dump(t, tr))
		}
	})
	t.Run("the customer declines the old one: the new one goes out all the same", func(t *testing.T) {
		tr := invited(t)
		must(t)(tr.Reinvite(at("2027-01-01"), now()))
		must(t)(tr.Observe(saw(Declined), now()))
		if tr.State != InProgress || NextAction(tr, now()).Kind != Invite {
			t.Fatalf("got %s", tr.State)
		}
	})
	t.Run("asked twice, the last start counts", func(t *testing.T) {
		tr := invited(t)
		must(t)(tr.Reinvite(at("2026-12-01"), now()))
		must(t)(tr.Reinvite(at("2027-01-01"), now()))
		if inv := tr.Current(); len(tr.Invitations) != 2 || inv.Attempt != 2 || !inv.StartAt.Equal(at("2027-01-01")) {
			t.Fatal(dump(t, tr))
		}
	})
	tests := []struct {
		name, start, reason string
		from                func(testing.TB) *Transfer
	}{
		{"while the answer is not known", "2027-01-01", ReasonInvitationPending, asked},
		{"after the acceptance", "2027-01-01", ReasonInvitationAccepted, agreed},
		{"before the account was checked", "2027-01-01", ReasonStepGuardClosed, fresh},
		{"a start in the middle of a month", "2027-01-02", ReasonStartNotFirstOfMonth, invited},
		{"a start at noon", "2027-01-01T12:00:00Z", ReasonStartNotFirstOfMonth, invited},
		{"a start that has passed", "2026-11-01", ReasonStartTooEarly, invited},
		{"a start three months ahead", "2027-02-01", ReasonStartTooLate, invited},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tr := tt.from(t)
			before := dump(t, tr)
			_, err := tr.Reinvite(at(tt.start), now())
			refused(t, err, tt.reason)
			if dump(t, tr) != before {
				t.Fatal("the refusal left a trace")
			}
		})
	}
}
