package notification_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/services/notifications/internal/notification"
	"example.com/handover/services/notifications/internal/people"
)

var now = time.Date(2026, time.February, 16, 9, 0, 0, 0, time.UTC)

func wish() notification.Wish {
	return notification.Wish{
		TemplateKey: "order-link", CustomerID: "cus_1", Recipient: people.Recipient{Role: people.Primary},
		Params: map[string]string{"product": "Essentials"}, Secrets: map[string]string{"link": "https://example.com/1"},
		Correlation: "ord_1", SubjectID: "ord_1",
	}
}

// in returns a mail in a state.
func in(t *testing.T, s notification.State, repeat bool) *notification.Notification {
	t.Helper()
	n, _, err := notification.New("ntf_1", wish(), repeat, "example.com")
	if err != nil {
		t.Fatal(err)
	}
	if n.State = s; s == notification.Sending {
		n.State = notification.Queued
		n.Intents.Begin(notification.EffectSend, "", "int_1")
	}
	return n
}

var states = []notification.State{
	notification.Queued, notification.Sending, notification.Sent, notification.Failed, notification.Uncertain, notification.Suppressed,
}

// TestTransitions holds every state against every trigger: where it leads, and what it tells.
func TestTransitions(t *testing.T) {
	t.Parallel()
	give := func(code notification.Code) func(*notification.Notification) ([]fact.Fact, error) {
		return func(n *notification.Notification) ([]fact.Fact, error) {
			return n.GiveUp(notification.Failure{Code: code}), nil
		}
	}
	for _, c := range []struct {
		trigger string
		do      func(*notification.Notification) ([]fact.Fact, error)
		want    [6]string // for each of states; empty: nothing changes; !: refused
	}{
		{
			"taken", func(n *notification.Notification) ([]fact.Fact, error) { return n.Taken(2, nil, now), nil },
			[6]string{"SENT sent", "SENT sent"},
		},
		{"refused", give(notification.ProviderRefused), [6]string{"FAILED failed", "FAILED failed"}},
		{"refused address", give(notification.RecipientRefused), [6]string{"FAILED failed", "FAILED failed"}},
		{"broken", give(notification.TemplateBroken), [6]string{"FAILED failed", "UNCERTAIN uncertain"}},
		{"nobody left", give(notification.RecipientMissing), [6]string{"SUPPRESSED suppressed", "UNCERTAIN uncertain"}},
		{"answer lost", give(notification.AnswerLost), [6]string{"UNCERTAIN uncertain", "UNCERTAIN uncertain"}},
		{"suppress", (*notification.Notification).Suppress, [6]string{"SUPPRESSED suppressed", "UNCERTAIN uncertain"}},
		{
			"resend", func(n *notification.Notification) ([]fact.Fact, error) { return n.Resend("they ask") },
			[6]string{"!", "!", "QUEUED resent", "QUEUED resent", "QUEUED resent", "!"},
		},
	} {
		for i, s := range states {
			n := in(t, s, false)
			facts, err := c.do(n)
			if got, want := outcome(s, n, facts, err), c.want[i]; got != want {
				t.Errorf("%s in %s: %q, want %q", c.trigger, s, got, want)
			}
			ended := n.State != notification.Queued
			if n.Standing() != s && ended != (len(n.Secrets) == 0) {
				t.Errorf("%s in %s: the secrets are %v in %s", c.trigger, s, n.Secrets, n.State)
			}
		}
	}
}

func outcome(before notification.State, n *notification.Notification, facts []fact.Fact, err error) string {
	switch {
	case errs.ReasonOf(err) == notification.ReasonStateRefuses:
		return "!"
	case err != nil:
		return err.Error()
	case n.Standing() == before && len(facts) == 0:
		return ""
	case len(facts) == 0:
		return string(n.Standing())
	}
	return fmt.Sprint(n.Standing(), " ", facts[0].Name)
}

// TestResendSuppressed: a mail that nobody was left to get may find somebody now; one that is not wanted is not sent.
func TestResendSuppressed(t *testing.T) {
	t.Parallel()
	for code, want := range map[notification.Code]string{
		notification.RecipientMissing: "QUEUED resent", notification.ReminderStopped: "!",
	} {
		w := wish()
		w.Secrets = nil
		n, _, err := notification.New("ntf_1", w, false, "example.com")
		if err != nil {
			t.Fatal(err)
		}
		n.GiveUp(notification.Failure{Code: code})
		facts, err := n.Resend("there is a contact now")
		if got := outcome(notification.Suppressed, n, facts, err); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}

// TestNoAnswer: an answer that was lost is asked for again only where two mails are better than none, with one Message-ID.
func TestNoAnswer(t *testing.T) {
	t.Parallel()
	n := in(t, notification.Sending, false)
	if got := outcome(notification.Sending, n, n.NoAnswer(), nil); got != "UNCERTAIN uncertain" || n.WantsSending() != nil {
		t.Errorf("a mail that must not come twice is %q", got)
	}
	n = in(t, notification.Queued, true)
	for range 3 {
		if n.WantsSending() == nil {
			t.Fatal("a link is not repeated")
		}
		n.Intents.Begin(notification.EffectSend, "", "int_1")
		n.Ask(1)
		facts := n.NoAnswer()
		n.Intents.End(notification.EffectSend, "")
		if len(facts) != 0 || n.Standing() != notification.Sending {
			t.Errorf("without an answer it is %s, told %v", n.Standing(), facts)
		}
	}
	if n.Attempts != 3 || n.MessageID != "<ntf_1@example.com>" {
		t.Errorf("asked %d times for %s", n.Attempts, n.MessageID)
	}
	if facts := n.GiveUp(notification.Failure{Code: notification.RecipientMissing}); outcome(n.State, n, facts, nil) != "UNCERTAIN uncertain" {
		t.Errorf("a mail that may have been taken before is %s", n.State)
	}
}

func TestSecretsAreForgotten(t *testing.T) {
	t.Parallel()
	n := in(t, notification.Sending, true)
	if n.Taken(1, nil, now); !n.Forgotten() {
		t.Fatalf("the secrets are %v", n.Secrets)
	}
	if _, err := n.Resend("lost"); errs.ReasonOf(err) != notification.ReasonSecretForgotten {
		t.Errorf("resending without the secret: %v", err)
	}
	if !n.Same(wish()) {
		t.Error("the wish of before is not known again")
	}
	for name, change := range map[string]func(*notification.Wish){
		"another secret":   func(w *notification.Wish) { w.Secrets = map[string]string{"link": "https://example.com/2"} },
		"no secret":        func(w *notification.Wish) { w.Secrets = nil },
		"another param":    func(w *notification.Wish) { w.Params = map[string]string{"product": "Other"} },
		"another person":   func(w *notification.Wish) { w.Recipient = people.Recipient{PersonID: "per_1"} },
		"another customer": func(w *notification.Wish) { w.CustomerID = "cus_2" },
	} {
		w := wish()
		if change(&w); n.Same(w) {
			t.Errorf("%s: the same wish", name)
		}
	}
}

// TestAudience: customers read that a mail to their people went out, nothing of how, and nothing of a mail to Operations.
func TestAudience(t *testing.T) {
	t.Parallel()
	for to, sent := range map[people.Recipient]fact.Audience{
		{Role: people.Primary}: fact.Customer, {PersonID: "per_1"}: fact.Customer, {Role: people.Operations}: fact.Operator,
	} {
		w := wish()
		w.Recipient = to
		n, facts, err := notification.New("ntf_1", w, true, "example.com")
		if err != nil {
			t.Fatal(err)
		}
		n.Ask(1)
		more := n.Taken(2, nil, now)
		got := map[string]fact.Audience{}
		for _, f := range append(facts, more...) {
			got[f.Name] = f.Audience
		}
		want := map[string]fact.Audience{"requested": fact.Operator, "sent": sent}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("audiences of %v (-want +got):\n%s", to, diff)
		}
	}
}

// TestNotLetIn: a provider that refuses us ends no mail. It is asked again every hour, Operations is told once and must act, and
// neither a stopped reminder nor an answer finds anything else than in the queue.
func TestNotLetIn(t *testing.T) {
	t.Parallel()
	n := in(t, notification.Queued, false)
	at := now
	for try := range 3 {
		facts := n.NotLetIn("550 5.7.1", at)
		if told := len(facts) == 1 && facts[0].Name == notification.FactHeld && facts[0].Audience == fact.Operator; told != (try == 0) {
			t.Errorf("try %d tells %v", try, facts)
		}
		if n.WaitsFor() != notification.Reseller || !n.Held() || n.Standing() != notification.Queued || n.Forgotten() ||
			n.Failure == nil || n.Failure.Code != notification.SenderDenied || n.Failure.Provider != "550 5.7.1" {
			t.Fatalf("try %d: %+v", try, n)
		}
		wants := n.WantsSending()
		if len(wants) != 1 || !wants[0].At.Equal(at.Add(time.Hour)) {
			t.Fatalf("try %d: it is tried again at %v", try, wants)
		}
		at = wants[0].At
	}
	facts, err := n.Resend("we are off the list")
	if got := outcome(notification.Queued, n, facts, err); got != "QUEUED resent" || n.Held() || n.WaitsFor() != "" || n.Failure != nil {
		t.Errorf("%s: sent again it is %+v", got, n)
	}
	for name, end := range map[string]func(*notification.Notification){
		"SENT": func(n *notification.Notification) { n.Taken(1, nil, now) },
		"FAILED": func(n *notification.Notification) {
			n.GiveUp(notification.Failure{Code: notification.RecipientRefused})
		},
		"SUPPRESSED": func(n *notification.Notification) { n.GiveUp(notification.Failure{Code: notification.ReminderStopped}) },
	} {
		n := in(t, notification.Queued, false)
		n.NotLetIn("550 5.7.1", now)
		if end(n); string(n.Standing()) != name || n.Held() || n.WantsSending() != nil || n.NotLetIn("550 5.7.1", now) != nil {
			t.Errorf("%s: it is %+v", name, n)
		}
	}
}

// TestWaitsFor: a mail that did not surely go out waits for the reseller's people, and no other.
func TestWaitsFor(t *testing.T) {
	t.Parallel()
	for _, s := range states {
		want := ""
		if s == notification.Failed || s == notification.Uncertain {
			want = notification.Reseller
		}
		if got := in(t, s, false).WaitsFor(); got != want {
			t.Errorf("%s waits for %q, want %q", s, got, want)
		}
	}
}
