package catalogue_test

import (
	"testing"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/services/orders/internal/catalogue"
)

func startOfSale() time.Time { return time.Date(2026, time.February, 19, 0, 0, 0, 0, time.UTC) }

func TestSale(t *testing.T) {
	end := startOfSale().AddDate(1, 0, 0)
	for name, tt := range map[string]struct {
		turn      func(*catalogue.Question)
		at        time.Time
		reason    string
		meta, day string // which instant the refusal names
	}{
		"a moment before the start": {
			at: startOfSale().Add(-time.Nanosecond), reason: catalogue.ReasonSaleNotBegun, meta: "sale_start_time", day: "2026-02-19T00:00:00Z",
		},
		"from its first instant on":   {at: startOfSale()},
		"a moment before the end":     {at: end.Add(-time.Nanosecond)},
		"from the instant of the end": {at: end, reason: catalogue.ReasonSaleEnded, meta: "sale_end_time", day: "2027-02-19T00:00:00Z"},
		"a country in which it is not sold, though the seller is present": {
			turn: func(q *catalogue.Question) { q.Window.Countries = []string{"DE"} }, at: startOfSale(), reason: catalogue.ReasonCountryNotServed,
		},
		"a country in which it is sold": {
			turn: func(q *catalogue.Question) { q.Window.Countries = []string{"CH"} }, at: startOfSale(),
		},
		"a country in which it is sold, though no seller is present": {
			turn: func(q *catalogue.Question) { q.CustomerCountry, q.Window.Countries = "FR", []string{"FR"} }, at: startOfSale(),
			reason: catalogue.ReasonCountryNotServed,
		},
		"a partition that was opened": {
			turn: func(q *catalogue.Question) {
				q.Declared.Partition = catalogue.PartitionGovCloud
				q.Window.Partitions = append(q.Window.Partitions, catalogue.PartitionGovCloud)
			},
			at: startOfSale(),
		},
	} {
		t.Run(name, func(t *testing.T) {
			q := clean(t)
			q.Window.Until = end
			if tt.turn != nil {
				tt.turn(&q)
			}
			err := catalogue.Refuse(catalogue.Eligibility(catalogue.StandardRules(), q, tt.at))
			if errs.ReasonOf(err) != tt.reason {
				t.Fatalf("got %v, want %q", err, tt.reason)
			}
			if e, _ := errs.As(err); e != nil && (e.Remedy.Who == "" || e.Meta[tt.meta] != tt.day || e.Remedy.Text.Params["at"] != tt.day) {
				t.Errorf("it says %+v, %+v", e.Meta, e.Remedy)
			}
			if admitted := catalogue.Admit(catalogue.StandardRules(), q, tt.at) == nil; admitted != (tt.reason != catalogue.ReasonSaleEnded) {
				t.Errorf("a draft is admitted: %t", admitted)
			}
			listed := len(catalogue.Offered([]*catalogue.Window{&q.Window}, tt.at)) == 1
			if listed != (tt.reason != catalogue.ReasonSaleEnded) || q.Window.Open(tt.at) != (tt.meta == "") {
				t.Errorf("listed %t, on sale %t", listed, q.Window.Open(tt.at))
			}
		})
	}
}

// Every product has a window of its own, and is sold somewhere.
func TestStandardWindows(t *testing.T) {
	for _, p := range catalogue.Products() {
		if w := catalogue.WindowOf(p.ID, nil); w.Product != p.ID || len(w.Partitions) == 0 {
			t.Errorf("%s: %+v", p.ID, w)
		}
	}
}

func TestSetWindow(t *testing.T) {
	before, later := now.Add(-time.Hour), now.Add(time.Hour)
	aws, reason := []catalogue.Partition{catalogue.PartitionAWS}, "r"
	for name, tt := range map[string]struct {
		was, set catalogue.Window
		reason   string
		facts    int
	}{
		"the sale gets an end": {set: catalogue.Window{Until: later, Partitions: aws, Reason: reason}, facts: 1},
		"the sale begins on another day": {
			was: catalogue.Window{From: later}, set: catalogue.Window{From: later.Add(time.Hour), Partitions: aws, Reason: reason}, facts: 1,
		},
		"a country is opened": {
			was: catalogue.Window{Countries: []string{"DE"}}, set: catalogue.Window{Countries: []string{"CH", "DE"}, Reason: reason}, facts: 1,
		},
		"it has ended and begins again": {
			was: catalogue.Window{Until: before}, set: catalogue.Window{From: later, Partitions: aws, Reason: reason}, facts: 1,
		},
		"the same again": {
			was: catalogue.Window{Until: later, Partitions: aws, Reason: reason},
			set: catalogue.Window{Until: later, Partitions: aws, Reason: reason},
		},
		"no reason":                        {set: catalogue.Window{Until: later}, reason: catalogue.ReasonFieldRequired},
		"it is open and would begin later": {set: catalogue.Window{From: later, Reason: reason}, reason: catalogue.ReasonValidityPast},
		"an end in the past":               {set: catalogue.Window{Until: before, Reason: reason}, reason: catalogue.ReasonValidityPast},
		"an end before the beginning": {
			was: catalogue.Window{From: later}, set: catalogue.Window{From: later, Until: later, Reason: reason},
			reason: catalogue.ReasonValidityEmpty,
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := tt.was
			w.Product = catalogue.ManagedService
			facts, err := w.Set(tt.set, now)
			if errs.ReasonOf(err) != tt.reason || len(facts) != tt.facts {
				t.Fatalf("%v, %v", facts, err)
			}
			if e, _ := errs.As(err); e != nil && e.Remedy == nil {
				t.Error("nobody is told what to do")
			}
			if err == nil && (w.Product != catalogue.ManagedService || !w.Until.Equal(tt.set.Until) || w.Reason != tt.set.Reason) {
				t.Errorf("it is %+v", w)
			}
		})
	}
}
