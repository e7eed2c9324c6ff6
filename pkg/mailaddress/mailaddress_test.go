package mailaddress_test

import (
	"errors"
	netmail "net/mail"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.com/handover/pkg/mailaddress"
)

func TestASCII(t *testing.T) {
	for given, want := range map[string]string{
		"pat@example.com":               "pat@example.com",
		" pat@example.com\n":            "pat@example.com",
		"Pat.O'Hara+aws@EXAMPLE.com":    "Pat.O'Hara+aws@example.com",
		"pat@bücher.example":            "pat@xn--bcher-kva.example",
		"pat@BÜCHER.example":            "pat@xn--bcher-kva.example",
		"pat@straße.example":            "pat@xn--strae-oqa.example", // not "strasse": another domain
		"pat@xn--bcher-kva.example":     "pat@xn--bcher-kva.example",
		"pat@例え。テスト":                    "pat@xn--r8jz45g.xn--zckzah",
		"!def!xyz%abc=$|{}@example.com": "!def!xyz%abc=$|{}@example.com",
	} {
		if got, err := mailaddress.ASCII(given); got != want || err != nil {
			t.Errorf("%q travels as %q, %v; want %q", given, got, err, want)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	for given, want := range map[string]error{
		"":                                       mailaddress.ErrForm,
		"pat":                                    mailaddress.ErrForm,
		"@example.com":                           mailaddress.ErrForm,
		"pat@":                                   mailaddress.ErrForm,
		"a..b@example.jp":                        mailaddress.ErrLocal,
		"docomo.@example.jp":                     mailaddress.ErrLocal,
		".pat@example.com":                       mailaddress.ErrLocal,
		`"john..doe"@example.org`:                mailaddress.ErrLocal,
		"jürg@example.com":                       mailaddress.ErrLocal,
		"pat@x@example.com":                      mailaddress.ErrLocal,
		"Pat <pat@example.com>":                  mailaddress.ErrLocal,
		"pat\r\nBcc:eve@example.com":             mailaddress.ErrLocal,
		"root@localhost":                         mailaddress.ErrDomain,
		"pat@[192.0.2.1]":                        mailaddress.ErrDomain,
		"pat@192.0.2.1":                          mailaddress.ErrDomain,
		"pat@example..com":                       mailaddress.ErrDomain,
		"pat@example.com.":                       mailaddress.ErrDomain,
		"pat@-example.com":                       mailaddress.ErrDomain,
		"pat@exa mple.com":                       mailaddress.ErrDomain,
		"pat@ex_ample.com":                       mailaddress.ErrDomain,
		"pat@a\u200bb\u202e.com":                 mailaddress.ErrDomain,
		strings.Repeat("x", 65) + "@example.com": mailaddress.ErrLong,
		"pat@" + strings.Repeat("x", 64) + ".com":                                              mailaddress.ErrDomain,
		strings.Repeat("x", 64) + "@" + strings.Repeat(strings.Repeat("y", 46)+".", 4) + "com": mailaddress.ErrLong,
	} {
		if got, err := mailaddress.ASCII(given); got != "" || !errors.Is(err, want) {
			t.Errorf("%q is %q, %v; want %v", given, got, err, want)
		}
	}
}

// What is taken is what the mailer's library reads, unchanged, and is taken again as it travels.
func TestTheMailerReadsWhatIsTaken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		given := rapid.StringMatching(`[a-zA-Z.!+"'-]{1,10}@[a-zß.ü。-]{1,8}\.[a-z0-9]{2,4}`).Draw(t, "address")
		ascii, err := mailaddress.ASCII(given)
		if err != nil {
			return
		}
		if parsed, err := netmail.ParseAddress(ascii); err != nil || parsed.Address != ascii {
			t.Fatalf("%q travels as %q, which the mailer reads as %v, %v", given, ascii, parsed, err)
		}
		if again, err := mailaddress.ASCII(ascii); again != ascii || err != nil {
			t.Fatalf("%q travels as %q, and that as %q, %v", given, ascii, again, err)
		}
	})
}

func TestKey(t *testing.T) {
	for _, spelt := range []string{"pat@bücher.example", " Pat@BÜCHER.example", "PAT@xn--bcher-kva.EXAMPLE"} {
		if got := mailaddress.Key(spelt); got != "pat@xn--bcher-kva.example" {
			t.Errorf("%q has the key %q", spelt, got)
		}
	}
	if got := mailaddress.Key(" No Address "); got != "no address" {
		t.Errorf("what is no address has the key %q", got)
	}
}
