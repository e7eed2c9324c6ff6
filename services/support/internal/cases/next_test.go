package cases

import (
	"testing"
	"time"
)

// TestOneThingAfterAnother walks a case through everything that it wants done.
func TestOneThingAfterAnother(t *testing.T) {
	c := opened(t, question())
	must(t)(c.Say("cmt_1", "first", person(), now()))
	must(t)(c.Say("cmt_2", "second", person(), now()))
	must(t)(c.AskResolve("done", operator(), now()))
	expect := func(want string) {
		t.Helper()
		if got := due(c, now()); got != want {
			t.Fatalf("next is %q, want %q", got, want)
		}
	}
	expect("record")
	c.RecordAbsent()
	expect("record")
	must(t)(c.Recorded(at("1"), now()))
	expect("comment cmt_1")
	c.CommentSent("cmt_1")
	expect("comment cmt_2")
	c.CommentSent("cmt_2")
	expect("resolve")
	must(t)(c.Observe(at("6"), nil, now()))
	expect("")
	if !c.Repeated {
		t.Error("it is forgotten that the record was asked for twice")
	}
}

func TestFoundAgainIsReadAtOnce(t *testing.T) {
	c := opened(t, question())
	seen := at("10")
	seen.ModCount = 2
	must(t)(c.Recorded(seen, now()))
	if got := due(c, now()); got != "look" {
		t.Errorf("next is %q", got)
	}
	must(t)(c.Observe(seen, Journal{}, now()))
	if got := due(c, now()); got != "" {
		t.Errorf("next is %q", got)
	}
}

// TestInterval: minutes while something happens, six hours at most, for ever until it is done.
func TestInterval(t *testing.T) {
	c := recorded(t, "10")
	for _, step := range []struct{ quiet, want time.Duration }{
		{0, 5 * time.Minute},
		{30 * time.Minute, 5 * time.Minute},
		{8 * time.Hour, time.Hour},
		{48 * time.Hour, 6 * time.Hour},
		{90 * 24 * time.Hour, 6 * time.Hour},
	} {
		at := now().Add(step.quiet)
		must(t)(c.Observe(unchanged(c), nil, at))
		if got := nextLook(c).Sub(at); got != step.want {
			t.Errorf("after %s of quiet the next look is after %s, want %s", step.quiet, got, step.want)
		}
	}
	must(t)(c.Observe(unchanged(c), Journal{{ID: "e", At: now()}}, now().Add(91*24*time.Hour)))
	if got := nextLook(c).Sub(c.Record.SyncedAt); got != 5*time.Minute {
		t.Errorf("after a comment the next look is after %s", got)
	}
}

func unchanged(c *Case) Seen {
	return Seen{Ref: c.Record.Ref, Number: c.Record.Number, State: c.Record.State}
}

// TestResolvedIsLeftAlone after two weeks, and an ended case at once.
func TestResolvedIsLeftAlone(t *testing.T) {
	c := recorded(t, "6")
	looks := 0
	for next := nextLook(c); !next.IsZero(); next = nextLook(c) {
		if looks++; looks > 500 {
			t.Fatal("it never ends")
		}
		must(t)(c.Observe(at("6"), nil, next))
	}
	if last := c.Record.SyncedAt.Sub(now()); last < 13*24*time.Hour || last > 14*24*time.Hour {
		t.Errorf("it is followed for %s, in %d looks", last, looks)
	}
	for _, state := range []string{"3", "7"} {
		if got := due(recorded(t, state), now().AddDate(1, 0, 0)); got != "" {
			t.Errorf("state %s: next is %s", state, got)
		}
	}
}
