package transfer

import (
	"testing"
	"time"
)

// TestPreviewDates are the worked examples of the billing dates.
func TestPreviewDates(t *testing.T) {
	tests := []struct{ name, accept, start, vendor, last string }{
		{"BIL-011 the worked example", "2026-02-19T10:00:00Z", "2026-03-01", "2026-04-01", "2027-02-28T23:59:59Z"},
		{"BIL-008 first instant of a month", "2026-03-01T00:00:00Z", "2026-04-01", "2026-05-01", "2027-03-31T23:59:59Z"},
		{"XFR-BT-12 last allowed second", "2026-04-29T23:59:59Z", "2026-05-01", "2026-06-01", "2027-04-30T23:59:59Z"},
		{"XFR-BT-12 last day of the month", "2026-04-30T12:00:00Z", "2026-06-01", "2026-07-01", "2027-05-31T23:59:59Z"},
		{"another time zone", "2026-05-31T22:30:00-04:00", "2026-07-01", "2026-08-01", "2027-06-30T23:59:59Z"},
		{"the year changes", "2026-12-15T09:00:00Z", "2027-01-01", "2027-02-01", "2027-12-31T23:59:59Z"},
		{"BIL-002 twelve cycles end on a leap day", "2027-02-10T09:00:00Z", "2027-03-01", "2027-04-01", "2028-02-29T23:59:59Z"},
		{"one hour before February", "2028-01-31T23:00:00Z", "2028-03-01", "2028-04-01", "2029-02-28T23:59:59Z"},
		{"today", "2026-11-22T12:00:00Z", "2026-12-01", "2027-01-01", "2027-11-30T23:59:59Z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := PreviewDates(at(tt.accept), time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			if !d.Start.Equal(at(tt.start)) || !d.VendorInvoice.Equal(at(tt.vendor)) || !d.CommitmentEnd.Add(-time.Second).Equal(at(tt.last)) {
				t.Errorf("got %+v", d)
			}
			if !d.FirstCharge.Start().Equal(d.Start) || !d.AcceptBy.Equal(d.Start.Add(-24*time.Hour-time.Second)) {
				t.Errorf("got %+v", d)
			}
		})
	}
	t.Run("a start chosen later wins", func(t *testing.T) {
		d, err := PreviewDates(at("2026-03-04"), at("2026-05-01"))
		if err != nil || !d.Start.Equal(at("2026-05-01")) || !d.VendorInvoice.Equal(at("2026-06-01")) {
			t.Fatalf("got %+v %v", d, err)
		}
	})
	for start, reason := range map[string]string{
		"2026-05-02": ReasonStartNotFirstOfMonth, "2026-03-01": ReasonStartTooEarly, "2026-06-01": ReasonStartTooLate,
	} {
		_, err := PreviewDates(at("2026-03-04"), at(start))
		refused(t, err, reason)
	}
	_, err := PreviewDates(at("2026-04-30T00:00:00Z"), at("2026-05-01"))
	refused(t, err, ReasonStartTooEarly)
}
