package cases

import (
	"testing"
	"time"
)

func TestRefusals(t *testing.T) {
	t.Run("a refused resolve waits, and a later comment is sent all the same", func(t *testing.T) {
		c := recorded(t, "10")
		must(t)(c.AskResolve("done", operator(), now()))
		if facts := c.ResolveRefused(now()); len(facts) != 1 || facts[0].Audience != "OPERATOR" {
			t.Fatalf("told %v", facts)
		}
		if due(c, now()) == "resolve" {
			t.Errorf("it is tried again at once")
		}
		must(t)(c.Say("cmt_1", "One more thing.", person(), now().Add(time.Minute)))
		if got := due(c, now().Add(time.Minute)); got != "comment cmt_1" {
			t.Errorf("got %q", got)
		}
		c.CommentSent("cmt_1")
		for at := now(); ; at = at.Add(5 * time.Minute) {
			if due(c, at) == "resolve" {
				break
			}
			if at.After(now().Add(7 * time.Hour)) {
				t.Fatal("the wish is forgotten")
			}
			c.Record.SyncedAt = at
		}
	})
	t.Run("a refused comment is told to Operations", func(t *testing.T) {
		c := recorded(t, "10")
		must(t)(c.Say("cmt_1", "Hello.", person(), now()))
		if facts := c.CommentRefused("cmt_1"); len(facts) != 1 || facts[0].Audience != "OPERATOR" || facts[0].Details["comment_id"] != "cmt_1" {
			t.Errorf("told %v", facts)
		}
	})
}
