package connection

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.com/handover/pkg/calendar"
)

// TestCommitted are the readings of the commitment: twelve cycles, and twelve months from another day.
func TestCommitted(t *testing.T) {
	march := calendar.Month{Year: 2026, Month: time.March}
	for name, tt := range map[string]struct {
		handshake, purchase string
		ends, earliest      []string
		cycles              []int
	}{
		"sent in the month of the acceptance": {
			"2026-02-19T10:00:00Z", "2026-03-12T00:00:00Z",
			[]string{"2027-03-01T00:00:00Z", "2027-02-19T10:00:00Z", "2027-03-12T00:00:00Z"},
			[]string{"2027-03-01T00:00:00Z", "2027-03-01T00:00:00Z", "2027-04-01T00:00:00Z"},
			[]int{12, 12, 13},
		},
		"sent in the month after": {
			"2026-03-02T08:00:00Z", "",
			[]string{"2027-03-01T00:00:00Z", "2027-03-02T08:00:00Z"},
			[]string{"2027-03-01T00:00:00Z", "2027-04-01T00:00:00Z"},
			[]int{12, 13},
		},
		"sent on a leap day": {
			"2028-02-29T08:00:00Z", "",
			[]string{"2027-03-01T00:00:00Z", "2029-02-28T08:00:00Z"},
			[]string{"2027-03-01T00:00:00Z", "2029-03-01T00:00:00Z"},
			[]int{12, 36},
		},
	} {
		t.Run(name, func(t *testing.T) {
			purchase := time.Time{}
			if tt.purchase != "" {
				purchase = at(tt.purchase)
			}
			got := Committed(march, 12, at(tt.handshake), purchase)
			if len(got) != len(tt.ends) {
				t.Fatalf("got %+v", got)
			}
			for i, c := range got {
				if !c.End.Equal(at(tt.ends[i])) || !c.Earliest.Equal(at(tt.earliest[i])) || c.Cycles != tt.cycles[i] {
					t.Errorf("got %+v", c)
				}
			}
		})
	}
}

// plain is a month by itself: how many there have been since the year 0. It shares no code with the calendar.
type plain int

func plainOf(t time.Time) plain { return plain(t.Year()*12 + int(t.Month()) - 1) }

// start is the first instant of the month, reckoned in days.
func (p plain) start() time.Time {
	y, m := int64(p/12), int64(p%12)+1
	if m <= 2 {
		y, m = y-1, m+12
	}
	days := 365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 - 719468
	return time.Unix(days*86400, 0).UTC()
}

// TestPreviewIsMonthArithmetic holds what is previewed for any instant against months that are counted.
func TestPreviewIsMonthArithmetic(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		accept := time.Unix(rapid.Int64Range(946684800, 4102444799).Draw(rt, "accept"), 0).UTC()
		removed := accept.Add(time.Duration(rapid.Int64Range(0, 5*365*86400).Draw(rt, "removed after")) * time.Second)
		d, err := PreviewDates(accept, time.Time{}, 12)
		if err != nil {
			rt.Fatal(err)
		}
		begins := plainOf(accept) + 1
		if !accept.Before(begins.start().Add(-24 * time.Hour)) { // AWS wants a day before the start
			begins++
		}
		if !d.Start.Equal(begins.start()) || !d.AcceptBy.Equal(begins.start().Add(-24*time.Hour-time.Second)) ||
			!d.VendorInvoice.Equal((begins + 1).start()) || !d.CommitmentEnd.Equal((begins + 12).start()) {
			rt.Fatalf("accepted %v: %+v", accept, d)
		}
		r := Removed(d.FirstCharge, removed)
		until := max(plainOf(removed)+1, begins)
		if !r.End.Equal(until.start()) || r.Cycles != int(until-begins) || (r.Cycles > 0) != r.Final.Start().Equal(r.End) {
			rt.Fatalf("removed %v: %+v", removed, r)
		}
		for _, c := range Committed(d.FirstCharge, 12, accept, removed) {
			charged := plainOf(c.Earliest) - begins
			if !c.Earliest.Equal(plainOf(c.Earliest).start()) || c.Earliest.Before(c.End) || !c.Earliest.AddDate(0, -1, 0).Before(c.End) ||
				c.Cycles != max(int(charged), 0) {
				rt.Fatalf("accepted %v, bought %v: %+v", accept, removed, c)
			}
		}
	})
}
