package cases

import (
	"fmt"
	"testing"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/text"
)

func TestWhoSaidIt(t *testing.T) {
	behalf := service()
	behalf.OnBehalfOf = "operator-1"
	for _, c := range []struct {
		by   call.Actor
		want Party
	}{
		{person(), Customer}, {call.Actor{Role: "PARTNER"}, Customer}, {operator(), Reseller}, {service(), Platform}, {behalf, Reseller},
	} {
		k := recorded(t, "10")
		if got := must(t)(k.Say("cmt_1", "hello", c.by, now())); got != "commented/CUSTOMER" || k.Comments[0].Side != c.want {
			t.Errorf("%v: %s, side %s, want %s", c.by, got, k.Comments[0].Side, c.want)
		}
	}
}

// TestCommentsAreMarked: what ServiceNow gets of a comment tells it from every other one, also of the same words.
func TestCommentsAreMarked(t *testing.T) {
	k := recorded(t, "10")
	must(t)(k.Say("cmt_1", "ok", person(), now()))
	must(t)(k.Say("cmt_2", "ok", person(), now()))
	for _, id := range []string{"cmt_1", "cmt_2"} {
		if got := k.CommentText(id); !got.Equal(text.New("record.comment", "text", "ok", "comment", id)) {
			t.Errorf("%s is sent as %v", id, got)
		}
	}
	if got := k.CommentText("cmt_none"); !got.IsZero() {
		t.Errorf("a comment that is not there is sent as %v", got)
	}
}

func TestRefusedCommentIsNotSentAgain(t *testing.T) {
	k := recorded(t, "10")
	must(t)(k.Say("cmt_1", "hello", person(), now()))
	k.CommentRefused("cmt_1")
	k.CommentSent("cmt_1") // an answer that comes too late changes nothing
	if got := due(k, now()); got != "look" || k.Comments[0].Sent {
		t.Errorf("next is %q, %+v", got, k.Comments[0])
	}
	if facts := k.CommentRefused("cmt_1"); facts != nil {
		t.Errorf("it is told twice: %v", facts)
	}
}

// TestJournalIsHeardOnce: reading overlaps, so that what turns up late is heard, and nothing is heard twice.
func TestJournalIsHeardOnce(t *testing.T) {
	k := recorded(t, "10")
	entry := func(id string, after time.Duration) Entry { return Entry{ID: id, Text: id, At: now().Add(after)} }
	seen := at("10")
	for i, step := range []struct {
		journal Journal
		want    string
	}{
		{Journal{}, ""},
		{Journal{entry("a", 0), entry("b", time.Minute)}, "commented/CUSTOMER commented/CUSTOMER"},
		{Journal{entry("a", 0), entry("late", 30*time.Second), entry("b", time.Minute)}, "commented/CUSTOMER"},
		{Journal{entry("old", -time.Hour), entry("b", time.Minute)}, ""},
	} {
		seen.ModCount = int64(i + 1)
		if !k.Hears(seen) {
			t.Errorf("%d: a changed record is not listened to", i)
		}
		if got := must(t)(k.Observe(seen, step.journal, now())); got != step.want {
			t.Errorf("%d: %q, want %q", i, got, step.want)
		}
		if k.Hears(seen) {
			t.Errorf("%d: an unchanged record is listened to again", i)
		}
	}
	var order string
	for _, m := range k.Comments {
		order += m.ID + " "
		if m.Side != Reseller || !m.Sent {
			t.Errorf("%+v", m)
		}
	}
	if order != "a late b " {
		t.Errorf("in the order %s", order)
	}
}

// TestOldCommentsGo, but none that ServiceNow is still to get; and of those there cannot be too many.
func TestOldCommentsGo(t *testing.T) {
	k := recorded(t, "10")
	for i := range commentsWaiting {
		must(t)(k.Say(fmt.Sprintf("cmt_%d", i), "waits", person(), now()))
	}
	_, err := k.Say("cmt_more", "one more", person(), now())
	refused(t, err, ReasonStateRefuses)
	var journal Journal
	for i := range 80 {
		journal = append(journal, Entry{ID: fmt.Sprintf("e%d", i), At: now().Add(time.Duration(i) * time.Second)})
	}
	must(t)(k.Observe(at("10"), journal, now()))
	waiting := 0
	for _, m := range k.Comments {
		if m.waits() {
			waiting++
		}
	}
	if len(k.Comments) != commentsKept || waiting != commentsWaiting || k.comment("e0") != nil || k.comment("e79") == nil {
		t.Errorf("%d comments are kept, %d of them wait", len(k.Comments), waiting)
	}
}
