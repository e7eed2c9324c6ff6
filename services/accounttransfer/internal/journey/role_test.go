package journey

import (
	"slices"
	"testing"

	"example.com/handover/services/accounttransfer/internal/access"
	"example.com/handover/services/accounttransfer/internal/connection"
	"example.com/handover/services/accounttransfer/internal/contract"
	"example.com/handover/services/accounttransfer/internal/process"
)

func wishes(l *life) (keys []string) {
	for _, w := range l.tr.Wanted() {
		keys = append(keys, w.Key)
	}
	return keys
}

func TestRole(t *testing.T) {
	t.Run("ORD-031 XFR-BT-08 it is found without anybody's attestation", func(t *testing.T) {
		l := looked(t, Resold)
		told(t, l.heard(now(), connection.RoleSeen(l.con, access.Safe, now())), process.FactStepCompleted)
		if l.step("deploy-roles").State != process.Done {
			t.Fatal(l.dump())
		}
	})
	t.Run("XFR-BT-09 an unsafe one is the customer's to mend", func(t *testing.T) {
		l := looked(t, Resold)
		told(t, l.heard(now(), connection.RoleSeen(l.con, access.Unsafe, now())), process.FactStepChanged)
		w := l.tr.Waiting()
		if w.StepKey != "deploy-roles" || w.Owner != process.Customer || w.Text.Key != "step.deploy-roles.unsafe.link" ||
			w.Text.Params["url"] != "https://console.example.com" {
			t.Fatalf("got %+v", w)
		}
		if again := l.heard(now(), connection.RoleSeen(l.con, access.Unsafe, now())); again != nil {
			t.Fatalf("told twice: %v", names(again))
		}
		l.heard(now(), connection.RoleSeen(l.con, access.Missing, now()))
		if w := l.tr.Waiting(); w.Text.Key != "step.deploy-roles.link" {
			t.Fatal("it is gone, and still called unsafe")
		}
	})
}

func TestRolesMissing(t *testing.T) {
	late := now().Add(4 * day)
	t.Run("ORD-043 the reseller was to support: Operations decides", func(t *testing.T) {
		l := looked(t, PartnerLed)
		world{term: contract.Pending, role: access.Missing}.rest(l, late)
		if l.tr.State != WaitingDecision || l.tr.Ending.Failure.Code != CodeRolesMissing {
			t.Fatal(l.dump())
		}
		l.heard(late, l.con.Observe(withdrawnAt("2026-12-01"), late))
		if l.tr.State != Failed || l.tr.Failure.Code != CodeRolesMissing {
			t.Fatalf("got %s %+v", l.tr.State, l.tr.Failure)
		}
	})
	t.Run("somebody else supports: it goes on, and a case follows it", func(t *testing.T) {
		l := looked(t, Resold)
		done := world{role: access.Missing, channel: true}.rest(l, late)
		if l.tr.State != Completed || !slices.Equal(l.tr.Issues, []Issue{RolesMissing}) || l.step("deploy-roles").State != process.Skipped {
			t.Fatalf("done %v, got %s", done, l.dump())
		}
		if got := wishes(l); !slices.Equal(got, []string{"case/ROLES_MISSING"}) || l.next().IsZero() {
			t.Fatalf("got %v, next %v", got, l.next())
		}
	})
	t.Run("after the end it is looked for once a day, and its case is resolved when it comes", func(t *testing.T) {
		l := looked(t, Resold)
		world{role: access.Missing, channel: true}.rest(l, late)
		if done := (world{role: access.Missing}).rest(l, late.Add(day)); !slices.Contains(done, connection.LookRole) {
			t.Fatalf("done %v", done)
		}
		told(t, l.heard(late.Add(2*day), connection.RoleSeen(l.con, access.Safe, late.Add(2*day))), FactFlagCleared)
		if l.tr.State != Completed || len(l.tr.Issues) > 0 || wishes(l) != nil || len(l.con.Demands) != 0 {
			t.Fatal(l.dump())
		}
	})
	t.Run("one that came at the last minute is found before its time is called over", func(t *testing.T) {
		for _, model := range []SupportModel{Resold, PartnerLed} {
			l := looked(t, model)
			world{role: access.Safe, channel: true}.rest(l, late)
			if l.tr.State != Completed || len(l.tr.Issues) > 0 || l.step("deploy-roles").State != process.Done {
				t.Fatal(l.dump())
			}
		}
	})
	t.Run("one that anybody can enter is never gone on without: it is looked at until it is mended", func(t *testing.T) {
		l := looked(t, Resold)
		world{role: access.Unsafe, channel: true}.rest(l, late)
		w := l.tr.Waiting()
		if l.tr.State != InProgress || !slices.Equal(l.tr.Issues, []Issue{RoleUnsafe}) || l.step("deploy-roles").State != process.Broken ||
			w.Owner != process.Customer || w.Text.Key != "step.deploy-roles.unsafe.link" {
			t.Fatalf("got %s, waits for %+v", l.dump(), w)
		}
		if case0 := l.tr.Wanted()[1]; case0.Key != "case/ROLE_UNSAFE" || case0.Priority != "P2" {
			t.Errorf("got %+v", case0)
		}
		l.heard(late, connection.RoleSeen(l.con, access.Missing, late))
		if w := l.tr.Waiting(); l.step("deploy-roles").State != process.Broken || w.Text.Key != "step.deploy-roles.link" {
			t.Fatalf("taken away, it is %s, waits for %+v", l.step("deploy-roles").State, w)
		}
		done := world{role: access.Safe, channel: true}.rest(l, late.Add(day))
		if !slices.Contains(done, connection.LookRole) || l.tr.State != Completed || len(l.tr.Issues) > 0 || wishes(l) != nil {
			t.Fatalf("done was %v, got %s", done, l.dump())
		}
	})
	t.Run("Operations may ask for it once more", func(t *testing.T) {
		l := looked(t, Resold)
		world{role: access.Unsafe}.rest(l, late)
		l.did(late)(l.tr.RetryStep(l.con, "deploy-roles", operator(), late))
		if s := l.step("deploy-roles"); s.State != process.Open || !s.DueAt.Equal(late.Add(4*day)) {
			t.Fatalf("got %+v", s)
		}
		if (world{role: access.Unsafe}).rest(l, late.Add(4*day)); l.step("deploy-roles").State != process.Broken || len(l.tr.Issues) != 1 {
			t.Fatal(l.dump())
		}
	})
	t.Run("one that comes after it was gone on without has its case resolved", func(t *testing.T) {
		l := looked(t, Resold)
		world{role: access.Missing}.rest(l, late) // the channel is not ready
		if d := l.con.Demands[connection.RoleDeployed]; !d.Relaxed || l.tr.State != InProgress {
			t.Fatal(l.dump())
		}
		done := world{role: access.Safe, channel: true}.rest(l, late.Add(2*day))
		if !slices.Contains(done, connection.LookRole) || len(l.tr.Issues) > 0 {
			t.Fatalf("done was %v, got %s", done, l.dump())
		}
	})
}

func TestSupportChannel(t *testing.T) {
	requested := func(t *testing.T) *life {
		t.Helper()
		l := agreed(t)
		l.tr.IntendChannel("chn_1")
		told(t, l.tr.ChannelRequested(), FactChannelRequested)
		return l
	}
	t.Run("it is asked for at once and then waited for", func(t *testing.T) {
		if len(agreed(t).tr.ChannelWanted()) != 1 || len(invited(t).tr.ChannelWanted()) != 0 {
			t.Fatal("it is asked for before the acceptance, or not after it")
		}
		l := requested(t)
		if len(l.tr.ChannelWanted()) != 0 {
			t.Fatal("asked for twice")
		}
		told(t, l.did(now())(l.tr.ObserveChannel("chn_1", true, now()), nil), FactChannelReady, process.FactStepCompleted)
		if facts := l.tr.ObserveChannel("chn_1", true, now()); facts != nil {
			t.Fatalf("told twice: %v", names(facts))
		}
	})
	t.Run("its event may come before the answer", func(t *testing.T) {
		l := agreed(t)
		l.tr.IntendChannel("chn_1")
		l.tr.ObserveChannel("chn_1", true, now())
		if facts := l.tr.ChannelRequested(); facts != nil || l.step("set-up-support-channel").State != process.Done {
			t.Fatalf("got %v", names(facts))
		}
	})
	t.Run("another channel's event changes nothing", func(t *testing.T) {
		l := requested(t)
		before := l.dump()
		if facts := l.tr.ObserveChannel("chn_77", true, now()); facts != nil || l.dump() != before {
			t.Fatalf("got %v", names(facts))
		}
	})
	t.Run("failed, Operations asks for another one", func(t *testing.T) {
		l := requested(t)
		told(t, l.did(now())(l.tr.ObserveChannel("chn_1", false, now()), nil), process.FactStepFailed, process.FactStepEscalated)
		if s := l.step("set-up-support-channel"); s.Failure.Code != CodeChannelFailed || len(l.tr.ChannelWanted()) != 0 {
			t.Fatalf("got %+v", s)
		}
		l.did(now())(l.tr.RetryStep(l.con, "set-up-support-channel", operator(), now()))
		if len(l.tr.ChannelWanted()) != 1 {
			t.Fatal("no other one is asked for")
		}
		l.tr.IntendChannel("chn_2")
		l.tr.ObserveChannel("chn_1", true, now())
		if l.tr.Channel.ID != "chn_2" || l.step("set-up-support-channel").State != process.Open {
			t.Fatalf("got %+v", l.tr.Channel)
		}
	})
	t.Run("without an order people must do it", func(t *testing.T) {
		l := agreed(t)
		told(t, l.did(now())(l.tr.NoChannel(now()), nil), process.FactStepFailed, process.FactStepEscalated)
		l.did(now())(l.tr.SkipStep("set-up-support-channel", "done by hand", operator(), now()))
	})
	t.Run("nothing is asked for while the transfer ends", func(t *testing.T) {
		if l := late(t, agreed(t)); len(l.tr.ChannelWanted()) != 0 {
			t.Error("it is")
		}
	})
}

// TestLimitedRole: the journey goes on with a role that may not do all, and people have a case until it may.
func TestLimitedRole(t *testing.T) {
	l := looked(t, PartnerLed)
	l.heard(now(), connection.RoleSeen(l.con, access.Safe, now(), "support:DescribeSeverityLevels"))
	if l.step("deploy-roles").State != process.Done || !slices.Equal(l.tr.Issues, []Issue{RoleLimited}) ||
		!slices.Contains(wishes(l), "case/ROLE_LIMITED") {
		t.Fatal(l.dump())
	}
	l.heard(now().Add(day), connection.RoleSeen(l.con, access.Safe, now().Add(day)))
	if len(l.tr.Issues) != 0 || slices.Contains(wishes(l), "case/ROLE_LIMITED") {
		t.Fatal(l.dump())
	}
}
