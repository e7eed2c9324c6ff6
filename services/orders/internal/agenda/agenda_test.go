package agenda_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/services/orders/internal/agenda"
)

// source is a service that lists numbers in order, and goes on after a token.
type source []int

func (s source) page(token string, size int) agenda.Page[int] {
	from := 0
	if token != "" {
		from, _ = strconv.Atoi(token)
	}
	to := min(from+size, len(s))
	p := agenda.Page[int]{}
	if to < len(s) {
		p.Next = strconv.Itoa(to)
	}
	for i := from; i < to; i++ {
		p.Entries = append(p.Entries, agenda.Entry[int]{Urgency: int64(s[i]), ID: fmt.Sprint(s[i]), Token: strconv.Itoa(i + 1), Doc: s[i]})
	}
	return p
}

// TestMerge: whatever each service has, and however long the pages are, they hold everything once and in order.
func TestMerge(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for range 200 {
		sources, want := map[string]source{}, []int{}
		for n := range random.IntN(60) {
			name := strconv.Itoa(random.IntN(4))
			sources[name], want = append(sources[name], n), append(want, n)
		}
		got, token, size := []int{}, "", 1+random.IntN(9)
		for {
			from, err := agenda.Read(token)
			if err != nil {
				t.Fatal(err)
			}
			pages := map[string]agenda.Page[int]{}
			for name, s := range sources {
				pages[name] = s.page(from[name].Token, size)
			}
			page, next, more := agenda.Merge(pages, from, size)
			if got = append(got, page...); !more {
				break
			}
			if len(page) != size {
				t.Fatalf("a page of %d has %d, and there are others", size, len(page))
			}
			if token, err = next.Write(); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("by pages of %d: %v, want %v", size, got, want)
		}
	}
}

// TestAbsent: what a service has is not lost because it does not answer for a while.
func TestAbsent(t *testing.T) {
	t.Parallel()
	a, b := source{1, 3, 5, 7}, source{2, 4}
	_, next, _ := agenda.Merge(map[string]agenda.Page[int]{"a": a.page("", 2)}, agenda.Tokens{}, 2)
	page, next, _ := agenda.Merge(map[string]agenda.Page[int]{"a": a.page(next["a"].Token, 2), "b": b.page(next["b"].Token, 2)}, next, 2)
	if !slices.Equal(page, []int{2, 4}) {
		t.Errorf("the second page is %v", page)
	}
	page, _, more := agenda.Merge(map[string]agenda.Page[int]{"a": a.page(next["a"].Token, 2), "b": b.page(next["b"].Token, 2)}, next, 2)
	if !slices.Equal(page, []int{5, 7}) || more {
		t.Errorf("the third page is %v, with others: %v", page, more)
	}
}

// TestCutOff: a service that goes away before all of it was shown keeps its place, and the list does not end without it.
func TestCutOff(t *testing.T) {
	t.Parallel()
	a, b := source{1, 2, 5}, source{3, 4}
	_, next, more := agenda.Merge(map[string]agenda.Page[int]{"a": a.page("", 2), "b": b.page("", 2)}, agenda.Tokens{}, 2)
	if !more {
		t.Fatal("the list ends")
	}
	page, next, more := agenda.Merge(map[string]agenda.Page[int]{"a": a.page(next["a"].Token, 2)}, next, 2) // of b nothing was shown
	if !slices.Equal(page, []int{5}) || !more {
		t.Errorf("without b it shows %v, with others: %v", page, more)
	}
	page, next, more = agenda.Merge(map[string]agenda.Page[int]{"b": b.page(next["b"].Token, 2)}, next, 2) // a has shown all
	if !slices.Equal(page, []int{3, 4}) || more {
		t.Errorf("without a it shows %v, with others: %v, %v", page, more, next)
	}
}

// TestUnreadable: a service that can read nothing of a page that it has goes on with the next one.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	page, next, more := agenda.Merge(map[string]agenda.Page[int]{"a": {Next: "2"}}, agenda.Tokens{}, 2)
	if len(page) != 0 || !more || next["a"].Token != "2" {
		t.Errorf("the page is %v, it goes on at %v: %v", page, next, more)
	}
}

func TestForeignTokens(t *testing.T) {
	t.Parallel()
	for _, token := range []string{"x", "e30", "W10"} { // no JSON, {}, []
		if _, err := agenda.Read(token); errs.ReasonOf(err) != "PAGE_TOKEN_INVALID" {
			t.Errorf("%q: %v", token, err)
		}
	}
}
