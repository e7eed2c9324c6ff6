package mail

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"regexp"
	"strings"
	"time"
)

const pageSize = 100 // mails that the page shows at first

// links are what a text mail's reader wants to click on.
var links = regexp.MustCompile(`https?://[^\s<>"']*[^\s<>"'.,;:!?)\]]`)

func functions() template.FuncMap {
	return template.FuncMap{
		"day":     func(t time.Time) string { return t.UTC().Format("Monday, 2 January 2006") },
		"clock":   func(t time.Time) string { return t.UTC().Format("15:04") },
		"instant": func(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") },
		"stamp":   func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"who":     who, "times": func(m Message) int { return m.Duplicates + 1 }, "initial": initial, "tone": tone, "preview": preview,
		"size": size, "pieces": pieces, "join": strings.Join,
	}
}

// list shows the inbox, a day after the other.
func (s web) list(w http.ResponseWriter, r *http.Request) {
	q := query(r.URL.Query())
	if q.Limit == 0 {
		q.Limit = pageSize
	}
	view := listView{Now: s.inbox.options.Now(), Query: q}
	q.Limit++ // one more than is shown tells whether there are more
	messages := s.inbox.List(q)
	if len(messages) == q.Limit {
		messages, view.More = messages[:view.Query.Limit], 2*view.Query.Limit
	}
	view.Shown = len(messages)
	for _, m := range messages {
		view.add(m)
	}
	s.render(w, http.StatusOK, "inbox.html", view)
}

type listView struct {
	Now   time.Time // business time
	Query Query
	Days  []dayView
	Shown int
	More  int // how many to show next; zero: these are all
}

type dayView struct {
	Day      time.Time
	Messages []Message
}

func (v *listView) add(m Message) {
	day := m.ReceivedAt.UTC().Truncate(24 * time.Hour)
	if n := len(v.Days); n == 0 || !v.Days[n-1].Day.Equal(day) {
		v.Days = append(v.Days, dayView{Day: day})
	}
	last := &v.Days[len(v.Days)-1]
	last.Messages = append(last.Messages, m)
}

// message shows one mail.
func (s web) message(w http.ResponseWriter, r *http.Request) {
	m, err := s.inbox.Get(r.PathValue("id"))
	if err != nil {
		s.render(w, http.StatusNotFound, "missing.html", nil)
		return
	}
	raw, _ := s.inbox.Raw(m.ID) // it was there a moment ago; a mail given up meanwhile shows no header
	s.render(w, http.StatusOK, "message.html", struct {
		Message
		Header string
	}{m, header(raw)})
}

// render fills a page whole before the first byte of it is sent.
func (s web) render(w http.ResponseWriter, status int, name string, view any) {
	var buf bytes.Buffer
	if err := s.pages.ExecuteTemplate(&buf, name, view); err != nil {
		s.inbox.options.Log.Error("a page of the inbox cannot be shown", "page", name, "error", err)
		http.Error(w, "the page cannot be shown", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = buf.WriteTo(w)
}

// who is how a list names a sender.
func who(m Message) string {
	if m.FromName != "" {
		return m.FromName
	}
	return m.From
}

func initial(m Message) string {
	for _, r := range strings.ToUpper(who(m)) {
		return string(r)
	}
	return "?"
}

// tone is one of six colours, always the same for a sender.
func tone(m Message) int {
	sum := 0
	for _, b := range []byte(m.From) {
		sum = (31*sum + int(b)) % 6
	}
	return sum
}

// preview is the beginning of the text on one line.
func preview(m Message) string {
	text := []rune(strings.Join(strings.Fields(m.Text), " "))
	return string(text[:min(len(text), 160)])
}

func size(n int) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d bytes", n)
	case n < 1_000_000:
		return fmt.Sprintf("%.0f kB", float64(n)/1e3)
	default:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
}

type piece struct {
	Text string
	Link bool
}

// pieces cuts a text where its links begin and end.
func pieces(text string) []piece {
	var out []piece
	for at := links.FindStringIndex(text); at != nil; at = links.FindStringIndex(text) {
		out = append(out, piece{Text: text[:at[0]]}, piece{Text: text[at[0]:at[1]], Link: true})
		text = text[at[1]:]
	}
	return append(out, piece{Text: text})
}
