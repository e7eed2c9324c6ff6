package intent_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/intent"
)

func noon() time.Time { return time.Date(2026, time.February, 19, 12, 0, 0, 0, time.UTC) }

func TestARepetitionKeepsItsToken(t *testing.T) {
	var l intent.Ledger
	first := l.Begin("invite", "1", "int_a")
	first.Asked = false
	if again := l.Begin("invite", "1", "int_b"); again.Token != "int_a" || !again.Asked {
		t.Fatalf("the repetition has %+v", again)
	}
	if !l.Asked("invite", "1") || l.Asked("invite", "2") || !l.AnyAsked("invite") || l.AnyAsked("invit") {
		t.Fatalf("the ledger says %v", l)
	}
	l.End("invite", "1")
	if l != nil {
		t.Fatalf("an empty ledger is kept: %v", l)
	}
	if next := l.Begin("invite", "1", "int_b"); next.Token != "int_b" {
		t.Fatalf("a new intent has the token of an old one: %+v", next)
	}
}

func TestPausesGrowAndEnd(t *testing.T) {
	i := &intent.Intent{Asked: true}
	want := []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 6 * time.Hour, 6 * time.Hour}
	for try, pause := range want {
		i.Postpone(intent.Outcome{Class: intent.Unanswered}, noon())
		if got := i.Again.Sub(noon()); got != pause || !i.Asked {
			t.Fatalf("try %d waits %s, asked %t; want %s, asked", try, got, i.Asked, pause)
		}
	}
	i.Postpone(intent.Outcome{Class: intent.Refused}, noon())
	if got := i.Again.Sub(noon()); got != 24*time.Hour || i.Asked {
		t.Fatalf("a refusal waits %s, asked %t", got, i.Asked)
	}
	i.Postpone(intent.Outcome{Class: intent.Later, RetryAfter: 48 * time.Hour}, noon())
	if got := i.Again.Sub(noon()); got != 48*time.Hour {
		t.Fatalf("the advice of the party is not taken: %s", got)
	}
}

// One refusal may be a moment's; what is refused again and again is for people to mend, until the party answers otherwise.
func TestRefusalsAreCounted(t *testing.T) {
	var l intent.Ledger
	i := l.Begin("wish", "mail", "ntf_a")
	for try, c := range []struct {
		class   intent.Class
		refused bool
	}{
		{intent.Refused, false},
		{intent.Denied, false},
		{intent.Unanswered, false},
		{intent.Refused, false},
		{intent.Refused, false},
		{intent.Denied, true},
		{intent.Refused, true},
		{intent.Later, false},
	} {
		if i.Postpone(intent.Outcome{Class: c.class}, noon()); l.Refused() != c.refused {
			t.Errorf("after try %d it is refused for good: %t", try, l.Refused())
		}
	}
}

// A party that lets us in no more is asked at once a few times, and then by the hour, until somebody says that it is mended.
func TestADenialIsRemembered(t *testing.T) {
	var l intent.Ledger
	if !l.Denied().IsZero() {
		t.Fatalf("nothing was denied: %s", l.Denied())
	}
	i := l.Begin("look", "1", "")
	i.Asked = false
	for try := range 5 {
		now := noon().Add(time.Duration(try) * time.Minute)
		if atOnce := i.Deny(now); atOnce != (try < 3) || atOnce != i.Again.IsZero() {
			t.Fatalf("denial %d: at once %t, again at %s", try, atOnce, i.Again)
		}
	}
	if want := noon().Add(4*time.Minute + time.Hour); !i.Again.Equal(want) || !l.Denied().Equal(noon()) {
		t.Fatalf("again at %s, want %s; denied since %s", i.Again, want, l.Denied())
	}
	l.TryDenied()
	if !i.Again.IsZero() || l.Denied().IsZero() {
		t.Fatalf("it is not due, or forgotten that it was denied: %+v", i)
	}
	i.Postpone(intent.Outcome{Class: intent.Unanswered}, noon())
	if !l.Denied().IsZero() {
		t.Fatalf("the party lets us in, and the ledger says since %s that it does not", l.Denied())
	}
}

func TestOutcomesOfPeers(t *testing.T) {
	for _, c := range []struct {
		err  error
		want intent.Class
	}{
		{nil, intent.Done},
		{errs.New(errs.Exists, "ALREADY_EXISTS", "x"), intent.Done},
		{errs.New(errs.Invalid, "REQUEST_INVALID", "x"), intent.Refused},
		{errs.New(errs.Precondition, "STATE_REFUSES", "x"), intent.Refused},
		{errs.New(errs.NotFound, "NOT_FOUND", "x"), intent.Refused},
		{errs.New(errs.Unimplemented, "UNIMPLEMENTED", "x"), intent.Refused},
		{errs.New(errs.Denied, "PERMISSION_DENIED", "x"), intent.Denied},
		{errs.New(errs.Unauthenticated, "UNAUTHENTICATED", "x"), intent.Denied},
		{errs.New(errs.Exhausted, "RATE_LIMITED", "x"), intent.Later},
		{errs.New(errs.Unavailable, "UNAVAILABLE", "x"), intent.Unanswered},
		{errs.New(errs.Deadline, "DEADLINE_EXCEEDED", "x"), intent.Unanswered},
		{context.DeadlineExceeded, intent.Unanswered},
		{errors.New("a bug"), intent.Unanswered},
	} {
		if got := intent.OfPeer(c.err).Class; got != c.want {
			t.Errorf("%v is %s, want %s", c.err, got, c.want)
		}
	}
}

func TestDesiredSet(t *testing.T) {
	reminder := intent.Wish{Key: "remind/accept/1", Kind: intent.Reminder}
	issue := intent.Wish{Key: "case/roles", Kind: intent.Case}
	mail := intent.Wish{Key: "mail/completed", Kind: intent.Mail}
	wanted := []intent.Wish{reminder, issue, mail}
	var has intent.Wishes
	if missing := has.Missing(wanted); len(missing) != 3 {
		t.Fatalf("missing %v", missing)
	}
	for _, w := range wanted {
		has.Granted(w.Key, intent.Wished{ID: "x", Kind: w.Kind})
	}
	if missing, unwanted := has.Missing(wanted), has.Unwanted(wanted); len(missing)+len(unwanted) != 0 {
		t.Fatalf("missing %v, unwanted %v", missing, unwanted)
	}
	if got := has.Unwanted(nil); len(got) != 2 || got[0] != issue.Key || got[1] != reminder.Key {
		t.Fatalf("unwanted are %v: a mail is never taken back, all else is", got)
	}
	has.Over(reminder.Key)
	if missing := has.Missing(wanted); len(missing) != 1 || missing[0].Key != reminder.Key {
		t.Fatalf("what is wanted again is missing: %v", missing)
	}
}

// A key tells effect and subject apart, also when the subject holds the separator.
func TestLedgersAreAskedBySubject(t *testing.T) {
	var l intent.Ledger
	if l.Open("wish") != nil || l.AnyAsked("wish") {
		t.Fatalf("nothing was begun: %v", l)
	}
	for _, subject := range []string{"mail/b", "", "mail/a"} {
		l.Begin("wish", subject, "int_"+subject)
	}
	l.Begin("wishful", "x", "int_x")
	l["wish/mail/b"].Asked = false
	if got := l.Open("wish"); !slices.Equal(got, []string{"", "mail/a"}) {
		t.Errorf("open are %q", got)
	}
	if intent.Key("wish", "") != "wish" || intent.Key("wish", "mail/a") != "wish/mail/a" {
		t.Error("a key is not what the document keeps")
	}
}

func TestWhatRefuses(t *testing.T) {
	for class, refuses := range map[intent.Class]bool{
		intent.Done: false, intent.Refused: true, intent.Denied: true, intent.Later: false, intent.Unanswered: false,
	} {
		if got := (intent.Outcome{Class: class}).Refuses(); got != refuses {
			t.Errorf("%s refuses: %v", class, got)
		}
	}
}

// The party's advice and reason survive the reading of its error.
func TestAPeersAdviceIsKept(t *testing.T) {
	busy := errs.New(errs.Exhausted, "RATE_LIMITED", "too many calls")
	busy.RetryAfter = time.Minute
	if o := intent.OfPeer(busy); o.RetryAfter != time.Minute || o.Reason != "RATE_LIMITED" || o.Message == "" {
		t.Errorf("%+v", o)
	}
	if o := intent.OfPeer(fmt.Errorf("ask: %w", busy)); o.Class != intent.Later || o.RetryAfter != time.Minute {
		t.Errorf("wrapped: %+v", o)
	}
}

func TestTimesOfWants(t *testing.T) {
	if w := intent.Now(); len(w) != 1 || !w[0].At.Equal(intent.Immediately) || w[0].Subject != "" {
		t.Errorf("now is %+v", w)
	}
	if w := intent.At(noon()); len(w) != 1 || !w[0].At.Equal(noon()) {
		t.Errorf("noon is %+v", w)
	}
}
