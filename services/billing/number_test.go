package billing_test

import (
	"slices"
	"sync"
	"testing"

	"example.com/handover/pkg/id"
	"example.com/handover/services/billing"
	"example.com/handover/services/billing/internal/invoice"
)

// TestNumbers: the numbers of a seller have no hole, whatever is undone, and begin anew with the year.
func TestNumbers(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	seller, other := id.New("sel"), id.New("sel")
	give := func(seller string, year int, undo bool, want string) {
		t.Helper()
		number, err := billing.GiveNumber(t.Context(), a.env.DB, seller, year, undo)
		if number != want || (err != nil) != undo {
			t.Errorf("got %s (%v), want %s", number, err, want)
		}
	}
	give(seller, 2026, false, "2026-000001")
	give(seller, 2026, true, "2026-000002")
	give(other, 2026, false, "2026-000001")
	give(seller, 2026, false, "2026-000002")
	give(seller, 2027, false, "2027-000001")
	give(seller, 2026, false, "2026-000003")
}

// TestNumbersTogether: invoices that are issued at once, some of them undone, have numbers without a hole.
func TestNumbersTogether(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	seller, given := id.New("sel"), make(chan string, 40)
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			if number, err := billing.GiveNumber(t.Context(), a.env.DB, seller, 2026, i%4 == 0); err == nil {
				given <- number
			}
		})
	}
	all.Wait()
	close(given)
	var numbers []string
	for number := range given {
		numbers = append(numbers, number)
	}
	slices.Sort(numbers)
	for i, number := range numbers {
		if number != invoice.Number(2026, int64(i+1)) {
			t.Fatalf("numbers %v", numbers)
		}
	}
	if len(numbers) != 30 {
		t.Errorf("%d numbers, want 30", len(numbers))
	}
}
