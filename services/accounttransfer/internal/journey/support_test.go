package journey

import (
	"slices"
	"testing"

	"example.com/handover/services/accounttransfer/internal/access"
)

// TestSupportChangesAfterTheJourney: who supports follows the agreement once the journey is complete; that the Bootstrap Role is missing,
// which the journey went on without, is then to be mended. A journey under way stays as it was ordered.
func TestSupportChangesAfterTheJourney(t *testing.T) {
	l := looked(t, Resold)
	if facts := ObserveSupport(l.tr, PartnerLed, l.con); len(facts) != 0 || l.tr.SupportModel != Resold {
		t.Errorf("under way it is %s, told %v", l.tr.SupportModel, names(facts))
	}
	l.tr.State = Completed
	l.con.Role.State = access.Missing
	if facts := ObserveSupport(l.tr, Resold, l.con); len(facts) != 0 {
		t.Errorf("the same tells %v", names(facts))
	}
	told(t, ObserveSupport(l.tr, PartnerLed, l.con), FactSupportChanged, FactFlagged)
	if l.tr.SupportModel != PartnerLed || !slices.Equal(l.tr.Issues, []Issue{RolesMissing}) {
		t.Errorf("it is %s with %v", l.tr.SupportModel, l.tr.Issues)
	}
	wishes := l.tr.Wanted()
	if len(wishes) != 1 || wishes[0].Key != "case/ROLES_MISSING/needed" || wishes[0].Priority != "P2" {
		t.Errorf("wished are %v", wishes)
	}
	if facts := ObserveSupport(l.tr, PartnerLed, l.con); len(facts) != 0 {
		t.Errorf("once more it tells %v", names(facts))
	}
	l.con.Role.State = access.Safe
	safe := looked(t, Resold)
	safe.tr.State, safe.con.Role.State = Completed, access.Safe
	told(t, ObserveSupport(safe.tr, PartnerLed, safe.con), FactSupportChanged)
}
