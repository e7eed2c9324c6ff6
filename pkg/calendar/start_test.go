package calendar_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.com/handover/pkg/calendar"
)

// The numbered examples of the start side: when it was accepted, for which start, and what follows from that start.
func TestStartSide(t *testing.T) {
	tests := []struct {
		name, accepted string
		start          string // the month AWS starts in
		cutoff         string // of that start
		invoice        string // AWS's, of the first month
		commitment     string // end of twelve cycles
	}{
		{"1 usual case", "2026-02-19T10:00:00Z", "2026-03", "2026-02-27T23:59:59Z", "2026-04-01T00:00:00Z", "2027-02-28T23:59:59Z"},
		{"2 first instant of a month", "2026-03-01T00:00:00Z", "2026-04", "2026-03-30T23:59:59Z", "2026-05-01T00:00:00Z", "2027-03-31T23:59:59Z"},
		{"3 last allowed second", "2026-04-29T23:59:59Z", "2026-05", "2026-04-29T23:59:59Z", "2026-06-01T00:00:00Z", "2027-04-30T23:59:59Z"},
		{"4 last day of the month", "2026-04-30T12:00:00Z", "2026-06", "2026-05-30T23:59:59Z", "2026-07-01T00:00:00Z", "2027-05-31T23:59:59Z"},
		{"5 year change", "2026-12-15T09:00:00Z", "2027-01", "2026-12-30T23:59:59Z", "2027-02-01T00:00:00Z", "2027-12-31T23:59:59Z"},
		{"6 leap year", "2027-02-10T09:00:00Z", "2027-03", "2027-02-27T23:59:59Z", "2027-04-01T00:00:00Z", "2028-02-29T23:59:59Z"},
		{"7 time zone", "2026-05-31T22:30:00-04:00", "2026-07", "2026-06-29T23:59:59Z", "2026-08-01T00:00:00Z", "2027-06-30T23:59:59Z"},
		{
			"8 expired and invited again", "2026-03-04T08:00:00Z", "2026-04", "2026-03-30T23:59:59Z", "2026-05-01T00:00:00Z", "2027-03-31T23:59:59Z",
		},
		{
			"10 order finished after the start", "2026-02-19T10:00:00Z", "2026-03", "2026-02-27T23:59:59Z", "2026-04-01T00:00:00Z",
			"2027-02-28T23:59:59Z",
		},
		{"11 today", "2026-11-22T12:00:00Z", "2026-12", "2026-11-29T23:59:59Z", "2027-01-01T00:00:00Z", "2027-11-30T23:59:59Z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := calendar.StartAfter(instant(tt.accepted), 0)
			if start != month(tt.start) {
				t.Errorf("starts in %v, want %s", start, tt.start)
			}
			sameTime(t, "cut-off", calendar.Cutoff(start), tt.cutoff)
			sameTime(t, "vendor invoice", calendar.VendorInvoice(start), tt.invoice)
			sameTime(t, "commitment end", calendar.CommitmentEnd(start, 12), tt.commitment)
		})
	}
}

func TestStartSideRemarks(t *testing.T) {
	t.Run("8 the first invitation expired", func(t *testing.T) {
		if !calendar.InTime(month("2026-03"), instant("2026-02-25T00:00:00Z")) {
			t.Error("invited on 25 February, it could still be accepted")
		}
		if calendar.InTime(month("2026-03"), instant("2026-03-03T00:00:00Z")) {
			t.Error("on 3 March it is too late for March")
		}
	})
	t.Run("9 start chosen later", func(t *testing.T) {
		start := month("2026-05") // the invitation wins over the earliest month
		if !calendar.InTime(start, instant("2026-03-04T00:00:00Z")) {
			t.Error("accepted in time")
		}
		sameTime(t, "cut-off", calendar.Cutoff(start), "2026-04-29T23:59:59Z")
		sameTime(t, "vendor invoice", calendar.VendorInvoice(start), "2026-06-01T00:00:00Z")
		sameTime(t, "commitment end", calendar.CommitmentEnd(start, 12), "2027-04-30T23:59:59Z")
	})
}

// The test vectors: faq is the first day of the month after acceptance, aws what can really be had.
func TestStartVectors(t *testing.T) {
	tests := []struct{ accepted, faq, aws, invoice, commitment string }{
		{"2026-02-19T10:00:00Z", "2026-03", "2026-03", "2026-04-01T00:00:00Z", "2027-02-28T23:59:59Z"},
		{"2026-03-01T00:00:00Z", "2026-04", "2026-04", "2026-05-01T00:00:00Z", "2027-03-31T23:59:59Z"},
		{"2026-04-29T23:59:59Z", "2026-05", "2026-05", "2026-06-01T00:00:00Z", "2027-04-30T23:59:59Z"},
		{"2026-04-30T12:00:00Z", "2026-05", "2026-06", "2026-07-01T00:00:00Z", "2027-05-31T23:59:59Z"},
		{"2026-06-01T02:30:00Z", "2026-07", "2026-07", "2026-08-01T00:00:00Z", "2027-06-30T23:59:59Z"},
		{"2026-12-15T09:00:00Z", "2027-01", "2027-01", "2027-02-01T00:00:00Z", "2027-12-31T23:59:59Z"},
		{"2027-02-10T09:00:00Z", "2027-03", "2027-03", "2027-04-01T00:00:00Z", "2028-02-29T23:59:59Z"},
		{"2028-01-31T23:00:00Z", "2028-02", "2028-03", "2028-04-01T00:00:00Z", "2029-02-28T23:59:59Z"},
	}
	for _, tt := range tests {
		t.Run(tt.accepted, func(t *testing.T) {
			accepted := instant(tt.accepted)
			if got := calendar.MonthOf(accepted).Next(); got != month(tt.faq) {
				t.Errorf("month after acceptance is %v, want %s", got, tt.faq)
			}
			start := calendar.StartAfter(accepted, 0)
			if start != month(tt.aws) {
				t.Errorf("starts in %v, want %s", start, tt.aws)
			}
			sameTime(t, "vendor invoice", calendar.VendorInvoice(start), tt.invoice)
			sameTime(t, "end of twelve cycles", calendar.CommitmentEnd(start, 12), tt.commitment)
		})
	}
	sameTime(t, "cutoff(2027-03)", calendar.Cutoff(month("2027-03")), "2027-02-27T23:59:59Z")
	sameTime(t, "cutoff(2028-03)", calendar.Cutoff(month("2028-03")), "2028-02-28T23:59:59Z")
}

func TestStartAfterLead(t *testing.T) {
	const day = 24 * time.Hour
	tests := []struct {
		name, now string
		lead      time.Duration
		want      string
	}{
		{"seven days are left", "2026-11-22T12:00:00Z", 3 * day, "2026-12"},
		{"fourteen hours are not three days", "2026-11-29T10:00:00Z", 3 * day, "2027-01"},
		{"fourteen hours are enough without a lead", "2026-11-29T10:00:00Z", 0, "2026-12"},
		{"one microsecond more than the lead", "2026-11-26T23:59:59.999999Z", 3 * day, "2026-12"},
		{"the lead ends where accepting ends", "2026-11-27T00:00:00Z", 3 * day, "2027-01"},
		{"within the last second", "2026-11-29T23:59:59.999999Z", 0, "2026-12"},
		{"just after the last second", "2026-11-30T00:00:00Z", 0, "2027-01"},
		{"a lead of several months", "2026-11-22T12:00:00Z", 90 * day, "2027-03"},
		{"a negative lead opens no closed month", "2026-11-30T12:00:00Z", -3 * day, "2027-01"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := calendar.StartAfter(instant(tt.now), tt.lead); got != month(tt.want) {
				t.Errorf("got %v, want %s", got, tt.want)
			}
		})
	}
}

func TestStartAfterIsTheEarliest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(rapid.Int64Range(0, 4_000_000_000).Draw(t, "now"), 0).UTC()
		lead := time.Duration(rapid.Int64Range(0, 100*24*3600).Draw(t, "lead")) * time.Second
		start := calendar.StartAfter(now, lead)
		if calendar.Cutoff(start).Sub(now) < lead {
			t.Fatalf("%v leaves less than %s after %s", start, lead, now)
		}
		if before := start.AddMonths(-1); calendar.Cutoff(before).Sub(now) >= lead {
			t.Fatalf("%v would have done for %s after %s", before, lead, now)
		}
		if span := calendar.VendorInvoice(calendar.StartAfter(now, 0)).Sub(now); span <= 29*24*time.Hour || span > 63*24*time.Hour {
			t.Fatalf("vendor invoice %s after an acceptance at %s", span, now)
		}
	})
}

func sameTime(t *testing.T, what string, got time.Time, want string) {
	t.Helper()
	if !got.Equal(instant(want)) {
		t.Errorf("%s is %s, want %s", what, got.Format(time.RFC3339Nano), want)
	}
	if got.Location() != time.UTC {
		t.Errorf("%s is not in UTC", what)
	}
}
