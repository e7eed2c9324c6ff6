package mail_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/sim/mail"
)

func letter(at time.Time, subject string) mail.Letter {
	return mail.Letter{
		At: at, To: "root@kunde.example", From: "AWS <no-reply@aws.example>", Subject: subject,
		Text: "Überprüfen Sie:\nhttps://console.aws.example/?a=1\n",
	}
}

func TestLetterShowsFromItsTimeOn(t *testing.T) {
	r := newRig(t)
	if err := r.inbox.Put(letter(now.Add(15*time.Minute), "Bestätigen\r\nBcc: x@y.example")); err != nil {
		t.Fatal(err)
	}
	r.restart()
	if n := len(r.inbox.List(mail.Query{})); n != 0 {
		t.Fatalf("%d mails are there too early", n)
	}
	r.advance(15*time.Minute - time.Microsecond)
	if n := len(r.inbox.List(mail.Query{})); n != 0 {
		t.Fatalf("%d mails are there too early", n)
	}
	r.advance(time.Microsecond)
	got := r.only()
	want := mail.Message{
		ID: got.ID, MessageID: got.MessageID, From: "no-reply@aws.example", FromName: "AWS", Sender: "no-reply@aws.example",
		To: []string{"root@kunde.example"}, Subject: "Bestätigen\r\nBcc: x@y.example", ReceivedAt: now.Add(15 * time.Minute),
		Text: "Überprüfen Sie:\nhttps://console.aws.example/?a=1", Source: mail.AWS,
	}
	if diff := cmp.Diff(want, got); diff != "" || got.MessageID == "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
}

func TestLetterToNobody(t *testing.T) {
	r := newRig(t)
	for _, change := range []func(*mail.Letter){
		func(l *mail.Letter) { l.To = "root" },
		func(l *mail.Letter) { l.From = "" },
		func(l *mail.Letter) { l.From = "AWS <aws@localhost>" },
	} {
		l := letter(now, "Hello")
		change(&l)
		if err := r.inbox.Put(l); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%+v: error %v", l, err)
		}
	}
}

// A query is answered newest first by business time, whatever the order in which mails were handed in.
func TestListIsInOrderOfArrival(t *testing.T) {
	r := newRig(t, func(o *mail.Options) { o.Max = 4 })
	for i, minutes := range []int{30, 0, 10, 10, 20} {
		if err := r.inbox.Put(letter(now.Add(time.Duration(minutes)*time.Minute), fmt.Sprint("Letter ", i))); err != nil {
			t.Fatal(err)
		}
	}
	r.advance(time.Hour)
	for _, phase := range []string{"before the restart", "after it"} {
		for _, c := range []struct {
			query mail.Query
			want  []string
		}{
			{mail.Query{}, []string{"Letter 0", "Letter 4", "Letter 3", "Letter 2"}}, // the oldest was given up
			{mail.Query{Limit: 2}, []string{"Letter 0", "Letter 4"}},
			{mail.Query{Subject: "LETTER 3"}, []string{"Letter 3"}},
			{mail.Query{To: "Root@Kunde.example", Limit: 1}, []string{"Letter 0"}},
			{mail.Query{To: "oot@kunde.example"}, nil}, // a whole address is not a part of one
			{mail.Query{To: "@KUNDE", Limit: 1}, []string{"Letter 0"}},
			{mail.Query{MessageID: "unknown"}, nil},
		} {
			var got []string
			for _, m := range r.inbox.List(c.query) {
				got = append(got, m.Subject)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s: %+v: want (-), got (+):\n%s", phase, c.query, diff)
			}
		}
		r.restart()
	}
}

// TestOldMailIsGivenUp: the mailbox of a sandbox whose time passes fast must not grow for ever.
func TestOldMailIsGivenUp(t *testing.T) {
	r := newRig(t, func(o *mail.Options) { o.Keep = 30 * 24 * time.Hour })
	for _, day := range []int{0, 10, 31} {
		r.advance(now.AddDate(0, 0, day).Sub(r.clock.Now()))
		if err := r.inbox.Put(letter(r.clock.Now(), fmt.Sprint("Day ", day))); err != nil {
			t.Fatal(err)
		}
	}
	for _, phase := range []string{"before the restart", "after it"} {
		var got []string
		for _, m := range r.inbox.List(mail.Query{}) {
			got = append(got, m.Subject)
		}
		if diff := cmp.Diff([]string{"Day 31", "Day 10"}, got); diff != "" {
			t.Errorf("%s: want (-), got (+):\n%s", phase, diff)
		}
		r.restart()
	}
}
