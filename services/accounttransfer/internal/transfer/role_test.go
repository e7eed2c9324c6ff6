package transfer

import (
	"slices"
	"testing"
)

func TestRole(t *testing.T) {
	t.Run("ORD-031 XFR-BT-08 it is looked for, and found, without anybody's word", func(t *testing.T) {
		tr := looked(t, Resold)
		facts := must(t)(tr.RoleSeen(RoleSafe, now()))
		wantNames(t, facts, FactRoleFound, FactStepCompleted)
		if step(t, tr, "deploy-roles").State != Done {
			t.Fatal(dump(t, tr))
		}
	})
	t.Run("XFR-BT-09 an unsafe one is told once, and is the customer's to mend", func(t *testing.T) {
		tr := looked(t, Resold)
		wantNames(t, must(t)(tr.RoleSeen(RoleUnsafe, now())), FactRoleUnsafe)
		if facts := must(t)(tr.RoleSeen(RoleUnsafe, now())); facts != nil {
			t.Fatalf("told twice: %v", names(facts))
		}
		w := tr.Waiting()
		if w.StepKey != "deploy-roles" || w.What != unsafeRole || w.Where != "https://console.example" {
			t.Fatalf("got %+v", w)
		}
		must(t)(tr.RoleSeen(RoleMissing, now()))
		if w := tr.Waiting(); w.What == unsafeRole {
			t.Fatal("it is gone, and still called unsafe")
		}
	})
	t.Run("a step that is begun anew is looked at anew", func(t *testing.T) {
		tr := looked(t, Resold)
		must(t)(tr.SkipStep("deploy-roles", "not now", operator(), now()))
		must(t)(tr.ReopenStep("deploy-roles", "now", operator(), now().Add(10*day)))
		if a := NextAction(tr, now().Add(10*day)); !slices.Contains((world{role: RoleSafe}).rest(t, tr, now().Add(10*day)), CheckRole) {
			t.Fatalf("got %+v", a)
		}
	})
}

func TestRolesMissing(t *testing.T) {
	late := now().Add(4 * day)
	t.Run("ORD-043 the reseller was to support: Operations decides", func(t *testing.T) {
		tr := looked(t, PartnerLed)
		world{term: TermPending, role: RoleMissing}.rest(t, tr, late)
		if tr.State != WaitingDecision || tr.Ending.Failure.Code != CodeRolesMissing {
			t.Fatalf("got %s", dump(t, tr))
		}
		must(t)(tr.Observe(saw(Withdrawn), late))
		if tr.State != Failed || tr.Failure.Code != CodeRolesMissing {
			t.Fatalf("got %s %+v", tr.State, tr.Failure)
		}
	})
	for _, model := range []SupportModel{Resold, ""} {
		t.Run("somebody else supports: it goes on, and a case follows it: "+string(model), func(t *testing.T) {
			tr := looked(t, model)
			done := world{role: RoleMissing, channel: true}.rest(t, tr, late)
			if tr.State != Completed || !slices.Equal(tr.Flags(), []string{FlagRolesMissing}) || step(t, tr, "deploy-roles").State != Skipped {
				t.Fatalf("got %s", dump(t, tr))
			}
			if !slices.Contains(done, OpenCase) || tr.Matters[0].CaseID != "cas_1" || !Next(tr).IsZero() {
				t.Fatalf("got %v, next %v", done, Next(tr))
			}
		})
		t.Run("one that came at the last minute is found before its time is called over: "+string(model), func(t *testing.T) {
			tr := looked(t, model)
			world{role: RoleSafe, channel: true}.rest(t, tr, late)
			if tr.State != Completed || tr.Flags() != nil || step(t, tr, "deploy-roles").State != Done {
				t.Fatalf("got %s", dump(t, tr))
			}
		})
	}
	t.Run("a case that support did not open is asked for on a beat, also after the end", func(t *testing.T) {
		tr := looked(t, Resold)
		world{role: RoleMissing, channel: true}.rest(t, tr, late.Add(-1))
		world{role: RoleMissing, absent: Away}.rest(t, tr, late)
		if tr.State != Completed || !Next(tr).Equal(late.Add(shortestPatience)) {
			t.Fatalf("got %s, next %v", tr.State, Next(tr))
		}
		world{}.rest(t, tr, late.Add(shortestPatience))
		if !Next(tr).IsZero() {
			t.Fatalf("next %v", Next(tr))
		}
	})
	t.Run("one that anybody can enter is never gone on without: Operations gets a case, and it is looked at until it is mended", func(t *testing.T) {
		tr := looked(t, Resold)
		world{role: RoleUnsafe, channel: true}.rest(t, tr, late)
		w := tr.Waiting()
		if tr.State != InProgress || !slices.Equal(tr.Flags(), []string{FlagRoleUnsafe}) || step(t, tr, "deploy-roles").State != Broken || w.Owner != Customer || w.What != unsafeRole {
			t.Fatalf("got %s, waits for %+v", dump(t, tr), w)
		}
		done := world{role: RoleSafe, channel: true}.rest(t, tr, late.Add(day))
		if !slices.Contains(done, CheckRole) || !slices.Contains(done, CloseCase) || tr.State != Completed || len(tr.Matters) > 0 {
			t.Fatalf("done was %v, got %s", done, dump(t, tr))
		}
	})
	t.Run("one that comes after it was gone on without has its case resolved", func(t *testing.T) {
		tr := looked(t, Resold)
		world{role: RoleMissing}.rest(t, tr, late) // the channel is not ready
		done := world{role: RoleSafe, channel: true}.rest(t, tr, late.Add(2*day))
		if !slices.Contains(done, CloseCase) || tr.Flags() != nil || len(tr.Matters) > 0 {
			t.Fatalf("done was %v, got %s", done, dump(t, tr))
		}
	})
}
