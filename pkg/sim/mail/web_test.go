package mail_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	gomail "github.com/wneessen/go-mail"

	"example.com/handover/pkg/sim/mail"
)

const hostile = `"><script>alert(1)</script>`

// site is an inbox with a mail that means harm.
func site(t *testing.T) (*rig, *httptest.Server, mail.Message) {
	t.Helper()
	r := newRig(t)
	m := newMail(t, "anna@kunde.example", hostile, "See https://handover.example/d/1. "+hostile)
	m.AddAlternativeString(gomail.TypeTextHTML, "<html><head><title>x</title></head><script>alert(2)</script></html>")
	if err := m.AttachReader("a b.html", strings.NewReader("<script>alert(3)</script>"), gomail.WithFileContentType("text/html")); err != nil {
		t.Fatal(err)
	}
	if err := r.send(m); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(r.inbox.Handler())
	t.Cleanup(server.Close)
	return r, server, r.only()
}

func get(t *testing.T, address string, status int) (http.Header, string) {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != status {
		t.Fatalf("%s: status %d: %s", address, resp.StatusCode, body)
	}
	return resp.Header, string(body)
}

func TestPagesEscapeWhatStrangersWrote(t *testing.T) {
	_, server, m := site(t)
	for _, path := range []string{"/", "/messages/" + m.ID, "/?to=" + url.QueryEscape(hostile), "/?message_id=" + url.QueryEscape(hostile)} {
		h, body := get(t, server.URL+path, http.StatusOK)
		if strings.Contains(body, "<script") || !strings.Contains(body, "&lt;script&gt;") {
			t.Errorf("%s: not escaped: %s", path, body)
		}
		if policy := h.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none';") ||
			strings.Contains(policy, "script-src") {
			t.Errorf("%s: policy %q", path, policy)
		}
	}
	_, body := get(t, server.URL+"/messages/"+m.ID, http.StatusOK)
	for _, want := range []string{`sandbox="allow-popups`, m.ID + "/html", `<a href="https://handover.example/d/1" target="_blank"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page of the mail lacks %q", want)
		}
	}
}

func TestPartsAreServedHarmless(t *testing.T) {
	_, server, m := site(t)
	here := server.URL + "/messages/" + m.ID
	for path, want := range map[string]struct{ contentType, disposition, body string }{
		"/html": {
			"text/html; charset=utf-8", "", `<html><head><base target="_blank"><title>x</title></head><script>alert(2)</script></html>`,
		},
		"/attachments/0": {"text/html", `attachment; filename="a b.html"`, "<script>alert(3)</script>"},
		"/raw":           {"message/rfc822", "attachment; filename=" + m.ID + ".eml", ""},
	} {
		h, body := get(t, here+path, http.StatusOK)
		if !strings.Contains(h.Get("Content-Security-Policy"), "; sandbox allow-popups") || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: header %v", path, h)
		}
		if h.Get("Content-Type") != want.contentType || h.Get("Content-Disposition") != want.disposition {
			t.Errorf("%s: header %v", path, h)
		}
		if want.body != "" && strings.TrimSpace(body) != want.body {
			t.Errorf("%s: %q", path, body)
		}
	}
	for _, path := range []string{"/attachments/1", "/attachments/-1", "/attachments/x", "x", "x/html", "x/raw"} {
		get(t, here+path, http.StatusNotFound)
	}
}

func TestPageOfTheInbox(t *testing.T) {
	r, server, m := site(t)
	r.advance(24 * time.Hour)
	if err := r.inbox.Put(letter(r.clock.Now().Add(time.Hour), "Not yet")); err != nil {
		t.Fatal(err)
	}
	if err := r.inbox.Put(letter(time.Time{}, "Verify your account")); err != nil {
		t.Fatal(err)
	}
	if err := r.inbox.Deliver(
		t.Context(), "a@kunde.example", []string{"otto@kunde.example"}, []byte(head+"Message-ID: <"+m.MessageID+">\r\n\r\nAgain"),
	); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]struct{ has, lacks string }{
		"/": {
			"Tuesday, 17 February 2026|Monday, 16 February 2026|Verify your account|Received 2×|3 mails|to anna@kunde.example", "Not yet",
		},
		"/?to=root@kunde.example": {"Verify your account|1 mail|Show all mail", "to anna@"},
		"/?subject=nothing":       {"No mail fits", "Verify"},
		"/?limit=2":               {"The newest 2 mails|Show older mail|limit=4|Verify", "Monday"},
		"/?message_id=" + url.QueryEscape(m.MessageID): {"2 mails with the Message-ID " + m.MessageID, "Verify"},
	} {
		_, body := get(t, server.URL+path, http.StatusOK)
		for part := range strings.SplitSeq(want.has, "|") {
			if !strings.Contains(body, part) {
				t.Errorf("%s lacks %q: %s", path, part, body)
			}
		}
		if strings.Contains(body, want.lacks) {
			t.Errorf("%s has %q", path, want.lacks)
		}
	}
}

func TestAPI(t *testing.T) {
	r, server, m := site(t)
	var list struct{ Messages []mail.Message }
	_, body := get(t, server.URL+"/api/messages?to=anna@kunde.example", http.StatusOK)
	if err := json.Unmarshal([]byte(body), &list); err != nil {
		t.Fatal(err)
	}
	short := m
	short.Text, short.HTML = "", ""
	if diff := cmp.Diff([]mail.Message{short}, list.Messages); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
	var one mail.Message
	_, body = get(t, server.URL+"/api/messages/"+m.ID, http.StatusOK)
	if err := json.Unmarshal([]byte(body), &one); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m, one); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
	if _, body = get(t, server.URL+"/api/messages?to=nobody", http.StatusOK); strings.TrimSpace(body) != `{"messages":[]}` {
		t.Errorf("nothing is %s", body)
	}
	get(t, server.URL+"/api/messages/x", http.StatusNotFound)
	if raw, err := r.inbox.Raw(m.ID); err != nil || !bytes.Contains(raw, []byte(m.MessageID)) {
		t.Errorf("raw %q, %v", raw, err)
	}
}
