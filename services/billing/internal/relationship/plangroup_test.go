package relationship_test

import (
	"fmt"
	"testing"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/services/billing/internal/relationship"
)

// TestSupportIn: the group and the plan of a month, whoever said them and whenever.
func TestSupportIn(t *testing.T) {
	const account = "111122223333"
	month := func(m time.Month) calendar.Month { return calendar.Month{Year: 2026, Month: m} }
	in := func(m time.Month) time.Time { return month(m).Start().AddDate(0, 0, 9) }
	report := func(group, plan string, ready bool) relationship.Reported {
		return relationship.Reported{AccountID: account, Group: group, Plan: plan, Ready: ready}
	}
	buyer := relationship.Buyer{CustomerID: "cus"}.Supported(report("", "BASIC_NONE", false), in(time.March))
	rel := &relationship.Relationship{}
	says := func(m time.Month) string {
		out := ""
		for _, s := range rel.SupportIn(month(m), &buyer) {
			out += fmt.Sprintf("%s/%s/%t/%t ", s.Group, s.Plan, s.Changed, s.Awaited)
		}
		return out
	}
	if got := says(time.March); got != "//false/true " {
		t.Errorf("while it is followed up: %s", got)
	}
	buyer = buyer.Supported(report("", "BUSINESS", false), in(time.April)).Supported(report("PASSTHROUGH", "BUSINESS", true), in(time.May))
	if got := says(time.March); got != "PASSTHROUGH/BUSINESS/false/true " {
		t.Errorf("the first group and plan hold from the beginning: %s", got)
	}
	buyer = buyer.Supported(report("BUSINESS", "DEVELOPER", true), in(time.June))
	buyer = buyer.Supported(report("BUSINESS", "DEVELOPER", true), in(time.July))
	for m, want := range map[time.Month]string{
		time.May: "PASSTHROUGH/BUSINESS/false/true ", time.June: "BUSINESS/DEVELOPER/true/true ", time.July: "BUSINESS/DEVELOPER/false/true ",
	} {
		if got := says(m); got != want {
			t.Errorf("%s: %s, want %s", m, got, want)
		}
	}
	for _, g := range []relationship.Grouped{
		{AccountID: account, Group: "BUSINESS", From: month(time.July)},
		{AccountID: account, Group: "PASSTHROUGH", From: month(time.July)},
		{AccountID: "444455556666", Group: "BUSINESS"},
	} {
		if facts, err := rel.SetGroup(g); err != nil || len(facts) != 1 {
			t.Fatal(facts, err)
		}
	}
	if got := says(time.July); got != "PASSTHROUGH/DEVELOPER/false/true BUSINESS//false/false " {
		t.Errorf("Operations says: %s", got)
	}
	if got := says(time.June); got != "BUSINESS/DEVELOPER/true/true BUSINESS//false/false " {
		t.Errorf("and not before its month: %s", got)
	}
}
