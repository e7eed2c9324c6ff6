package mail_test

import (
	"fmt"
	"net/textproto"
	"testing"

	"example.com/handover/pkg/sim/mail"
)

// A client that writes bytes of its own shows what the SMTP side makes of them; the library would not write them.
func TestFormOfTheBytes(t *testing.T) {
	for name, c := range map[string]struct {
		params, data string
		code         int
	}{
		"plain":                {"", head + "\r\nHello\r\n", 250},
		"8 bits as announced":  {" BODY=8BITMIME", head + "Content-Type: text/plain; charset=utf-8\r\n\r\nGrüße\r\n", 250},
		"8 bits unannounced":   {"", head + "\r\nGrüße\r\n", 554},
		"8 bits in the header": {" BODY=8BITMIME", head + "Subject: Grüße\r\n\r\nHello\r\n", 554},
		"a bare line feed":     {"", head + "\r\nHello\nyou\r\n", 554},
		"a bare return":        {"", head + "\r\nHello\ryou\r\n", 554},
		"a NUL":                {"", head + "\r\nHello\x00\r\n", 554},
		"no date":              {"", "From: anna@kunde.example\r\n\r\nHello\r\n", 554},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			conn, err := textproto.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", r.port))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			expect(t, conn, "", 220)
			expect(t, conn, "EHLO localhost\r\n", 250)
			expect(t, conn, "MAIL FROM:<>\r\n", 553)
			expect(t, conn, "MAIL FROM:<anna@kunde.example>"+c.params+"\r\n", 250)
			expect(t, conn, "RCPT TO:<otto@seller.example>\r\n", 250)
			expect(t, conn, "DATA\r\n", 354)
			expect(t, conn, c.data+".\r\n", c.code)
			if n := len(r.inbox.List(mail.Query{})); (n == 1) != (c.code == 250) {
				t.Errorf("%d mails arrived", n)
			}
		})
	}
}

func expect(t *testing.T, conn *textproto.Conn, send string, code int) {
	t.Helper()
	if _, err := conn.W.WriteString(send); err != nil {
		t.Fatal(err)
	}
	if err := conn.W.Flush(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := conn.ReadResponse(code); err != nil {
		t.Fatalf("after %q: %v", send, err)
	}
}
