package servicenow_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	simulated "example.com/handover/pkg/sim/servicenow"
	"example.com/handover/services/support/internal/cases"
	"example.com/handover/services/support/internal/servicenow"
)

// TestRecordOfACase is what agents see, in both tables.
func TestRecordOfACase(t *testing.T) {
	for table, c := range map[string]struct {
		options []option
		want    map[string]string
	}{
		cases.TableCase:     {nil, map[string]string{"priority": "2", "state": "1"}},
		cases.TableIncident: {[]option{incident}, map[string]string{"impact": "1", "urgency": "2", "priority": "2", "state": "1"}},
	} {
		r := newRig(t, c.options...)
		seen := r.create()
		record, err := r.sim.Record(seen.SysID)
		if err != nil || record.Table != table {
			t.Fatalf("%+v, %v", record, err)
		}
		c.want["short_description"], c.want["description"] = "No mail came", "The invitation is missing."
		c.want["correlation_id"], c.want["correlation_display"] = "cas_1", "ord_1"
		for field, want := range c.want {
			if got := record.Fields[field]; got != want {
				t.Errorf("%s: %s is %q, want %q", table, field, got, want)
			}
		}
		again, err := r.client.Read(t.Context(), seen.Ref)
		if diff := cmp.Diff(seen, again); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
	}
}

func TestResolveBothTables(t *testing.T) {
	for _, options := range [][]option{nil, {incident}} {
		r := newRig(t, options...)
		seen := r.create()
		for range 2 { // the second changes nothing
			resolved, err := r.client.Resolve(t.Context(), seen.Ref, "It came.")
			if err != nil || resolved.Means() != cases.Resolved || resolved.Code != "Solution provided" ||
				resolved.Notes != "It came." || resolved.ModCount != 1 {
				t.Errorf("%+v, %v", resolved, err)
			}
		}
	}
}

// TestOldestCounts: of several records of a case the others are cancelled, in the way that the instance knows.
func TestOldestCounts(t *testing.T) {
	customized := func(o *simulated.Options, _ *servicenow.Config) { o.CaseCancelled = true }
	for name, c := range map[string]struct {
		options []option
		state   string
	}{"cases": {nil, "3"}, "customized cases": {[]option{customized}, "7"}, "incidents": {[]option{incident}, "8"}} {
		r := newRig(t, c.options...)
		r.create()
		r.create()
		found, err := r.client.Find(t.Context(), "cas_1")
		if err != nil || len(found) != 2 {
			t.Fatalf("%s: %v, %v", name, found, err)
		}
		for range 2 { // one that has ended is left alone
			if err := r.client.Discard(t.Context(), found[1], found[0].Number); err != nil {
				t.Fatal(err)
			}
			if found, err = r.client.Find(t.Context(), "cas_1"); err != nil || found[1].State != c.state || found[0].State != "1" {
				t.Errorf("%s: %+v, %v", name, found, err)
			}
		}
	}
}

func TestNothingIsFoundForAnotherCase(t *testing.T) {
	r := newRig(t)
	r.create()
	if found, err := r.client.Find(t.Context(), "cas_2"); err != nil || len(found) != 0 {
		t.Errorf("%v, %v", found, err)
	}
}

// TestJournal: others are heard, we are counted, and neither is mixed up.
func TestJournal(t *testing.T) {
	r := newRig(t)
	seen := r.create()
	for _, text := range []string{"We ask.\n\n[cmt_1]", "ok\r\n\r\n[cmt_2]"} {
		if _, err := r.client.Comment(t.Context(), seen.Ref, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.sim.Comment(seen.SysID, "We answer.", ""); err != nil {
		t.Fatal(err)
	}
	if err := r.sim.Update(seen.SysID, map[string]string{"work_notes": "Among us."}); err != nil {
		t.Fatal(err)
	}
	journal, err := r.client.Journal(t.Context(), seen.Ref)
	if err != nil || len(journal) != 1 || journal[0].Text != "We answer." || journal[0].ID == "" ||
		journal[0].At.Format("2006-01-02T15:04:05Z07:00") != "2026-02-20T10:00:00Z" {
		t.Errorf("%+v, %v", journal, err)
	}
	for mark, want := range map[string]bool{"cmt_1": true, "cmt_2": true, "cmt_3": false, "We answer.": false, "Among us.": false} {
		if said, err := r.client.Said(t.Context(), seen.Ref, mark); err != nil || said != want {
			t.Errorf("%q was said: %t, want %t; %v", mark, said, want, err)
		}
	}
}
