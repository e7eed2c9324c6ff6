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
	expect := func(want ActionKind, comment string) {
		t.Helper()
		if a := NextAction(c, now()); a.Kind != want || a.Comment.ID != comment {
			t.Fatalf("next is %s %s, want %s %s", a.Kind, a.Comment.ID, want, comment)
		}
	}
	expect(CreateRecord, "")
	must(t)(c.PrepareRecord())
	expect(FindRecord, "")
	must(t)(c.RecordNotFound())
	expect(CreateRecord, "")
	must(t)(c.PrepareRecord())
	must(t)(c.RecordNotSent())
	expect(CreateRecord, "")
	must(t)(c.PrepareRecord())
	must(t)(c.Recorded(at("1"), now()))
	expect(SendComment, "cmt_1")
	must(t)(c.PrepareComment("cmt_1"))
	expect(LookUpComment, "cmt_1")
	must(t)(c.CommentNotSent("cmt_1"))
	expect(SendComment, "cmt_1")
	must(t)(c.PrepareComment("cmt_1"))
	must(t)(c.CommentSent("cmt_1"))
	expect(SendComment, "cmt_2")
	must(t)(c.PrepareComment("cmt_2"))
	must(t)(c.CommentSent("cmt_2"))
	expect(Resolve, "")
	must(t)(c.Observe(at("6"), nil, now()))
	expect(None, "")
	if !c.Repeated {
		t.Error("it is forgotten that the record was asked for twice")
	}
}

func TestFoundAgainIsReadAtOnce(t *testing.T) {
	c := opened(t, question())
	must(t)(c.PrepareRecord())
	seen := at("10")
	seen.ModCount = 2
	must(t)(c.Recorded(seen, now()))
	if a := NextAction(c, now()); a.Kind != ReadRecord {
		t.Errorf("next is %q", a.Kind)
	}
	must(t)(c.Observe(seen, Journal{}, now()))
	if a := NextAction(c, now()); a.Kind != None {
		t.Errorf("next is %q", a.Kind)
	}
}

// TestBeat: minutes while something happens, six hours at most, for ever until it is done.
func TestBeat(t *testing.T) {
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
		if got := Next(c).Sub(at); got != step.want {
			t.Errorf("after %s of quiet the next look is after %s, want %s", step.quiet, got, step.want)
		}
	}
	must(t)(c.Observe(unchanged(c), Journal{{ID: "e", At: now()}}, now().Add(91*24*time.Hour)))
	if got := Next(c).Sub(c.Record.SyncedAt); got != 5*time.Minute {
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
	for next := Next(c); !next.IsZero(); next = Next(c) {
		if looks++; looks > 500 {
			t.Fatal("it never ends")
		}
		must(t)(c.Observe(at("6"), nil, next))
	}
	if last := c.Record.SyncedAt.Sub(now()); last < 13*24*time.Hour || last > 14*24*time.Hour {
		t.Errorf("it is followed for %s, in %d looks", last, looks)
	}
	for _, state := range []string{"3", "7"} {
		if next := Next(recorded(t, state)); !next.IsZero() {
			t.Errorf("state %s: next is %s", state, next)
		}
	}
}
