package mail_test

import (
	"strings"
	"testing"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/sim/mail"
)

const head = "From: Anna <anna@kunde.example>\r\nDate: Mon, 16 Feb 2026 10:00:00 +0100\r\n"

func TestFormOfDeliveredMail(t *testing.T) {
	for name, c := range map[string]struct{ raw, reason, text, html, file string }{
		"text alone":     {raw: head + "\r\nHello\r\n", text: "Hello"},
		"without a body": {raw: head + "\r\n"},
		"latin-1": {
			raw:  head + "Content-Type: text/plain; charset=ISO-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=DFe",
			text: "Grüße",
		},
		"invalid UTF-8": {raw: head + "Content-Type: text/plain; charset=utf-8\r\n\r\na\xffb", text: "a\uFFFDb"},
		"HTML in base64": {
			raw: head + "Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+\r\nSGk8L2I+\r\n", html: "<b>Hi</b>",
		},
		"a file from a folder":   {raw: head + "Content-Type: application/pdf; name=\"..\\\\..\\\\a.pdf\"\r\n\r\n%PDF", file: "a.pdf"},
		"a file without a name":  {raw: head + "Content-Type: application/pdf\r\n\r\n%PDF", file: "attachment-1"},
		"a mail in a mail":       {raw: head + "Content-Type: message/rfc822\r\n\r\n" + head + "\r\nInner", file: "attachment-1"},
		"nobody wrote it":        {raw: "Date: Mon, 16 Feb 2026 10:00:00 +0100\r\n\r\nHello", reason: "MESSAGE_MALFORMED"},
		"never written":          {raw: "From: a@kunde.example\r\n\r\nHello", reason: "MESSAGE_MALFORMED"},
		"no header at all":       {raw: "Hello", reason: "MESSAGE_MALFORMED"},
		"parts without an end":   {raw: head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello", reason: "MESSAGE_MALFORMED"},
		"parts without boundary": {raw: head + "Content-Type: multipart/mixed\r\n\r\nHello", reason: "MESSAGE_MALFORMED"},
		"broken base64":          {raw: head + "Content-Transfer-Encoding: base64\r\n\r\n!!!", reason: "MESSAGE_MALFORMED"},
		"an unknown encoding":    {raw: head + "Content-Transfer-Encoding: rot13\r\n\r\nUryyb", reason: "MESSAGE_MALFORMED"},
		"too large":              {raw: head + "\r\n" + strings.Repeat("a", 11<<20), reason: "MESSAGE_TOO_LARGE"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			err := r.inbox.Deliver(t.Context(), "anna@kunde.example", []string{"otto@seller.example"}, []byte(c.raw))
			if errs.ReasonOf(err) != c.reason || (c.reason == "") != (err == nil) {
				t.Fatalf("error %v, want reason %q", err, c.reason)
			}
			if err != nil {
				return
			}
			got, file := r.only(), ""
			for _, a := range got.Attachments {
				file += a.Name
			}
			if got.Text != c.text || got.HTML != c.html || file != c.file || got.Source != mail.SES {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestDeliveryIsForAllOrNone(t *testing.T) {
	r := newRig(t)
	for to, kind := range map[string]errs.Kind{
		"otto@bounce.example.com": errs.Precondition,
		"otto@later.example.com":  errs.Unavailable,
		"otto@@seller.example":    errs.Invalid,
		"\"otto\"@seller.example": errs.Invalid,
	} {
		err := r.inbox.Deliver(t.Context(), "anna@kunde.example", []string{"anna@kunde.example", to}, []byte(head+"\r\nHello"))
		if err == nil || errs.KindOf(err) != kind {
			t.Errorf("%s: error %v, want kind %d", to, err, kind)
		}
	}
	if n := len(r.inbox.List(mail.Query{})); n != 0 {
		t.Errorf("%d mails arrived", n)
	}
}
