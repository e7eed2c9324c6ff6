package scenarios_test

import (
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
)

// TestDates is what an acceptance at a certain instant means, as PreviewDates tells it.
func TestDates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, v := range []struct {
		name, accept, start, acceptBy, vendorInvoice, commitmentEnd string
	}{
		{
			"XFR-BT-12 the worked example: accepted 19 Feb, start 1 Mar, AWS's invoice for March on 1 Apr",
			"2026-02-19T10:00:00Z", "2026-03-01", "2026-02-27T23:59:59Z", "2026-04-01", "2027-02-28T23:59:59Z",
		},
		{
			"BIL-008 BIL-002 BIL-006 the first instant of a month starts with the next one, and AWS invoices it two months later",
			"2026-03-01T00:00:00Z", "2026-04-01", "2026-03-30T23:59:59Z", "2026-05-01", "2027-03-31T23:59:59Z",
		},
		{
			"BIL-008 BIL-002 BIL-007 the last second allowed still starts with the next month, which AWS invoices first",
			"2026-04-29T23:59:59Z", "2026-05-01", "2026-04-29T23:59:59Z", "2026-06-01", "2027-04-30T23:59:59Z",
		},
		{
			"BIL-007 the last day of a month is too late at AWS, and all starts and is invoiced a month later",
			"2026-04-30T12:00:00Z", "2026-06-01", "2026-05-30T23:59:59Z", "2026-07-01", "2027-05-31T23:59:59Z",
		},
		{
			"BIL-008 BIL-002 months are those of UTC, whatever the customer's clock says",
			"2026-06-01T02:30:00Z", "2026-07-01", "2026-06-29T23:59:59Z", "2026-08-01", "2027-06-30T23:59:59Z",
		},
		{
			"BIL-008 BIL-002 December starts with the year",
			"2026-12-15T09:00:00Z", "2027-01-01", "2026-12-30T23:59:59Z", "2027-02-01", "2027-12-31T23:59:59Z",
		},
		{
			"BIL-008 BIL-002 twelve cycles end with the leap day",
			"2027-02-10T09:00:00Z", "2027-03-01", "2027-02-27T23:59:59Z", "2027-04-01", "2028-02-29T23:59:59Z",
		},
		{
			"the last hour of January is too late at AWS in a leap year too",
			"2028-01-31T23:00:00Z", "2028-03-01", "2028-02-28T23:59:59Z", "2028-04-01", "2029-02-28T23:59:59Z",
		},
	} {
		t.Run(v.name, func(t *testing.T) {
			got, err := w.preview(t, v.accept, "")
			if err != nil {
				t.Fatal(err)
			}
			start := at(t, v.start+"T00:00:00Z")
			same(t, "start", got.GetStartTime().AsTime(), start)
			same(t, "last second to accept", got.GetAcceptByTime().AsTime(), at(t, v.acceptBy))
			same(t, "AWS's invoice", got.GetVendorInvoiceTime().AsTime(), at(t, v.vendorInvoice+"T00:00:00Z"))
			same(t, "last second of the commitment", got.GetCommitmentEndTime().AsTime().Add(-time.Second), at(t, v.commitmentEnd))
			if m := got.GetFirstChargeMonth(); m.GetYear() != int32(start.Year()) || m.GetMonth() != int32(start.Month()) {
				t.Errorf("first charged is %v", m)
			}
		})
	}
	t.Run("a chosen start is kept or refused", w.chosenStart)
	t.Run("each policy of the commitment, and a removal, for hypothetical days", w.previewedEnds)
}

// previewedEnds are the worked examples of the end: a relationship that starts in March 2026.
func (w *world) previewedEnds(t *testing.T) {
	const end, next = "2027-03-01T00:00:00Z", "2027-04-01T00:00:00Z"
	for name, v := range map[string]struct {
		handshake, remove, removed string
		cycles                     int32
		earliest                   []string // by policy: cycles, months from the handshake
		broken                     []bool
	}{
		"inside the term": {
			"2026-02-19T10:00:00Z", "2026-09-10T00:00:00Z", "2026-10-01T00:00:00Z", 7,
			[]string{end, end},
			[]bool{true, true},
		},
		"one second early": {
			"2026-02-19T10:00:00Z", "2027-01-31T23:59:59Z", "2027-02-01T00:00:00Z", 11,
			[]string{end, end},
			[]bool{true, true},
		},
		"anywhere in cycle twelve": {
			"2026-02-19T10:00:00Z", "2027-02-01T00:00:00Z", end, 12,
			[]string{end, end},
			[]bool{false, false},
		},
		"sent a month later": {
			"2026-03-02T08:00:00Z", "2027-02-20T00:00:00Z", end, 12,
			[]string{end, next},
			[]bool{false, true},
		},
		"before the start": {
			"2026-02-19T10:00:00Z", "2026-02-24T00:00:00Z", "2026-03-01T00:00:00Z", 0,
			[]string{end, end},
			[]bool{true, true},
		},
	} {
		got, err := w.Transfers.PreviewDates(w.As(t, w.anybody()), &accounttransferv1.PreviewDatesRequest{
			AcceptTime: stamp(at(t, "2026-02-19T10:00:00Z")), HandshakeTime: stamp(at(t, v.handshake)), RemoveTime: stamp(at(t, v.remove)),
		})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if r := got.GetRemoval(); !r.GetEndTime().AsTime().Equal(at(t, v.removed)) || r.GetCycles() != v.cycles ||
			(r.GetLastChargeMonth() == nil) != (v.cycles == 0) {
			t.Errorf("%s: removed %v", name, r)
		}
		for i, c := range got.GetCommitments() {
			if !c.GetEarliestEndTime().AsTime().Equal(at(t, v.earliest[i])) || c.GetBroken() != v.broken[i] {
				t.Errorf("%s: %v", name, c)
			}
		}
		if n := len(got.GetCommitments()); n != 2 {
			t.Errorf("%s: %d policies", name, n)
		}
	}
}

func (w *world) preview(t *testing.T, accept, start string) (*accounttransferv1.PreviewDatesResponse, error) {
	t.Helper()
	req := &accounttransferv1.PreviewDatesRequest{AcceptTime: stamp(at(t, accept))}
	if start != "" {
		req.StartTime = stamp(at(t, start))
	}
	return w.Transfers.PreviewDates(w.As(t, w.anybody()), req)
}

func (w *world) chosenStart(t *testing.T) {
	got, err := w.preview(t, "2026-03-04T08:00:00Z", "2026-05-01T00:00:00Z")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "start", got.GetStartTime().AsTime(), at(t, "2026-05-01T00:00:00Z"))
	for start, reason := range map[string]string{
		"2026-04-02T00:00:00Z": "START_NOT_FIRST_OF_MONTH", "2026-03-01T00:00:00Z": "START_TOO_EARLY", "2026-07-01T00:00:00Z": "START_TOO_LATE",
	} {
		_, err := w.preview(t, "2026-03-04T08:00:00Z", start)
		refused(t, err, codes.InvalidArgument, reason)
	}
}

func same(t *testing.T, what string, got, want time.Time) {
	t.Helper()
	if !got.Equal(want) {
		t.Errorf("%s is %s, want %s", what, got.Format(time.RFC3339), want.Format(time.RFC3339))
	}
}

// TestTemplates is every process as the contract lists it.
func TestTemplates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("XFR-004 every process is an ordered list of steps with one owner each", func(t *testing.T) {
		resp, err := w.Transfers.ListTemplates(w.operator(t), &accounttransferv1.ListTemplatesRequest{})
		if err != nil || len(resp.GetTemplates()) == 0 {
			t.Fatalf("%d templates, %v", len(resp.GetTemplates()), err)
		}
		for _, tpl := range resp.GetTemplates() {
			checkTemplate(t, tpl)
		}
	})
}

func checkTemplate(t *testing.T, tpl *accounttransferv1.Template) {
	t.Helper()
	before := map[string]bool{}
	for i, s := range tpl.GetSteps() {
		if s.GetOwner() == 0 || s.GetTitle() == "" || before[s.GetKey()] {
			t.Errorf("%s, step %d: %v", tpl.GetKey(), i+1, s)
		}
		for _, needs := range s.GetRequires() {
			if !before[needs] {
				t.Errorf("%s, step %d needs %s, which does not come before it", tpl.GetKey(), i+1, needs)
			}
		}
		before[s.GetKey()] = true
	}
	if len(before) == 0 {
		t.Errorf("%s has no steps", tpl.GetKey())
	}
}
