package main

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/handover/pkg/id"
)

// TestTheFiguresOfTheWholeSuite runs those that host several services, once and small: what they host, and what it
// needs to be told, changes with the suite. Each checks by itself that what it has measured has happened.
func TestTheFiguresOfTheWholeSuite(t *testing.T) {
	of := []string{"downstream", "events", "gateway", "billing", "mail", "stored", "looks", "lists"}
	for _, f := range figures() {
		if !slices.Contains(of, f.name) {
			continue
		}
		t.Run(f.name, func(t *testing.T) {
			b := testBench(t)
			b.servers, b.plan.Length = []server{b.sqlite()}, 10*time.Millisecond
			b.size.callers, b.size.ordersAtOnce = [3]int{1, 2, 3}, 2
			must(t, f.measure(b, t.Context()))
			if len(b.results) == 0 {
				t.Error("nothing was measured")
			}
			for _, r := range b.results {
				if v := r.Product.Median; r.Against == "" && v <= 0 {
					t.Errorf("%s, %s: the value is %v", r.Figure, r.Unit, v)
				}
				if v := r.Ratio.Median; r.Against != "" && (math.IsNaN(v) || math.IsInf(v, 0) || v <= 0) {
					t.Errorf("%s, %s: the ratio is %v", r.Figure, r.Unit, v)
				}
			}
		})
	}
}

// TestTheBareMailIsTheSame compares what the yardstick hands in with what the suite does.
func TestTheBareMailIsTheSame(t *testing.T) {
	b := testBench(t)
	at, err := b.newFolder()
	must(t, err)
	s, err := b.newSuite(t.Context(), at)
	must(t, err)
	mails := &mailer{suite: s}
	bare, err := newBareMailer(t.Context(), mails)
	must(t, err)
	copies, err := bare.copies(1, mails.nextSubject())
	must(t, err)
	must(t, bare.sendAll(t.Context(), copies))
	arrived, err := mails.arrived(t.Context())
	must(t, err)
	if len(arrived) != 1 {
		t.Fatalf("%d mails have arrived", len(arrived))
	}
	got, err := mails.raw(t.Context(), arrived[0])
	must(t, err)
	if diff := cmp.Diff(alike(bare.sample), alike(got)); diff != "" {
		t.Errorf("(-suite +bare):\n%s", diff)
	}
}

// alike is a mail's lines without what tells two mails apart, in any order: headers have none.
func alike(mail string) []string {
	own := regexp.MustCompile("batch_[0-9]{6}|ntf_" + id.Pattern)
	lines := strings.Fields(own.ReplaceAllString(strings.ReplaceAll(mail, " ", "_"), ""))
	slices.Sort(lines)
	return lines
}
